import Engine
import Orchestration
import PetriNet

/// `/v1/verdicts`: what models answered, read from the log.
enum Verdicts {
  static let filters = ["case", "workflow", "transition", "outcome", "reason"]
  /// Rows looked at for one page of a filtered list.
  static let scanMax = 20_000

  /// In the order of the log.
  static func list(_ call: Call) async throws(Problem) -> Answer {
    let page = try Page(call.query, of: "verdicts")
    let caseID = try call.query.caseID("case")
    let filter = Filter(
      workflow: call.query.name("workflow"), transition: call.query.name("transition"),
      outcome: call.query["outcome"], reason: call.query["reason"])
    let after = try page.afterSeq() ?? Seq(0)
    let found = try call.api.log { reading throws(StoreError) in
      var lookup = VerdictLookup(reading: reading)
      return try lookup.verdicts(
        RowQuery(after: after, caseID: caseID, kinds: ["verdictRecorded"]), filter,
        limit: page.limit + 1)
    }
    return page.answer(
      found, in: call, key: { String($0.row.seq.number) }, node: { .object($0.members) })
  }

  /// One firing: its question, every call, and how it ended. Contents of requests and replies are
  /// given only when asked for.
  static func one(_ call: Call) async throws(Problem) -> Answer {
    guard let id = APIName.firingID(call.name("f")) else { throw noSuch }
    let showsContents = try call.query.flag("contents")
    if showsContents {
      call.api.logger.notice(
        "contents of a verdict were read",
        metadata: ["by": "\(call.by.text)", "verdict": "\(APIName.text(id))"])
    }
    let members = try call.api.log { reading throws(StoreError) in
      var lookup = VerdictLookup(reading: reading)
      return try lookup.record(of: id, showsContents: showsContents)
    }
    guard let members else {
      try call.api.requireKept(id.seq)
      throw noSuch
    }
    return .json(.object(members))
  }

  struct Filter: Sendable {
    var workflow: String?
    var transition: String?
    var outcome: String?
    var reason: String?
  }

  private static var noSuch: Problem { Problem(.noSuchVerdict, "There is no such verdict.") }
}

/// Verdicts out of rows, with what their requests say.
struct VerdictLookup {
  struct Found {
    var row: LogRow
    var members: [JSONText.Member]
  }

  let reading: any LogReading
  private var names: [Seq: String] = [:]
  private var workflows: [CaseID: String] = [:]

  init(reading: any LogReading) { self.reading = reading }

  mutating func verdicts(
    _ query: RowQuery, _ filter: Verdicts.Filter, limit: Int
  ) throws(StoreError) -> [Found] {
    var query = query
    var found: [Found] = []
    var scanned = 0
    while found.count < limit, scanned < Verdicts.scanMax {
      let rows = try reading.rows(query, limit: 500)
      guard let last = rows.last else { break }
      for row in rows where found.count < limit {
        let members = try members(of: row)
        if Self.fits(.object(members), filter) { found.append(Found(row: row, members: members)) }
      }
      scanned += rows.count
      query.after = last.seq
    }
    return found
  }

  mutating func record(
    of firing: FiringID, showsContents: Bool
  ) throws(StoreError) -> [JSONText.Member]? {
    guard let request = try row(at: firing.seq), request.kind == "verdictRequested" else {
      return nil
    }
    let body = RowJSON.body(of: request)
    var members: [JSONText.Member] = [
      .init("firing", .id(firing)), .init("asked", .time(request.at)),
    ]
    if let id = request.caseID { members.append(.init("case", .id(id))) }
    if let name = try workflow(of: request, body) {
      members.append(.init("workflow", .string(name)))
    }
    for name in ["transition", "guard", "consumed", "read"] {
      if let node = body[name] { members.append(.init(name, node)) }
    }
    if let deadline = body.integerMember("deadline") {
      members.append(.init("deadline", .time(Instant(microseconds: deadline))))
    }
    var calls: [JSONText.Node] = []
    let query = RowQuery(
      after: firing.seq, caseID: request.caseID, kinds: ["callRecorded", "verdictRecorded"])
    for row in try reading.rows(query, limit: Verdicts.scanMax) {
      let body = RowJSON.body(of: row)
      guard body.integerMember("firing") == firing.seq.number else { continue }
      if let call = body["call"] {
        calls.append(try self.call(call, of: row, body, showsContents: showsContents))
      }
      guard row.kind == "verdictRecorded" else { continue }
      members.append(.init("recorded", .time(row.at)))
      members.append(.init("event", .seq(row.seq)))
      for name in ["outcome", "reason"] {
        if let node = body[name] { members.append(.init(name, node)) }
      }
    }
    return members + [.init("calls", .list(calls))]
  }

