extension NetworkAddress: CustomStringConvertible {
  /// Dotted, or as RFC 5952 writes it; a range with its prefix length.
  var description: String {
    let address = isVersion4 ? bytes.map { "\($0)" }.joined(separator: ".") : version6Text
    return prefixLength.map { "\(address)/\($0)" } ?? address
  }

  /// The longest run of at least two zero groups, the first of equally long ones, becomes `::`.
  private var version6Text: String {
    let groups = stride(from: 0, to: 16, by: 2).map {
      UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
    }
    var longest = 0..<0
    var start = 0
    for (index, group) in groups.enumerated() {
      if group != 0 {
        start = index + 1
      } else if index + 1 - start > max(longest.count, 1) {
        longest = start..<index + 1
      }
    }
    func text(_ groups: ArraySlice<UInt16>) -> String {
      groups.map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard !longest.isEmpty else { return text(groups[...]) }
    return "\(text(groups[..<longest.lowerBound]))::\(text(groups[longest.upperBound...]))"
  }

  /// Nil if the text is no address: one with a zone or with a dotted tail is none. An IPv4 address
  /// mapped into IPv6 (`::ffff:c0a8:1`) is the IPv4 address.
  init?(address text: String) {
    let bytes = Array(text.utf8)
    let address =
      bytes.contains(UInt8(ascii: ":")) ? Self.version6(bytes[...]) : Self.version4(bytes[...])
    guard let address else { return nil }
    self.init(bytes: address)
    let mark: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]
    if address.starts(with: mark) { self.bytes = Array(address[12...]) }
  }

  /// Nil if the text is no address, a slash and a prefix length without leading zeros. Bits behind
  /// the prefix may be set.
  init?(range text: String) {
    let parts = text.utf8.split(
      separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let bytes = Self.address(String(Substring(parts[0]))),
      let length = Self.number(Array(parts[1])[...], most: 3),
      length <= bytes.count * 8
    else { return nil }
    self.init(bytes: bytes, prefixLength: length)
  }

  /// The bytes of an address that is not mapped.
  private static func address(_ text: String) -> [UInt8]? {
    let bytes = Array(text.utf8)
    guard let address = NetworkAddress(address: text) else { return nil }
    let isMapped = address.isVersion4 && bytes.contains(UInt8(ascii: ":"))
    return isMapped ? nil : address.bytes
  }

  private static func version4(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    let numbers = parts.compactMap { number($0, most: 3) }.filter { $0 < 256 }
    return numbers.count == 4 ? numbers.map { UInt8($0) } : nil
  }

  private static func version6(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    let colon = UInt8(ascii: ":")
    let starts = text.indices.dropLast()
    guard let gap = starts.first(where: { text[$0] == colon && text[$0 + 1] == colon }) else {
      guard let groups = groups(text), groups.count == 8 else { return nil }
      return groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    }
    guard let head = groups(text[..<gap]), let tail = groups(text[(gap + 2)...]),
      head.count + tail.count < 8
    else { return nil }
    let zeros = [UInt16](repeating: 0, count: 8 - head.count - tail.count)
    return (head + zeros + tail).flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
  }

  /// Groups of one to four hexadecimal digits between single colons; none in an empty text.
  private static func groups(_ text: ArraySlice<UInt8>) -> [UInt16]? {
    guard !text.isEmpty else { return [] }
    var groups: [UInt16] = []
    for part in text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
      guard (1...4).contains(part.count), part.first != UInt8(ascii: "+"),
        let group = UInt16(String(decoding: part, as: UTF8.self), radix: 16)
      else { return nil }
      groups.append(group)
    }
    return groups
  }

  /// A decimal number of so many digits at most, without leading zeros.
  private static func number(_ text: ArraySlice<UInt8>, most: Int) -> Int? {
    guard (1...most).contains(text.count), text.count == 1 || text.first != UInt8(ascii: "0"),
      text.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
    else { return nil }
    return text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}
