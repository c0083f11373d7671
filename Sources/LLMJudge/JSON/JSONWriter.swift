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

  /// More members of the object that is open, behind those it has; nothing where there are none.
  mutating func members(_ members: [UInt8]) {
    guard !members.isEmpty else { return }
    text(",")
    raw(members)
  }

  mutating func string(_ string: String) { self.string(Array(string.utf8)) }

  /// UTF-8 as a string: the escapes that JSON asks for, nothing else.
  mutating func string(_ content: [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var copied = 0
    for index in content.indices where Self.mustEscape[Int(content[index])] {
      bytes.append(contentsOf: content[copied..<index])
      copied = index + 1
      escape(content[index])
    }
    bytes.append(contentsOf: content[copied...])
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case 0x0A: text("\\n")
    case 0x0D: text("\\r")
    case 0x09: text("\\t")
    case 0..<0x20:
      text("\\u00")
      bytes.append(Self.hex[Int(byte >> 4)])
      bytes.append(Self.hex[Int(byte & 15)])
    default:
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(byte)
    }
  }

  private static let mustEscape: [Bool] = (0...255).map { byte in
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  static let hex = Array("0123456789abcdef".utf8)
}
