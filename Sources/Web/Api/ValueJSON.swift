import CEL
import Engine
import Orchestration
import PetriNet

/// Values of tokens as the API shows them (LOG §2, with int64 beyond 2^53 as strings).
enum ValueJSON {
  /// What stands where a personal field is not shown.
  static let sealed = "‹sealed›"
  /// What stands where its key was shredded.
  static let erased = "‹erased›"

  /// A value of a colour set; personal fields at whatever depth are covered unless `showsPersonal`.
  static func node(_ value: Value, _ colour: ColourSet, showsPersonal: Bool) -> JSONText.Node {
    switch (value, colour) {
    case (.record(let record), .record(let type)):
      var members: [JSONText.Member] = []
      for (field, value) in zip(type.fields, record.fields) {
        if case .optional = field.colour, case .null = value { continue }
        let isCovered = field.isPersonal && !showsPersonal
        members.append(
          .init(
            field.name,
            isCovered
              ? .string(value == .erased ? erased : sealed)
              : node(value, field.colour, showsPersonal: showsPersonal)))
      }
      return .object(members)
    case (.list(let items), .list(let element, _)):
      return .list(items.map { node($0, element, showsPersonal: showsPersonal) })
    case (.map(let map), .map(let element)):
      return .object(
        map.entries.map {
          .init(name(of: $0.key), node($0.value, element, showsPersonal: showsPersonal))
        })
    case (_, .optional(let wrapped)):
      return value == .null ? .null : node(value, wrapped, showsPersonal: showsPersonal)
    default: return node(value)
    }
  }

  /// A value whose personal fields may be shown, as those that a task names are.
  static func node(_ value: Value) -> JSONText.Node {
    switch value {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .int(let int): .integer(int)
    case .uint(let uint):
      Int64(exactly: uint).map { .integer($0) } ?? .string(String(uint))
    case .double(let double): number(double)
    case .string(let text): .string(text)
    case .bytes(let bytes): .string(Base64.text(bytes))
    case .timestamp(let timestamp): .string(timestamp.description)
    case .duration(let span): .string(ProtoDuration.text(span))
    case .list(let items): .list(items.map { node($0) })
    case .map(let map):
      .object(map.entries.map { .init(name(of: $0.key), node($0.value)) })
    case .record(let record):
      .object(
        zip(record.type.fields, record.fields).map { .init($0.name, node($1)) })
    case .blob(let blob): .object([.init("#", .string(Base64.text(blob.digest)))])
    case .type(let type): .string("\(type)")
    case .optional(.none): .null
    case .optional(.some(let value)): node(value)
    case .erased: .string(erased)
    }
  }

  private static func number(_ double: Double) -> JSONText.Node {
    guard double.isFinite else {
      return .string(double.isNaN ? "NaN" : double < 0 ? "-Infinity" : "Infinity")
    }
    return JSONNumber("\(double)").map { .number($0) } ?? .string("\(double)")
  }

  private static func name(of key: MapValue.Key) -> String {
    switch key {
    case .bool(let flag): flag ? "true" : "false"
    case .int(let int): String(int)
    case .uint(let uint): String(uint)
    case .string(let text): text
    }
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
