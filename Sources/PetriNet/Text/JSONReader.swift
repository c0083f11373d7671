/// The state of one reading of `JSONText.parse`.
struct JSONReader {
  private let bytes: [UInt8]
  private var offset = 0
  private var depth = 0
  /// A pointer whose offset is wanted, and the pointer of the value being read.
  private let wanted: [String]?
  private var path: [String] = []
  private(set) var traced: Int?

  init(bytes: [UInt8], tracing pointer: String? = nil) {
    self.bytes = bytes
    wanted = pointer.map { $0.isEmpty ? [] : JSONPointer.parts(of: $0) }
  }

  mutating func document() throws(JSONProblem) -> JSONText.Node {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw JSONProblem(.encoding, at: 0, "a byte order mark stands before the value")
    }
    if let bad = Self.firstInvalid(bytes) {
      throw JSONProblem(.encoding, at: bad, "these bytes are not UTF-8")
    }
    skipSpace()
    guard offset < bytes.count else {
      throw JSONProblem(.empty, at: offset, "there is no value")
    }
    let node = try value()
    skipSpace()
    guard offset == bytes.count else {
      throw JSONProblem(
        .trailing, at: offset, "after the value stands \(here), expected the end")
    }
    return node
  }

  private mutating func value() throws(JSONProblem) -> JSONText.Node {
    if let wanted, traced == nil, wanted.count == path.count,
      wanted.elementsEqual(path, by: { $0.utf8.elementsEqual($1.utf8) })
    {
      traced = offset
    }
    guard offset < bytes.count else {
      throw JSONProblem(.syntax, at: offset, "the text ends where a value should stand")
    }
    switch bytes[offset] {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try list()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw JSONProblem(.syntax, at: offset, "found \(here), expected a value")
    }
  }

  private mutating func object() throws(JSONProblem) -> JSONText.Node {
    try enter()
    var members: [JSONText.Member] = []
    var names = MemberNames()
    skipSpace()
    if take("}") {
      depth -= 1
      return .object([])
    }
    repeat {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else {
        throw JSONProblem(.syntax, at: offset, "found \(here), expected a name in double quotes")
      }
      let start = offset
      let name = try string()
      guard names.insert(name, beside: members) else {
        throw JSONProblem(.duplicateName, at: start, "the name \"\(name)\" stands here twice")
      }
      skipSpace()
      guard take(":") else {
        throw JSONProblem(.syntax, at: offset, "found \(here), expected ':' after the name")
      }
      skipSpace()
      if wanted != nil { path.append(name) }
      members.append(JSONText.Member(name, try value()))
      if wanted != nil { path.removeLast() }
      skipSpace()
    } while take(",")
    guard take("}") else {
      throw JSONProblem(.syntax, at: offset, "found \(here), expected ',' or '}'")
    }
    depth -= 1
    return .object(members)
  }

  private mutating func list() throws(JSONProblem) -> JSONText.Node {
    try enter()
    var items: [JSONText.Node] = []
    skipSpace()
    if take("]") {
      depth -= 1
      return .list([])
    }
    repeat {
      skipSpace()
      if wanted != nil { path.append(String(items.count)) }
      items.append(try value())
      if wanted != nil { path.removeLast() }
      skipSpace()
    } while take(",")
    guard take("]") else {
      throw JSONProblem(.syntax, at: offset, "found \(here), expected ',' or ']'")
    }
    depth -= 1
    return .list(items)
  }

  private mutating func enter() throws(JSONProblem) {
    guard depth < JSONText.depthMax else {
      throw JSONProblem(
        .tooDeep, at: offset, "lists and objects are nested deeper than \(JSONText.depthMax)")
    }
    depth += 1
    offset += 1
  }

  private mutating func word(
    _ word: StaticString, _ node: JSONText.Node
  ) throws(JSONProblem) -> JSONText.Node {
    let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard bytes[offset...].starts(with: expected) else {
      throw JSONProblem(.syntax, at: offset, "found \(here), expected a value")
    }
    offset += expected.count
    return node
  }

  private mutating func number() throws(JSONProblem) -> JSONText.Node {
    let start = offset
    _ = take("-")
    if take("0") {
      if let digit = peek, Self.isDigit(digit) {
        throw JSONProblem(.syntax, at: start, "a number does not begin with 0")
      }
    } else {
      try digits()
    }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    return .number(JSONNumber(checked: String(decoding: bytes[start..<offset], as: UTF8.self)))
  }

  private mutating func digits() throws(JSONProblem) {
    guard let digit = peek, Self.isDigit(digit) else {
      throw JSONProblem(.syntax, at: offset, "found \(here), expected a digit")
    }
    while let digit = peek, Self.isDigit(digit) { offset += 1 }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: scalar) else { return false }
    offset += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      offset += 1
    }
  }

  /// The scalar at the offset, for a message.
  private var here: String {
    guard offset < bytes.count else { return "the end" }
    let text = String(decoding: bytes[offset..<min(offset + 4, bytes.count)], as: UTF8.self)
    guard let scalar = text.unicodeScalars.first else { return "the end" }
    return VisibleText.isHidden(scalar) ? VisibleText.escape(scalar) : "'\(scalar)'"
  }

  /// - Returns: The offset of the first byte that begins no well-formed scalar.
  static func firstInvalid(_ bytes: [UInt8]) -> Int? {
    if String(validating: bytes, as: UTF8.self) != nil { return nil }
    return firstInvalidSlowly(bytes)
  }

  /// Scalar by scalar: the standard library tells that bytes are wrong, but not where.
  private static func firstInvalidSlowly(_ bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBufferPointer { buffer in
      var decoder = UTF8.ForwardParser()
      var iterator = buffer.makeIterator()
      var offset = 0
      while true {
        switch decoder.parseScalar(from: &iterator) {
        case .valid(let encoded): offset += encoded.count
        case .error: return offset
        case .emptyInput: return nil
        }
      }
    }
  }
}

