/// The escapes of JSON strings.
enum StringEscapes {
  /// The UTF-8 of a string's inner bytes, whose escapes are well-formed; nil if a surrogate stands
  /// alone.
  static func resolved(_ inner: ArraySlice<UInt8>) -> [UInt8]? {
    var output: [UInt8] = []
    output.reserveCapacity(inner.count)
    var index = inner.startIndex
    while index < inner.endIndex {
      guard inner[index] == UInt8(ascii: "\\") else {
        output.append(inner[index])
        index += 1
        continue
      }
      if inner[index + 1] != UInt8(ascii: "u") {
        output.append(plain(inner[index + 1]))
        index += 2
        continue
      }
      guard let (scalar, length) = scalar(inner[index...]) else { return nil }
      output.append(contentsOf: Unicode.UTF8.encode(scalar) ?? .init())
      index += length
    }
    return output
  }

  private static func plain(_ letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: letter
    }
  }

  /// The scalar that one `\uXXXX` or a pair of them spells, and its length here.
  private static func scalar(_ rest: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
    let high = unit(rest.dropFirst(2))
    if let scalar = Unicode.Scalar(high) { return (scalar, 6) }
    let second = rest.dropFirst(6)
    guard high < 0xDC00, second.starts(with: "\\u".utf8) else { return nil }
    let low = unit(second.dropFirst(2))
    guard (0xDC00...0xDFFF).contains(low) else { return nil }
    let code = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
    return Unicode.Scalar(code).map { ($0, 12) }
  }

  private static func unit(_ digits: ArraySlice<UInt8>) -> UInt16 {
    digits.prefix(4).reduce(0) { $0 << 4 | UInt16(hexDigit($1) ?? 0) }
  }

  static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 48
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 87
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 55
    default: nil
    }
  }
}
