/// Reads canonical JSON (LOG §2) strictly, by the keys that the caller expects in their order.
///
/// Since keys are sorted, asking for each known key in order finds duplicate, misplaced and unknown
/// ones: they are what stands there when `endObject` wants the end.
package struct CanonicalReader {
  let bytes: [UInt8]
  package private(set) var offset = 0
  /// Whether the next key or element is the first of its object or list.
  private var isFirst = true

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package typealias Problem = CanonicalProblem

  func problem(_ message: String) -> Problem { Problem(offset: offset, message) }

  /// Nothing may stand behind the value.
  package mutating func end() throws(Problem) {
    guard offset == bytes.count else { throw problem("something stands behind the value") }
  }

  /// Takes the end of a line.
  mutating func endLine() throws(Problem) { try expect(UInt8(ascii: "\n"), "the end of a line") }

  var isAtEnd: Bool { offset == bytes.count }

  var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  /// Reads an object; `body` asks for its keys.
  package mutating func object<Result>(
    _ body: (inout CanonicalReader) throws(Problem) -> Result
  ) throws(Problem) -> Result {
    let outer = try beginObject()
    let result = try body(&self)
    try endObject(outer)
    return result
  }

  /// `object`, with errors of the caller's own.
  mutating func anyObject<Result>(
    _ body: (inout CanonicalReader) throws -> Result
  ) throws -> Result {
    let outer = try beginObject()
    let result = try body(&self)
    try endObject(outer)
    return result
  }

  private mutating func beginObject() throws(Problem) -> Bool {
    try expect(UInt8(ascii: "{"), "an object")
    defer { isFirst = true }
    return isFirst
  }

  /// What stands here was asked for by nobody, if it is not the end.
  private mutating func endObject(_ outer: Bool) throws(Problem) {
    guard next == UInt8(ascii: "}") else {
      if isFirst || next == UInt8(ascii: ",") {
        if !isFirst { offset += 1 }
        let name = try string()
        throw problem("the key \"\(name)\" is unknown, doubled or out of order")
      }
      throw problem("found another thing than a comma or the end of the object")
    }
    offset += 1
    isFirst = outer
  }

  /// Whether the next key is `name`; if so it is taken, and its value stands next.
  package mutating func has(_ name: StaticString) -> Bool {
    let name = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    var start = offset
    if !isFirst {
      guard next == UInt8(ascii: ",") else { return false }
      start += 1
    }
    let end = start + name.count + 3
    guard end <= bytes.count, bytes[start] == UInt8(ascii: "\""),
      bytes[end - 2] == UInt8(ascii: "\""), bytes[end - 1] == UInt8(ascii: ":")
    else { return false }
    for index in name.indices where bytes[start + 1 + index] != name[index] { return false }
    offset = end
    isFirst = false
    return true
  }

  /// Whether the next key is `name`, any text without escapes; if so it is taken.
  package mutating func has(named name: String) -> Bool {
    var start = offset
    if !isFirst {
      guard next == UInt8(ascii: ",") else { return false }
      start += 1
    }
    let count = name.utf8.count
    let end = start + count + 3
    guard end <= bytes.count, bytes[start] == UInt8(ascii: "\""),
      bytes[end - 2] == UInt8(ascii: "\""), bytes[end - 1] == UInt8(ascii: ":"),
      bytes[(start + 1)..<(end - 2)].elementsEqual(name.utf8)
    else { return false }
    offset = end
    isFirst = false
    return true
  }

  /// Takes the key; refuses its absence by name.
  package mutating func key(_ name: StaticString) throws(Problem) {
    guard has(name) else { throw problem("the key \"\(name)\" is missing or out of order") }
  }

  /// All entries of an object whose keys are not known beforehand, ascending by UTF-8 bytes.
  package mutating func entries(
    _ body: (inout CanonicalReader, String) throws(Problem) -> Void
  ) throws(Problem) {
    let outer = try beginObject()
    var last: String?
    while let name = try nextKey(after: last) {
      try body(&self, name)
      last = name
    }
    try endObject(outer)
  }

  /// `entries`, with errors of the caller's own.
  mutating func pairs(_ body: (inout CanonicalReader, String) throws -> Void) throws {
    let outer = try beginObject()
    var last: String?
    while let name = try nextKey(after: last) {
      try body(&self, name)
      last = name
    }
    try endObject(outer)
  }

  private mutating func nextKey(after last: String?) throws(Problem) -> String? {
    guard next != UInt8(ascii: "}") else { return nil }
    if !isFirst { try expect(UInt8(ascii: ","), "a comma or the end of the object") }
    let name = try string()
    if let last, !last.utf8.lexicographicallyPrecedes(name.utf8) {
      throw problem("the key \"\(name)\" is doubled or out of order")
    }
    try expect(UInt8(ascii: ":"), "a colon")
    isFirst = false
    return name
  }

  /// All elements of a list.
  package mutating func list<Element>(
    _ element: (inout CanonicalReader) throws(Problem) -> Element
  ) throws(Problem) -> [Element] {
    var elements: [Element] = []
    guard try beginList() else { return elements }
    repeat { elements.append(try element(&self)) } while try hasNextElement()
    return elements
  }

  /// `list`, with errors of the caller's own.
  mutating func elements(_ element: (inout CanonicalReader) throws -> Void) throws {
    guard try beginList() else { return }
    repeat { try element(&self) } while try hasNextElement()
  }

  /// Whether the list has an element.
  private mutating func beginList() throws(Problem) -> Bool {
    try expect(UInt8(ascii: "["), "a list")
    guard next == UInt8(ascii: "]") else { return true }
    offset += 1
    return false
  }

  private mutating func hasNextElement() throws(Problem) -> Bool {
    if next == UInt8(ascii: ",") {
      offset += 1
      return true
    }
    try expect(UInt8(ascii: "]"), "a comma or the end of the list")
    return false
  }

  mutating func expect(_ byte: UInt8, _ what: String) throws(Problem) {
    guard next == byte else { throw problem("found another thing than \(what)") }
    offset += 1
  }

  mutating func advance(by count: Int) { offset += count }
}
