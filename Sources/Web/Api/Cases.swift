import Engine
import Orchestration
import PetriNet

/// `/v1/cases`: lists and trails from the log, what is open from the state.
enum Cases {
  static let filters = ["workflow", "status", "key", "sort"]

  /// Newest first.
  static func list(_ call: Call) async throws(Problem) -> Answer {
    let page = try Page(call.query, of: "cases")
    var query = CaseQuery(
      workflow: call.query.name("workflow").map { WorkflowName($0) },
      businessKey: call.query["key"])
    if let text = call.query["status"] {
      guard let status = CaseQuery.Status(rawValue: text) else {
        let known = CaseQuery.Status.allCases.map(\.rawValue).joined(separator: ", ")
        throw .parameter("status", expected: "one of \(known)")
      }
      query.status = status
    }
    guard call.query["sort"] ?? "-opened" == "-opened" else {
      throw .parameter("sort", expected: "-opened, the newest first")
    }
    let before = try page.afterSeq().map { CaseID($0) }
    let rows = try call.api.log { reading throws(StoreError) in
      try reading.cases(query, before: before, limit: page.limit + 1)
    }
    return page.answer(
      rows, in: call, key: { String($0.id.seq.number) }, node: { .object(members($0)) })
  }

  static func one(_ call: Call) async throws(Problem) -> Answer {
    let (row, node) = try await present(call)
    return Preconditions.answer(node, tag: "\(row.lastSeq.number)", to: call)
  }

  static func events(_ call: Call) async throws(Problem) -> Answer {
    let row = try row(call)
    let query = RowQuery(caseID: row.id)
    if call.wantsEventStream { return try Events.stream(call, query: query, workflow: nil) }
    let page = try Page(call.query, of: "events")
    let after = try page.afterSeq() ?? Seq(0)
    let rows = try call.api.log { reading throws(StoreError) in
      try reading.rows(RowQuery(after: after, caseID: row.id), limit: page.limit + 1)
    }
    return page.answer(rows, in: call, key: { String($0.seq.number) }, node: RowJSON.node)
  }

  /// Tokens in arrival order; of a closed case the list is empty.
  static func tokens(_ call: Call) async throws(Problem) -> Answer {
    let row = try row(call)
    let page = try Page(call.query, of: "tokens")
    let after = try page.after.map { text throws(Problem) -> TokenID in
      guard let id = APIName.tokenID(text) else { throw Page.wrongCursor }
      return id
    }
    let view = try await call.api.look { engine async throws(SubmissionError) in
      try await engine.openCase(row.id)
    }
    let tokens = (view?.tokens ?? []).sorted { $0.id < $1.id }
      .filter { token in after.map { token.id > $0 } ?? true }
    return page.answer(
      Array(tokens.prefix(page.limit + 1)), in: call, key: { APIName.text($0.id) },
      node: { Places.node($0) })
  }

  /// The path's case as the log has it.
  static func row(_ call: Call) throws(Problem) -> CaseRow {
    let noSuch = Problem(.noSuchCase, "There is no such case.")
    guard let id = APIName.caseID(call.name("c")) else { throw noSuch }
    let row = try call.api.log { reading throws(StoreError) in try reading.caseRow(id) }
    guard let row else {
      try call.api.requireKept(id.seq)
      throw noSuch
    }
    return row
  }

  /// The path's case, with all that is shown of one.
  static func present(_ call: Call) async throws(Problem) -> (CaseRow, JSONText.Node) {
    let row = try row(call)
    let view = try await call.api.look { engine async throws(SubmissionError) in
      try await engine.openCase(row.id)
    }
    var members = members(row)
    if let view {
      members.append(.init("version", .string(Workflows.hex(view.version))))
      return (row, .object(members + openMembers(view)))
    }
    guard let version = try await version(of: row, call) else { return (row, .object(members)) }
    members.append(.init("version", .string(Workflows.hex(version.hash))))
    if row.status != .open, let net = version.net {
      let result = try call.api.log { reading throws(StoreError) in
        try CaseResult.tokens(of: row, net: net, reading: reading)
      }
      members.append(.init("result", .list(result)))
    }
    return (row, .object(members))
  }

  /// The version that a case has, or had in the end: loaded, or out of the log. Without a net where
  /// its text cannot be compiled any more.
  private static func version(
    of row: CaseRow, _ call: Call
  ) async throws(Problem) -> (hash: [UInt8], net: Net?)? {
    let id = try call.api.log { reading throws(StoreError) in try reading.version(of: row) }
    let loaded = try await call.api.look { engine async throws(SubmissionError) in
      try await engine.versions(of: row.workflow)
    }
    if let version = loaded.first(where: { $0.definition == id }) {
      return (version.hash, version.net)
    }
    let stored = try call.api.log { reading throws(StoreError) in try reading.definitions() }
    guard let version = stored.first(where: { $0.id == id }) else { return nil }
    return (version.hash, try? call.api.storedNet(version, stored))
  }

  private static func members(_ row: CaseRow) -> [JSONText.Member] {
    var members: [JSONText.Member] = [
      .init("id", .id(row.id)), .init("workflow", .string(row.workflow.text)),
      .init("status", .string(row.status.rawValue)), .init("opened", .time(row.opened)),
      .init("event", .seq(row.lastSeq)),
    ]
    if let key = row.businessKey { members.append(.init("key", .string(key))) }
    if let closed = row.closed {
      members.append(.init("closed", .time(closed)))
      members.append(
        .init(
          "ended_in",
          .object(row.endedIn.map { .init($0.place.text, .integer($0.count)) })))
    }
    return members
  }

  private static func openMembers(_ view: OpenCaseView) -> [JSONText.Member] {
    var places: [JSONText.Member] = []
    var counts: [(name: String, count: Int)] = []
    for token in view.tokens where token.heldBy == nil {
      if let index = counts.firstIndex(where: { $0.name.utf8.elementsEqual(token.place.utf8) }) {
        counts[index].count += 1
      } else {
        counts.append((token.place, 1))
      }
    }
    places = counts.map { .init($0.name, .integer($0.count)) }
    return [
      .init("input", ValueJSON.node(view.input, view.inputColour, showsPersonal: true)),
      .init("places", .object(places)),
      .init("in_flight", .list(view.inFlight.map(node))),
      .init("tasks", .list(view.tasks.map { .id($0) })),
      .init("incidents", .list(view.incidents.map { .id($0) })),
    ]
  }

  static func node(_ firing: FiringView) -> JSONText.Node {
    .fields([
      ("firing", .id(firing.id)), ("transition", .string(firing.transition.text)),
      ("kind", .string(firing.kind)), ("deadline", firing.deadline.map { .time($0) }),
      ("attempt", firing.attempt.map { .integer($0) }),
      ("let_go", firing.isLetGo ? .bool(true) : nil),
    ])
  }
}
