/// Compact JSON, piece by piece. The caller sees to its shape.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []

  /// JSON that is part of the program.
  mutating func text(_ text: StaticString) {
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func text(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// JSON made elsewhere.
  mutating func raw(_ json: [UInt8]) { bytes.append(contentsOf: json) }

  mutating func string(_ string: String) { self.string(Array(string.utf8)) }

  /// UTF-8 as a string: the escapes that JSON asks for, nothing else.
  mutating func string(_ content: [UInt8]) {
    bytes.reserveCapacity(bytes.count + content.count + content.count / 8 + 2)
    bytes.append(UInt8(ascii: "\""))
    for byte in content {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x0A: bytes.append(contentsOf: "\\n".utf8)
      case 0x0D: bytes.append(contentsOf: "\\r".utf8)
      case 0x09: bytes.append(contentsOf: "\\t".utf8)
      case 0..<0x20:
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(Self.hex[Int(byte >> 4)])
        bytes.append(Self.hex[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  static let hex = Array("0123456789abcdef".utf8)
}
