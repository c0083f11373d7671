internal import ArgumentParser
internal import Foundation
internal import PetriNet

/// `--limit`, `--after`, `--all`: how much of a list is shown.
struct PageOptions: ParsableArguments {
  @Option(help: "So many at most, 1 to 500.")
  var limit = 50

  @Option(help: "Go on behind a page: what it said as next.")
  var after: String?

  @Flag(help: "Every page.")
  var all = false
}

/// A list of the API as a table or JSON, page by page.
struct Listing {
  struct Column {
    var title: String
    var alignment = Table.Alignment.left
    var text: (JSONText.Node) -> String

    init(
      _ title: String, _ alignment: Table.Alignment = .left,
      _ text: @escaping (JSONText.Node) -> String
    ) {
      self.title = title
      self.alignment = alignment
      self.text = text
    }

    /// A member as it stands; `-` where there is none.
    init(_ title: String, _ member: String, _ alignment: Table.Alignment = .left) {
      self.init(title, alignment) { $0.cell(member) }
    }
  }

  /// `petrel.cases/1`.
  var schema: String
  var columns: [Column]

  /// Tokens, with one column that tells them apart beside their own.
  static func tokens(_ column: Column) -> Listing {
    Listing(
      schema: "petrel.tokens/1",
      columns: [
        .init("TOKEN", "id"), column, .init("SINCE", "since"), .init("HELD BY", "held_by"),
        .init("VALUE", "value"),
      ])
  }

  /// Asks for the list at `path` and prints it; says on stderr when there is more.
  func show(
    _ path: String, _ query: [(String, String?)] = [], from access: ServiceAccess,
    _ page: PageOptions, _ format: OutputFormat
  ) async throws {
    guard (1...500).contains(page.limit) else {
      throw Failure(.wrongCall, "C101", "--limit \(page.limit): expected 1 to 500")
    }
    var items: [JSONText.Node] = []
    var next = page.after
    repeat {
      let limit = page.all ? 500 : page.limit
      let query = query + [("limit", String(limit)), ("after", next)]
      let node = try await access.get(path + Self.text(of: query))
      let found = node.list("items")
      if format == .jsonl { for item in found { Console.print(item.text) } }
      items += found
      next = node.text("next")
    } while page.all && next != nil
    print(items, next: next, format)
    if let next {
      Console.note("\(items.count) shown, more exist: --after \(next) or --all")
    }
  }

  /// Items that are at hand. With `jsonl` they are printed already.
  private func print(_ items: [JSONText.Node], next: String?, _ format: OutputFormat) {
    switch format {
    case .jsonl: break
    case .json: JSONDocument(schema: schema, items: items, next: next).print(as: .json)
    case .table: table(items).print()
    }
  }

  func table(_ items: [JSONText.Node]) -> Table {
    var table = Table(columns.map { .init($0.title, $0.alignment) })
    for item in items { table.add(columns.map { $0.text(item) }) }
    return table
  }

  static func text(of query: [(String, String?)]) -> String {
    let pairs = query.compactMap { name, value in
      value.map { "\(name)=\(ServiceClient.encoded($0))" }
    }
    return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
  }
}

extension JSONText.Node {
  /// A member as a cell: text as it is, other JSON as JSON, `-` where there is none.
  func cell(_ name: String) -> String {
    switch self[name] {
    case nil, .null?: "-"
    case .string(let text)?: text
    case .list(let items)?:
      items.map { if case .string(let text) = $0 { text } else { $0.text } }
        .joined(separator: ", ")
    case .object(let members)?:
      members.map { "\($0.name): \($0.value.text)" }.joined(separator: ", ")
    case let other?: other.text
    }
  }
}

/// One thing as `name  value` lines, or as JSON.
struct Details {
  var schema: String
  var node: JSONText.Node

  func print(as format: OutputFormat) {
    guard format == .table else {
      return JSONDocument(schema: schema, items: [node]).print(as: format)
    }
    guard case .object(let members) = node else { return Console.print(node.text) }
    let width = members.map(\.name.count).max() ?? 0
    for member in members {
      let padding = String(repeating: " ", count: width - member.name.count)
      let line = "\(member.name)\(padding)  \(node.cell(member.name))"
      Console.print(VisibleText.visible(line))
    }
  }
}
