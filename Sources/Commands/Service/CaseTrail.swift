internal import CEL
internal import Engine
internal import Orchestration
internal import PetriNet
internal import Workflows

/// What happened in one case, a line an event, in a reader's words.
struct CaseTrail {
  /// One event.
  struct Line {
    var seq: Int64
    /// Microseconds since the case was opened.
    var after: Int64
    var what: String
    var detail: String
  }

  /// Rows that are read at most; a longer trail is paged by the API.
  static let rowsMax = 20_000

  private(set) var events: [Line] = []
  private let net: Net
  private let opened: Int64
  private var began: [Int64: (kind: String, body: JSONText.Node)] = [:]
  private var counts = (verdicts: 0, effects: 0, people: 0, steps: 0)
  private let incarnation: String
  private let shard: Int64

  init(of row: CaseRow, net: Net, reading: any LogReading, shard: Int64 = 0) throws {
    self.net = net
    self.shard = shard
    opened = row.opened.microseconds
    let owners = try reading.rows(RowQuery(kinds: ["ownerStarted"]), limit: Self.rowsMax)
    let owner = owners.last { $0.seq <= row.lastSeq }
    incarnation =
      try owner.map { try JSONText.parse($0.body) }?.text("incarnation") ?? ""
    for row in try reading.rows(RowQuery(caseID: row.id), limit: Self.rowsMax) {
      add(row, try JSONText.parse(row.body))
    }
  }

  /// The table: EVENT AFTER WHAT DETAIL.
  func lines(width: Int? = nil) -> [String] {
    var table = Table([.init("EVENT"), .init("AFTER", .right), .init("WHAT"), .init("DETAIL")])
    for event in events {
      table.add(["#\(event.seq)", Self.duration(event.after), event.what, event.detail])
    }
    return table.lines(width: width)
  }

  private mutating func add(_ row: LogRow, _ body: JSONText.Node) {
    began[row.seq.number] = (row.kind, body)
    let (what, detail) = describe(row.kind, body, row)
    events.append(
      Line(
        seq: row.seq.number, after: row.at.microseconds - opened, what: what, detail: detail))
  }

  private mutating func describe(
    _ kind: String, _ body: JSONText.Node, _ row: LogRow
  ) -> (String, String) {
    let start = began[body.integer("firing") ?? body.integer("task") ?? 0]?.body
    let transition = body.text("transition") ?? start?.text("transition") ?? ""
    switch kind {
    case "caseOpened": return ("opened", openedDetail(body))
    case "verdictRequested": return ("asked", asked(transition, body, row))
    case "callRecorded":
      let late = body["late"] == nil ? "" : ", too late: it moves nothing"
      let attempt = body["call"]?.integer("attempt") ?? 0
      return ("call", "attempt \(attempt): \(body.text("reason") ?? "answered")\(late)")
    case "verdictRecorded":
      counts.verdicts += 1
      return ("verdict", verdict(body))
    case "firingStarted":
      let key = "\(shard)-\(row.seq.number)-\(incarnation)"
      let isEffect = isFinal(body.text("action"))
      if isEffect { counts.effects += 1 }
      return (
        "started", "\(transition): \(body.text("action") ?? "")" + (isEffect ? ", key \(key)" : "")
      )
    case "attemptFailed":
      let wait = (body.integer("next") ?? 0) - row.at.microseconds
      return (
        "failed",
        "attempt \(body.integer("attempt") ?? 0): \(body.text("code") ?? ""), again in "
          + "\(Self.duration(wait)) with the same key"
      )
    case "firingCompleted":
      let attempts = body.integer("attempts") ?? 1
      let times = attempts > 1 ? " after \(attempts) attempts" : ""
      let code = body.text("code").map { " \($0)" } ?? ""
      return ("completed", "\(body.text("outcome") ?? "")\(code)\(times)\(places(body))")
    case "fired":
      counts.steps += 1
      return ("fired", fired(transition, body))
    default: return described(kind, transition, body)
    }
  }