  private mutating func members(of row: LogRow) throws(StoreError) -> [JSONText.Member] {
    let body = RowJSON.body(of: row)
    let firing = Seq(body.integerMember("firing") ?? 0)
    let request = try self.row(at: firing)
    let asked = request.map { RowJSON.body(of: $0) }
    let workflow = try request.flatMap { row throws(StoreError) in
      try self.workflow(of: row, asked ?? .null)
    }
    let node = JSONText.Node.fields([
      ("firing", .id(FiringID(firing))), ("case", row.caseID.map { .id($0) }),
      ("workflow", workflow.map { .string($0) }), ("transition", asked?["transition"]),
      ("outcome", body["outcome"]), ("reason", body["reason"]),
      ("confidence", body["call"]?["confidence"]), ("model", body["call"]?["model"]),
      ("attempt", body["call"]?["attempt"]), ("guard", asked?["guard"]),
      ("asked", request.map { .time($0.at) }), ("recorded", .time(row.at)),
      ("event", .seq(row.seq)),
    ])
    guard case .object(let members) = node else { return [] }
    return members
  }

  /// A call with its sealed parts covered, or opened.
  private func call(
    _ call: JSONText.Node, of row: LogRow, _ body: JSONText.Node, showsContents: Bool
  ) throws(StoreError) -> JSONText.Node {
    guard case .object(let members) = call else { return call }
    var shown: [JSONText.Member] = []
    for member in members {
      switch member.name {
      case "question", "reply":
        shown.append(
          .init(
            member.name,
            showsContents ? try contents(member.value) : .string(ValueWriting.sealedText)))
      case "started", "ended", "first_byte":
        let instant = call.integerMember(member.name).map { Instant(microseconds: $0) }
        shown.append(.init(member.name, instant.map { .time($0) } ?? member.value))
      default: shown.append(member)
      }
    }
    if row.kind == "callRecorded", let reason = body["reason"] {
      shown.append(.init("reason", reason))
    }
    if body["late"] == .bool(true) { shown.append(.init("late", .bool(true))) }
    return .object(shown + [.init("event", .seq(row.seq))])
  }

  /// The plaintext of a payload as text; `‹erased›` where its key is gone.
  private func contents(_ reference: JSONText.Node) throws(StoreError) -> JSONText.Node {
    let text = reference.textMember("~")
    let plain: String? = if case .string(let text) = reference { text } else { nil }
    guard let id = (text ?? plain).flatMap({ APIName.tokenID($0) }) else { return reference }
    guard let bytes = try reading.payload(seq: id.seq, index: id.index) else {
      return .string(ValueWriting.erasedText)
    }
    return .string(String(decoding: bytes, as: UTF8.self))
  }

  private func row(at seq: Seq) throws(StoreError) -> LogRow? {
    let row = try reading.rows(RowQuery(after: Seq(seq.number - 1)), limit: 1).first
    return row?.seq == seq ? row : nil
  }

  /// Of its case, or of the registration that a row without a case names.
  mutating func workflow(of row: LogRow, _ body: JSONText.Node) throws(StoreError) -> String? {
    if let id = row.caseID {
      if let known = workflows[id] { return known }
      let name = try reading.caseRow(id)?.workflow.text
      workflows[id] = name
      return name
    }
    guard let registration = body.integerMember("workflow").map({ Seq($0) }) else {
      return body.textMember("name")
    }
    if let known = names[registration] { return known }
    let name = try self.row(at: registration).flatMap {
      RowJSON.body(of: $0).textMember("name")
    }
    names[registration] = name
    return name
  }

  private static func fits(_ node: JSONText.Node, _ filter: Verdicts.Filter) -> Bool {
    func equal(_ name: String, _ wanted: String?) -> Bool {
      guard let wanted else { return true }
      return node.textMember(name).map { $0.utf8.elementsEqual(wanted.utf8) } ?? false
    }
    return equal("workflow", filter.workflow) && equal("transition", filter.transition)
      && equal("outcome", filter.outcome) && equal("reason", filter.reason)
  }
}
