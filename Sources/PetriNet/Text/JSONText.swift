/// JSON (RFC 8259) read strictly, byte by byte: no byte order mark, comments, trailing commas,
/// duplicate names or lone surrogates, and numbers as they were written.
package enum JSONText {
  /// Lists and objects inside one another.
  package static let depthMax = 64

  /// A JSON value. Objects keep their order; names and strings are the given bytes, not normalised.
  package indirect enum Node: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case list([Node])
    case object([Member])
  }

  package struct Member: Sendable {
    package var name: String
    package var value: Node

    package init(_ name: String, _ value: Node) {
      self.name = name
      self.value = value
    }
  }

  /// The one value that `bytes` hold, with white space around it at most.
  ///
  /// - Throws: The first mistake, with its byte offset.
  package static func parse(_ bytes: [UInt8]) throws(JSONProblem) -> Node {
    var reader = JSONReader(bytes: bytes)
    return try reader.document()
  }

  /// The value of a text in memory.
  package static func parse(text: String) throws(JSONProblem) -> Node {
    try parse(Array(text.utf8))
  }

  /// The byte offset where the value at `pointer` (RFC 6901) begins in `bytes`; nil if there is none.
  ///
  /// Reads the text again, so it is for telling a mistake, not for the common path.
  package static func offset(of pointer: String, in bytes: [UInt8]) -> Int? {
    var reader = JSONReader(bytes: bytes, tracing: pointer)
    guard (try? reader.document()) != nil else { return nil }
    return reader.traced
  }
}

/// A number as written: `5`, `-0.0`, `1e21`.
package struct JSONNumber: Hashable, Sendable {
  /// By the grammar of RFC 8259.
  package let text: String

  package init(_ value: Int64) { text = String(value) }

  /// - Precondition: `text` follows the grammar of a JSON number.
  init(checked text: String) { self.text = text }

  /// The number of `text`; nil if it is none by the grammar of JSON.
  package init?(_ text: String) {
    guard case .number(let number)? = try? JSONText.parse(text: text), number.text == text else {
      return nil
    }
    self = number
  }

  /// Exactly, if it is written without fraction and exponent and fits.
  package var integer: Int64? { Int64(text) }

  /// The nearest double; infinite beyond its range.
  package var double: Double { Double(text) ?? .nan }
}

/// What is wrong with a JSON text, and where.
package struct JSONProblem: Error, Equatable, Sendable {
  package enum Kind: String, Sendable {
    case encoding, syntax, duplicateName, tooDeep, trailing, empty
  }

  package var kind: Kind
  /// In bytes from the start.
  package var offset: Int
  /// One sentence without the place; free of contents beyond a single character or name.
  package var message: String

  package init(_ kind: Kind, at offset: Int, _ message: String) {
    self.kind = kind
    self.offset = offset
    self.message = message
  }

  /// Line and column (both from 1, the column in Unicode scalars) of a byte offset.
  package static func position(
    of offset: Int, in bytes: [UInt8]
  ) -> (line: Int, column: Int) {
    var line = 1
    var column = 1
    for byte in bytes.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return (line, column)
  }
}

extension JSONText.Node: Equatable {
  /// By bytes of names and strings, and by the text of numbers; the order of names counts.
  package static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.list(let a), .list(let b)): a == b
    case (.object(let a), .object(let b)):
      a.elementsEqual(b) { $0.name.utf8.elementsEqual($1.name.utf8) && $0.value == $1.value }
    default: false
    }
  }

  /// What a diagnostic calls it: `a string`, `null`.
  package var kindText: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .list: "a list"
    case .object: "an object"
    }
  }

  /// The member of this name (by bytes); nil for other kinds too.
  package subscript(name: String) -> JSONText.Node? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  /// The value at an RFC 6901 pointer (`/items/0/id`); "" is the value itself.
  package func value(at pointer: String) -> JSONText.Node? {
    guard !pointer.isEmpty else { return self }
    guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
    var node = self
    for part in JSONPointer.parts(of: pointer) {
      switch node {
      case .object:
        guard let next = node[part] else { return nil }
        node = next
      case .list(let items):
        guard let index = JSONPointer.index(part), index < items.count else { return nil }
        node = items[index]
      default: return nil
      }
    }
    return node
  }
}

/// RFC 6901.
package enum JSONPointer {
  /// The reference tokens of a pointer, unescaped.
  package static func parts(of pointer: String) -> [String] {
    pointer.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
      .map { part in
        var text = String.UnicodeScalarView()
        var escaped = false
        for scalar in part {
          if escaped {
            text.append(scalar == "1" ? "/" : "~")
            escaped = false
          } else if scalar == "~" {
            escaped = true
          } else {
            text.append(scalar)
          }
        }
        return String(text)
      }
  }

  /// A name or index as one reference token.
  package static func escaped(_ name: String) -> String {
    var text = String.UnicodeScalarView()
    for scalar in name.unicodeScalars {
      switch scalar {
      case "~": text.append(contentsOf: "~0".unicodeScalars)
      case "/": text.append(contentsOf: "~1".unicodeScalars)
      default: text.append(scalar)
      }
    }
    return String(text)
  }

  static func index(_ part: String) -> Int? {
    guard part.utf8.allSatisfy({ (48...57).contains($0) }), part == "0" || part.utf8.first != 48
    else { return nil }
    return Int(part)
  }
}

extension JSONText {
  /// The offset of the first byte that begins no well-formed scalar of UTF-8.
  package static func firstInvalidByte(of bytes: [UInt8]) -> Int? {
    JSONReader.firstInvalid(bytes)
  }
}
