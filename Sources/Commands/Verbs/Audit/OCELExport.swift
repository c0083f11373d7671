internal import Engine
internal import Orchestration
internal import PetriNet
internal import SQLiteStore

/// The cases of a log as OCEL 2.0 JSON: events are rows, objects are cases and tokens.
struct OCELExport {
  private let reader: LogReader

  init(_ reader: LogReader) { self.reader = reader }

  func write(to output: ExportOutput) throws {
    var types: Set<String> = []
    var workflows: [Int64: String] = [:]
    var names: [Int64: CaseEvent.Naming] = [:]
    for definition in try reader.definitions() where definition.kind == .workflow {
      workflows[definition.id.seq.number] = definition.name
    }
    try output.line("{\"objects\":[")
    var isFirst = true
    var kinds: Set<String> = ["token"]
    try reader.eachRow { row in
      var naming = CaseEvent.Naming()
      let event = try naming.event(row)
      if row.kind == "caseOpened" {
        let body = try JSONText.parse(row.body)
        let type = body.integer("workflow").flatMap { workflows[$0] } ?? "case"
        kinds.insert(type)
        try write(Self.object("c\(event.seq)", type), &isFirst, to: output)
      }
      for token in event.puts { try write(Self.object(token, "token"), &isFirst, to: output) }
    }
    try output.line("],\"events\":[")
    isFirst = true
    try reader.eachRow { row in
      guard let id = row.caseID else { return }
      let event = try names[id.seq.number, default: CaseEvent.Naming()].event(row)
      if row.kind == "caseClosed" { names[id.seq.number] = nil }
      types.insert(event.activity)
      try write(Self.node(event, id), &isFirst, to: output)
    }
    try output.line(
      "],\"objectTypes\":\(Self.types(kinds, [])),\"eventTypes\":"
        + "\(Self.types(types, ["kind", "lifecycle", "outcome", "resource", "seq"]))}")
  }

  private func write(
    _ node: JSONText.Node, _ isFirst: inout Bool, to output: ExportOutput
  ) throws {
    try output.line((isFirst ? "" : ",") + node.text)
    isFirst = false
  }

  private static func object(_ id: String, _ type: String) -> JSONText.Node {
    .object([
      .init("id", .string(id)), .init("type", .string(type)), .init("attributes", .list([])),
      .init("relationships", .list([])),
    ])
  }

  private static func node(_ event: CaseEvent, _ id: CaseID) -> JSONText.Node {
    let attributes: [(String, String?)] = [
      ("kind", event.kind), ("lifecycle", event.phase), ("outcome", event.outcome),
      ("resource", event.person), ("seq", String(event.seq)),
    ]
    let relations =
      [("c\(id.seq.number)", "case")] + event.takes.map { ($0, "takes") }
      + event.puts.map { ($0, "puts") }
    return .object([
      .init("id", .string("e\(event.seq)")), .init("type", .string(event.activity)),
      .init("time", .string(event.time)),
      .init(
        "attributes",
        .list(
          attributes.compactMap { name, value in
            value.map { .object([.init("name", .string(name)), .init("value", .string($0))]) }
          })),
      .init(
        "relationships",
        .list(
          relations.map {
            .object([.init("objectId", .string($0.0)), .init("qualifier", .string($0.1))])
          })),
    ])
  }

  private static func types(_ names: Set<String>, _ attributes: [String]) -> String {
    let list = attributes.map { name in
      JSONText.Node.object([.init("name", .string(name)), .init("type", .string("string"))])
    }
    return JSONText.Node.list(
      names.sorted().map {
        .object([.init("name", .string($0)), .init("attributes", .list(list))])
      }
    ).text
  }
}