  private mutating func described(
    _ kind: String, _ transition: String, _ body: JSONText.Node
  ) -> (String, String) {
    switch kind {
    case "taskOffered":
      return ("offered", transition + (body.text("for").map { " to \($0)" } ?? ""))
    case "taskClaimed":
      return ("claimed", "\(transition) by \(Self.person(body.text("holder") ?? body.text("by")))")
    case "taskReleased": return ("released", transition)
    case "taskWithdrawn": return ("withdrawn", "\(transition): \(body.text("reason") ?? "")")
    case "taskAnswered":
      counts.people += 1
      return (
        "answered",
        "\(transition): \(body.text("outcome") ?? "") by \(Self.person(body.text("by")))"
          + places(body)
      )
    case "caseClosed": return ("ended", ended(body))
    case "startJoined": return ("joined", "another start with the same business key")
    case "labelRecorded":
      return ("labelled", "\(body.text("label") ?? "") by \(Self.person(body.text("by")))")
    case "incidentResolved":
      return ("resolved", "\(body.text("how") ?? "") by \(Self.person(body.text("by")))")
    case "caseMigrated":
      return (
        "migrated",
        "version #\(body.integer("from") ?? 0) → #\(body.integer("to") ?? 0) by "
          + Self.person(body.text("by")) + places(body)
      )
    case "tokenDeposited": return ("deposited", String(places(body).dropFirst(3)))
    case "incidentRaised":
      return (
        "incident", "\(body.text("code") ?? "") at \(transition) \(body.text("position") ?? "")"
      )
    case "commandRefused":
      return ("refused", "\(body.text("command") ?? ""): \(body.text("reason") ?? "")")
    default: return (kind, transition)
    }
  }

  private func openedDetail(_ body: JSONText.Node) -> String {
    let token = body.list("tokens").first
    let key = body.text("business_key").map { " ← \($0)" } ?? ""
    let input = net.caseRules.input.map(Self.personalFields) ?? 0
    let sealed = input == 0 ? "" : " (\(input) personal fields, sealed)"
    return "\(token?.text("place") ?? "")\(key)\(sealed)"
  }

  private func asked(_ transition: String, _ body: JSONText.Node, _ row: LogRow) -> String {
    let found = net.transitions.first { $0.name == TransitionName(transition) }
    var labels = ""
    if case .judge(let work)? = found?.work {
      labels = net.prompts[work.prompt].outcomes.joined(separator: " or ") + "?  "
    }
    let left = (body.integer("deadline") ?? 0) - row.at.microseconds
    return "\(transition): \(labels)guard #\(body.integer("guard") ?? 0), deadline +"
      + Self.duration(left)
  }

  private func verdict(_ body: JSONText.Node) -> String {
    let outcome = body.text("outcome") ?? ""
    let reason = body.text("reason").map { " \($0)" } ?? ""
    guard let call = body["call"] else { return "\(outcome)\(reason)\(places(body))" }
    let model = call.text("model").map { "   model \($0)" } ?? ""
    return "\(outcome)\(reason)\(places(body))\(model), attempt \(call.integer("attempt") ?? 1)"
  }

  /// The branch taken, with the condition that was true.
  private func fired(_ transition: String, _ body: JSONText.Node) -> String {
    guard let branch = body.text("branch") else { return transition + places(body) }
    let found = net.transitions.first { $0.name == TransitionName(transition) }
    var condition = ""
    if case .choose(let branches)? = found?.work,
      let text = branches.first(where: { $0.name == branch })?.condition?.text
    {
      condition = ": \(text)"
    }
    return "\(transition).\(branch)\(condition)\(places(body))"
  }

  private func ended(_ body: JSONText.Node) -> String {
    let firings = counts.verdicts + counts.people + counts.steps + actions
    let places =
      if case .object(let members)? = body["ended_in"], !members.isEmpty {
        members.map(\.name).joined(separator: ", ")
      } else {
        body.text("how") ?? ""
      }
    return "\(places) · \(firings) firings: \(counts.verdicts) verdict, \(counts.effects) effect, "
      + "\(counts.people) people"
  }

  private var actions: Int { began.values.filter { $0.kind == "firingStarted" }.count }

  private func places(_ body: JSONText.Node) -> String {
    let names = body.list("tokens").compactMap { $0.text("place") }
    return names.isEmpty ? "" : " → " + names.joined(separator: ", ")
  }

  private func isFinal(_ action: String?) -> Bool {
    net.actions.first { $0.name.text == action }?.effect == .final
  }

  private static func personalFields(_ colour: ColourSet) -> Int {
    guard case .record(let record) = colour else { return 0 }
    return record.fields.filter(\.isPersonal).count
  }

  /// `local:ada` as `ada (local)`.
  static func person(_ subject: String?) -> String {
    guard let subject else { return "somebody" }
    guard subject.hasPrefix("local:") else { return subject }
    return "\(subject.dropFirst("local:".count)) (local)"
  }

  /// Milliseconds with thousands, seconds where they are whole enough.
  static func duration(_ microseconds: Int64) -> String {
    let milliseconds = microseconds / 1_000
    guard milliseconds >= 1_000 else { return "\(milliseconds) ms" }
    return "\(milliseconds / 1_000),\(String(milliseconds % 1_000 + 1_000).dropFirst()) ms"
  }
}
