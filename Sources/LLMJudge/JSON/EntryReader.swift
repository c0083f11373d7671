/// The state of one reading of `ReplyJSON`: a loop with a stack of its own, `depthMax` high. It lives
/// as long as the bytes lie where they are.
struct EntryReader {
  private enum Expectation {
    case value
    /// A value or the end of the list.
    case firstItem
    /// A key or the end of the object.
    case firstKey
    case key
    /// A comma or the end of what is open; the end of the text if nothing is.
    case separator
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let depthMax: Int
  private var offset = 0
  private var open: [Int] = []
  private var entries: [ReplyJSON.Entry] = []
  private var expectation = Expectation.value

  init(bytes: UnsafeBufferPointer<UInt8>, depthMax: Int) {
    self.bytes = bytes
    self.depthMax = depthMax
    // About as many as a reply has.
    entries.reserveCapacity(bytes.count / 8)
  }

  mutating func read() throws(ReplyJSON.Mistake) -> [ReplyJSON.Entry] {
    while true {
      skipSpace()
      guard offset < bytes.count else {
        guard open.isEmpty, !entries.isEmpty else { throw .syntax(at: offset) }
        return entries
      }
      if open.isEmpty, !entries.isEmpty { throw .trailing(at: offset) }
      try take(bytes[offset])
    }
  }

  private mutating func take(_ byte: UInt8) throws(ReplyJSON.Mistake) {
    switch expectation {
    case .separator: try separator(byte)
    case .firstItem where byte == UInt8(ascii: "]"): close()
    case .value, .firstItem: try value(byte)
    case .firstKey where byte == UInt8(ascii: "}"): close()
    case .key, .firstKey: try key(byte)
    }
  }

  private mutating func separator(_ byte: UInt8) throws(ReplyJSON.Mistake) {
    guard let last = open.last else { throw .trailing(at: offset) }
    let isObject = entries[last].kind == .object
    if byte == UInt8(ascii: isObject ? "}" : "]") {
      close()
    } else if byte == UInt8(ascii: ",") {
      offset += 1
      expectation = isObject ? .key : .value
    } else {
      throw .syntax(at: offset)
    }
  }

  private mutating func close() {
    let index = open.removeLast()
    offset += 1
    entries[index].end = offset
    entries[index].next = entries.count
    expectation = .separator
  }

  private mutating func key(_ byte: UInt8) throws(ReplyJSON.Mistake) {
    guard byte == UInt8(ascii: "\"") else { throw .syntax(at: offset) }
    try string()
    skipSpace()
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: ":") else {
      throw .syntax(at: offset)
    }
    offset += 1
    expectation = .value
  }

  private mutating func value(_ byte: UInt8) throws(ReplyJSON.Mistake) {
    switch byte {
    case UInt8(ascii: "{"): try begin(.object, .firstKey)
    case UInt8(ascii: "["): try begin(.list, .firstItem)
    case UInt8(ascii: "\""):
      try string()
      expectation = .separator
    case UInt8(ascii: "t"): try word("true", .yes)
    case UInt8(ascii: "f"): try word("false", .no)
    case UInt8(ascii: "n"): try word("null", .null)
    default: try number()
    }
  }

  private mutating func begin(
    _ kind: ReplyJSON.Kind, _ next: Expectation
  ) throws(ReplyJSON.Mistake) {
    guard open.count < depthMax else { throw .tooDeep }
    open.append(entries.count)
    add(kind, from: offset, to: offset + 1)
    expectation = next
  }

  private mutating func add(_ kind: ReplyJSON.Kind, from start: Int, to end: Int) {
    entries.append(.init(kind: kind, start: start, end: end, next: entries.count + 1))
    offset = end
  }

  private mutating func word(
    _ word: StaticString, _ kind: ReplyJSON.Kind
  ) throws(ReplyJSON.Mistake) {
    let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard bytes[offset...].starts(with: expected) else { throw .syntax(at: offset) }
    add(kind, from: offset, to: offset + expected.count)
    expectation = .separator
  }

  private mutating func string() throws(ReplyJSON.Mistake) {
    let start = offset
    var index = offset + 1
    var hasEscapes = false
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") {
        add(.string, from: start, to: index + 1)
        entries[entries.count - 1].hasEscapes = hasEscapes
        return
      }
      if byte < 0x20 { throw .syntax(at: index) }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        index += try escapeLength(at: index)
      } else {
        index += 1
      }
    }
    throw .syntax(at: index)
  }

  private func escapeLength(at index: Int) throws(ReplyJSON.Mistake) -> Int {
    guard index + 1 < bytes.count else { throw .syntax(at: index) }
    switch bytes[index + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return 2
    case UInt8(ascii: "u"):
      guard index + 5 < bytes.count,
        bytes[(index + 2)...(index + 5)].allSatisfy({ StringEscapes.hexDigit($0) != nil })
      else { throw .syntax(at: index) }
      return 6
    default: throw .syntax(at: index)
    }
  }

  private mutating func number() throws(ReplyJSON.Mistake) {
    var index = offset
    if peek(index) == UInt8(ascii: "-") { index += 1 }
    if peek(index) == UInt8(ascii: "0") {
      index += 1
    } else {
      index = try digits(from: index)
    }
    if peek(index) == UInt8(ascii: ".") { index = try digits(from: index + 1) }
    if let letter = peek(index), letter | 0x20 == UInt8(ascii: "e") {
      index += 1
      if let sign = peek(index), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
        index += 1
      }
      index = try digits(from: index)
    }
    add(.number, from: offset, to: index)
    expectation = .separator
  }

  private func digits(from start: Int) throws(ReplyJSON.Mistake) -> Int {
    var index = start
    while let digit = peek(index), (48...57).contains(digit) { index += 1 }
    guard index > start else { throw .syntax(at: start) }
    return index
  }

  private func peek(_ index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func skipSpace() {
    while let byte = peek(offset), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      offset += 1
    }
  }
}
