/// Writes canonical JSON (LOG §2) into a buffer that is used again and again.
///
/// The caller gives keys in the order of their UTF-8 bytes; nothing sorts them here.
package struct CanonicalWriter: Sendable {
  package private(set) var bytes: [UInt8] = []
  private var needsComma = false

  package init() {}

  /// Empties the buffer and keeps its memory.
  package mutating func reset() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  /// Where a text of its own begins at the buffer's end, to be cut out by `endApart`.
  struct Mark {
    fileprivate var offset: Int
    fileprivate var needsComma: Bool
  }

  mutating func beginApart() -> Mark {
    defer { needsComma = false }
    return Mark(offset: bytes.count, needsComma: needsComma)
  }

  /// What was written since the mark; it leaves the buffer.
  mutating func endApart(_ mark: Mark) -> [UInt8] {
    let part = Array(bytes[mark.offset...])
    bytes.removeSubrange(mark.offset...)
    needsComma = mark.needsComma
    return part
  }

  package mutating func beginObject() { open(UInt8(ascii: "{")) }
  package mutating func endObject() { close(UInt8(ascii: "}")) }
  package mutating func beginList() { open(UInt8(ascii: "[")) }
  package mutating func endList() { close(UInt8(ascii: "]")) }

  /// A key of plain ASCII without quotes or backslashes.
  package mutating func key(_ name: StaticString) {
    comma()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Any key.
  package mutating func key(named name: String) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  package mutating func null() { word("null") }
  package mutating func bool(_ flag: Bool) { word(flag ? "true" : "false") }

  package mutating func int(_ number: Int64) {
    comma()
    digits(of: number)
    needsComma = true
  }

  package mutating func double(_ number: Double) {
    comma()
    DoubleText.append(number, to: &bytes)
    needsComma = true
  }

  /// The text byte for byte, escaped where JSON asks for it.
  ///
  /// U+0000 is refused where values enter; from elsewhere it is written as U+FFFD, because SQLite
  /// cuts text there.
  package mutating func string(_ text: String) {
    comma()
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { escaped($0) }
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  /// A string of plain ASCII without quotes or backslashes.
  package mutating func plain(_ text: StaticString) {
    comma()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  /// `"seq.i"`: a token or a payload.
  package mutating func reference(_ seq: Int64, _ index: Int32) {
    comma()
    bytes.append(UInt8(ascii: "\""))
    digits(of: seq)
    bytes.append(UInt8(ascii: "."))
    digits(of: Int64(index))
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  /// Bytes as a string of base64 with padding.
  package mutating func base64(_ data: [UInt8]) {
    comma()
    bytes.append(UInt8(ascii: "\""))
    Self.base64(data, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  /// Bytes as a string of lower-case hexadecimal digits.
  package mutating func hexadecimal(_ data: [UInt8]) {
    comma()
    bytes.append(UInt8(ascii: "\""))
    Hexadecimal.append(data, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  /// Text that is canonical already.
  package mutating func raw(_ text: [UInt8]) {
    comma()
    bytes.append(contentsOf: text)
    needsComma = true
  }

  /// Ends a line of its own: nothing stands before what is written next.
  mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    needsComma = false
  }

  private mutating func comma() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func open(_ byte: UInt8) {
    comma()
    bytes.append(byte)
    needsComma = false
  }

  private mutating func close(_ byte: UInt8) {
    bytes.append(byte)
    needsComma = true
  }

  private mutating func word(_ word: StaticString) {
    comma()
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    needsComma = true
  }

  private mutating func digits(of number: Int64) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
      var rest = number.magnitude
      var start = 20
      repeat {
        start -= 1
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
        buffer[start] = UInt8(truncatingIfNeeded: digit) &+ UInt8(ascii: "0")
        rest = quotient
      } while rest > 0
      if number < 0 { bytes.append(UInt8(ascii: "-")) }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[start..<20]))
    }
  }
}

extension CanonicalWriter {
  private mutating func escaped(_ text: UnsafeBufferPointer<UInt8>) {
    var start = 0
    for index in text.indices {
      let byte = text[index]
      if byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") { continue }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
      escape(byte)
      start = index + 1
    }
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case 0: bytes.append(contentsOf: [0xEF, 0xBF, 0xBD])
    case 8: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "b")])
    case 9: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
    case 10: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
    case 12: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "f")])
    case 13: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
    case 0..<0x20:
      bytes.append(contentsOf: "\\u00".utf8)
      Hexadecimal.append(CollectionOfOne(byte), to: &bytes)
    default:
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(byte)
    }
  }

  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func base64(_ data: [UInt8], to output: inout [UInt8]) {
    let padding = UInt8(ascii: "=")
    var index = 0
    while index < data.count {
      let left = data.count - index
      let first = UInt32(data[index])
      let second = left > 1 ? UInt32(data[index + 1]) : 0
      let third = left > 2 ? UInt32(data[index + 2]) : 0
      let bits = first << 16 | second << 8 | third
      output.append(alphabet[Int(bits >> 18)])
      output.append(alphabet[Int(bits >> 12 & 63)])
      output.append(left > 1 ? alphabet[Int(bits >> 6 & 63)] : padding)
      output.append(left > 2 ? alphabet[Int(bits & 63)] : padding)
      index += 3
    }
  }
}