extension JSONReader {
  private mutating func string() throws(JSONProblem) -> String {
    offset += 1
    var content: [UInt8] = []
    while true {
      guard let byte = peek else {
        throw JSONProblem(.syntax, at: offset, "a string is not closed")
      }
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &content)
      case 0..<0x20:
        throw JSONProblem(.syntax, at: offset, "a control character stands raw in a string")
      default: takePlain(into: &content)
      }
    }
  }

  /// Takes the bytes up to a quote, an escape, a control character or the end.
  private mutating func takePlain(into content: inout [UInt8]) {
    let start = offset
    offset = bytes.withUnsafeBufferPointer { buffer in
      var index = start
      while index < buffer.count, buffer[index] >= 0x20, buffer[index] != UInt8(ascii: "\""),
        buffer[index] != UInt8(ascii: "\\")
      {
        index += 1
      }
      return index
    }
    content.append(contentsOf: bytes[start..<offset])
  }

  private mutating func escape(into content: inout [UInt8]) throws(JSONProblem) {
    let start = offset
    offset += 1
    let byte = peek
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      if let byte { content.append(byte) }
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"): content.append(contentsOf: try unicode(from: start).utf8)
    default:
      throw JSONProblem(.syntax, at: start, "this escape is not one of JSON's")
    }
  }

  private mutating func unicode(from start: Int) throws(JSONProblem) -> String {
    let first = try fourHexDigits(from: start)
    guard (0xD800..<0xE000).contains(first) else {
      return Unicode.Scalar(first).map { String(Character($0)) } ?? ""
    }
    guard first < 0xDC00, take("\\"), take("u") else {
      throw JSONProblem(.encoding, at: start, "a surrogate stands alone")
    }
    let second = try fourHexDigits(from: start)
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    else { throw JSONProblem(.encoding, at: start, "a surrogate stands alone") }
    return String(Character(scalar))
  }

  private mutating func fourHexDigits(from start: Int) throws(JSONProblem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue,
        byte < 0x80
      else {
        throw JSONProblem(.syntax, at: start, "\\u needs four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }
}

/// The names of an object so far: few are compared one by one, many stand in a set.
private struct MemberNames {
  private static let fewMax = 8
  private var many: Set<[UInt8]> = []

  /// False if the name is among those of `members`, by bytes.
  mutating func insert(_ name: String, beside members: [JSONText.Member]) -> Bool {
    guard members.count >= Self.fewMax else {
      return !members.contains { $0.name.utf8.elementsEqual(name.utf8) }
    }
    if members.count == Self.fewMax { many = Set(members.map { Array($0.name.utf8) }) }
    return many.insert(Array(name.utf8)).inserted
  }
}
