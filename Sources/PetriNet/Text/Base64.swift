/// RFC 4648 §4 with padding; nothing else is read.
package enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  package static func text(_ bytes: [UInt8]) -> String {
    var output: [UInt8] = []
    output.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits: UInt32 = 0
      for index in 0..<3 {
        bits = bits << 8 | UInt32(index < group.count ? group[start + index] : 0)
      }
      for index in 0..<4 {
        let padding = index > group.count
        output.append(
          padding ? UInt8(ascii: "=") : alphabet[Int(bits >> UInt32(18 - 6 * index) & 63)])
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// nil for wrong length, foreign characters, misplaced padding and bits that are not zero.
  package static func bytes(_ text: String) -> [UInt8]? {
    let source = Array(text.utf8)
    guard source.count % 4 == 0 else { return nil }
    let padding = source.suffix(2).count { $0 == UInt8(ascii: "=") }
    var output: [UInt8] = []
    output.reserveCapacity(source.count / 4 * 3)
    for start in stride(from: 0, to: source.count, by: 4) {
      var bits: UInt32 = 0
      for index in start..<(start + 4) {
        if source[index] == UInt8(ascii: "="), index >= source.count - padding {
          bits <<= 6
        } else if let value = value(of: source[index]) {
          bits = bits << 6 | value
        } else {
          return nil
        }
      }
      let isLast = start + 4 == source.count
      let count = isLast ? 3 - padding : 3
      guard !isLast || bits & (1 << UInt32(8 * padding) - 1) == 0 else { return nil }
      for index in 0..<count { output.append(UInt8(bits >> UInt32(16 - 8 * index) & 0xFF)) }
    }
    return output
  }

  private static func value(of byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) + 4
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
