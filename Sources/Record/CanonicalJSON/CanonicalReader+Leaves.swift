internal import PetriNet

extension CanonicalReader {
  package mutating func null() throws(Problem) { try word("null") }

  package mutating func bool() throws(Problem) -> Bool {
    if next == UInt8(ascii: "t") {
      try word("true")
      return true
    }
    try word("false")
    return false
  }

  private mutating func word(_ word: StaticString) throws(Problem) {
    let word = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard bytes.count - offset >= word.count,
      bytes[offset..<(offset + word.count)].elementsEqual(word)
    else { throw problem("found another thing than \(String(decoding: word, as: UTF8.self))") }
    advance(by: word.count)
  }

  /// A decimal int64 without plus, leading zeros or `-0`.
  package mutating func int() throws(Problem) -> Int64 {
    let start = offset
    let isNegative = next == UInt8(ascii: "-")
    if isNegative { advance(by: 1) }
    var number: Int64 = 0
    let first = offset
    while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
      let (product, overflow) = number.multipliedReportingOverflow(by: 10)
      let digit = Int64(byte &- UInt8(ascii: "0"))
      let (sum, carry) =
        isNegative
        ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
      guard !overflow, !carry else { throw problem("an integer does not fit 64 bits") }
      number = sum
      advance(by: 1)
    }
    let count = offset - first
    guard count > 0 else { throw problem("found another thing than an integer") }
    guard bytes[first] != UInt8(ascii: "0") || (count == 1 && !isNegative) else {
      throw Problem(offset: start, "an integer is spelled in another way than the shortest")
    }
    return number
  }

  /// A double in its one spelling.
  package mutating func double() throws(Problem) -> Double {
    let start = offset
    while let byte = next,
      (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "e")
    {
      advance(by: 1)
    }
    let text = bytes[start..<offset]
    guard let number = Double(String(decoding: text, as: UTF8.self)), number.isFinite else {
      throw Problem(offset: start, "found another thing than a double")
    }
    var spelled: [UInt8] = []
    DoubleText.append(number, to: &spelled)
    guard spelled.elementsEqual(text) else {
      throw Problem(offset: start, "a double is spelled in another way than the log's")
    }
    return number
  }

  /// A string with the escapes that must stand there and no others.
  package mutating func string() throws(Problem) -> String {
    try expect(UInt8(ascii: "\""), "a string")
    let start = offset
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
      guard byte >= 0x20 else { throw problem("a control character stands in a string") }
      advance(by: 1)
    }
    if next == UInt8(ascii: "\"") {
      let text = String(validating: bytes[start..<offset], as: UTF8.self)
      guard let text else { throw Problem(offset: start, "a string is not UTF-8") }
      advance(by: 1)
      return text
    }
    return try escaped(from: start)
  }

  private mutating func escaped(from start: Int) throws(Problem) -> String {
    var content = Array(bytes[start..<offset])
    while let byte = next {
      advance(by: 1)
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: content, as: UTF8.self) else {
          throw Problem(offset: start, "a string is not UTF-8")
        }
        return text
      case UInt8(ascii: "\\"): content.append(try escape())
      case 0..<0x20: throw problem("a control character stands in a string")
      default: content.append(byte)
      }
    }
    throw problem("a string has no end")
  }

  private mutating func escape() throws(Problem) -> UInt8 {
    guard let byte = next else { throw problem("a string has no end") }
    advance(by: 1)
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return byte
    case UInt8(ascii: "b"): return 8
    case UInt8(ascii: "t"): return 9
    case UInt8(ascii: "n"): return 10
    case UInt8(ascii: "f"): return 12
    case UInt8(ascii: "r"): return 13
    case UInt8(ascii: "u"):
      let digits = bytes[offset..<min(offset + 4, bytes.count)]
      guard digits.count == 4, let pair = Hexadecimal.bytes(digits), pair[0] == 0,
        pair[1] > 0, pair[1] < 0x20, ![8, 9, 10, 12, 13].contains(pair[1])
      else { throw problem("a character is escaped that is written otherwise") }
      advance(by: 4)
      return pair[1]
    default: throw problem("a character is escaped that needs no escape")
    }
  }

  /// `"seq.i"`.
  package mutating func reference() throws(Problem) -> (seq: Int64, index: Int32) {
    try expect(UInt8(ascii: "\""), "a reference")
    let seq = try int()
    try expect(UInt8(ascii: "."), "a reference")
    let index = try int()
    try expect(UInt8(ascii: "\""), "a reference")
    guard seq > 0, let position = Int32(exactly: index), position >= 0 else {
      throw problem("a reference names no place in the log")
    }
    return (seq, position)
  }

  /// A string of base64 with padding and no stray bits.
  package mutating func base64() throws(Problem) -> [UInt8] {
    let start = offset
    let text = try string()
    guard let bytes = Base64.bytes(text) else {
      throw Problem(offset: start, "a string is not base64")
    }
    return bytes
  }

  /// A string of lower-case hexadecimal digits.
  package mutating func hexadecimal() throws(Problem) -> [UInt8] {
    let start = offset
    guard let bytes = Hexadecimal.bytes(try string().utf8) else {
      throw Problem(offset: start, "a string is not hexadecimal")
    }
    return bytes
  }

  /// The text of the value that stands here, as it is; only its brackets and quotes are followed.
  package mutating func raw() throws(Problem) -> [UInt8] {
    let start = offset
    var depth = 0
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        advance(by: 1)
        try skipString()
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return try rawText(from: start) }
        depth -= 1
      case UInt8(ascii: ",") where depth == 0: return try rawText(from: start)
      default: break
      }
      advance(by: 1)
    }
    guard depth == 0 else { throw problem("a value has no end") }
    return try rawText(from: start)
  }

  private func rawText(from start: Int) throws(Problem) -> [UInt8] {
    guard offset > start else { throw problem("a value is missing") }
    return Array(bytes[start..<offset])
  }

  private mutating func skipString() throws(Problem) {
    while let byte = next {
      advance(by: byte == UInt8(ascii: "\\") ? 2 : 1)
      if byte == UInt8(ascii: "\"") { return }
    }
    throw problem("a string has no end")
  }
}
