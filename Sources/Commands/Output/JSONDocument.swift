internal import PetriNet

/// A list as programs read it: one document with a schema's name, or an item a line.
struct JSONDocument {
  /// `petrel.cases/1`.
  var schema: String
  var items: [JSONText.Node]
  /// Where the next page begins; nil: this was all.
  var next: String?
  /// Further members, behind `next`.
  var more: [JSONText.Member]

  init(
    schema: String, items: [JSONText.Node], next: String? = nil, more: [JSONText.Member] = []
  ) {
    self.schema = schema
    self.items = items
    self.next = next
    self.more = more
  }

  var node: JSONText.Node {
    .object(
      [
        .init("schema", .string(schema)),
        .init("items", .list(items)),
        .init("next", next.map { .string($0) } ?? .null),
      ] + more)
  }

  /// Writes it to stdout in the format asked for, which is not `table`.
  func print(as format: OutputFormat) {
    if format == .jsonl {
      for item in items { Console.print(item.text) }
    } else {
      Console.print(node.indentedText)
    }
  }
}

extension JSONText.Node {
  static func integer(_ value: Int) -> JSONText.Node { .number(JSONNumber(Int64(value))) }

  /// Null where there is none.
  static func text(_ value: String?) -> JSONText.Node { value.map { .string($0) } ?? .null }
}
