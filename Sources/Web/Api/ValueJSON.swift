import CEL
import Engine
import Orchestration
import PetriNet

/// Values of tokens as the API shows them.
enum ValueJSON {
  /// A value of a colour set; personal fields at whatever depth are covered unless `showsPersonal`.
  static func node(_ value: Value, _ colour: ColourSet, showsPersonal: Bool) -> JSONText.Node {
    ValueWriting.node(
      of: value, in: colour,
      options: .init(hidesPersonal: !showsPersonal, quotesWideIntegers: true))
  }

  /// A value that is meant to be read, as those that a task names are.
  static func node(_ value: Value) -> JSONText.Node {
    ValueWriting.node(of: value, options: .init(quotesWideIntegers: true))
  }
}

/// Rows of the log as the API shows them: `body` is the row's own JSON, in which personal fields
/// are references (`"~":"812.0"`) and nothing else.
enum RowJSON {
  static func node(_ row: LogRow) -> JSONText.Node {
    .fields([
      ("seq", .seq(row.seq)), ("at", .time(row.at)), ("case", row.caseID.map { .id($0) }),
      ("kind", .string(row.kind)), ("version", .integer(row.version)),
      ("body", body(of: row)),
    ])
  }

  /// The body; integers that doubles cannot hold become strings.
  static func body(of row: LogRow) -> JSONText.Node {
    guard let node = try? JSONText.parse(row.body) else { return .null }
    return exact(node)
  }

  private static func exact(_ node: JSONText.Node) -> JSONText.Node {
    switch node {
    case .number(let number):
      if let integer = number.integer { .integer(integer) } else { node }
    case .list(let items): .list(items.map(exact))
    case .object(let members): .object(members.map { .init($0.name, exact($0.value)) })
    default: node
    }
  }
}

extension JSONText.Node {
  /// A member that is a whole number.
  func integerMember(_ name: String) -> Int64? {
    guard case .number(let number)? = self[name] else { return nil }
    return number.integer
  }

  /// A member that is a string.
  func textMember(_ name: String) -> String? {
    guard case .string(let text)? = self[name] else { return nil }
    return text
  }
}
