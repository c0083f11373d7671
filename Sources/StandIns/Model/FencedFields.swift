import PetriNet

/// The values of a user message that stand between `<NAME NONCE>` and `</NAME NONCE>` (CONFIG §2).
package enum FencedFields {
  package struct Field: Equatable, Sendable {
    package var name: String
    /// A JSON string's characters; any other JSON as it was written.
    package var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The fields in their order. A block without its end mark, and one whose value is no JSON, is
  /// passed over; marks inside of values are text, because there `<` is escaped.
  package static func read(_ message: String) -> [Field] {
    var fields: [Field] = []
    var lines = message.utf8.split(separator: newline, omittingEmptySubsequences: false)[...]
    while let line = lines.popFirst() {
      guard let mark = Mark(line) else { continue }
      guard let end = lines.firstIndex(where: { $0.elementsEqual(mark.end) }) else { continue }
      let value = lines[..<end].joined(separator: CollectionOfOne(newline))
      lines = lines[(end + 1)...]
      guard let node = try? JSONText.parse(Array(value)) else { continue }
      fields.append(Field(name: mark.name, value: text(of: node)))
    }
    return fields
  }

  private static func text(of node: JSONText.Node) -> String {
    guard case .string(let string) = node else { return node.text }
    return string
  }

  private struct Mark {
    var name: String
    var end: [UInt8]

    /// Nil if the line is no opening mark: a name, one space and 32 hexadecimal digits.
    init?(_ line: Substring.UTF8View) {
      guard line.first == UInt8(ascii: "<"), line.last == UInt8(ascii: ">") else { return nil }
      let inner = line.dropFirst().dropLast()
      guard let space = inner.lastIndex(of: UInt8(ascii: " ")), space > inner.startIndex else {
        return nil
      }
      let nonce = inner[inner.index(after: space)...]
      guard nonce.count == 32, nonce.allSatisfy(isHexDigit) else { return nil }
      name = String(decoding: inner[..<space], as: UTF8.self)
      end = Array("</".utf8) + Array(inner) + Array(">".utf8)
    }
  }

  private static let newline = UInt8(ascii: "\n")

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}
