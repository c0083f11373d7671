import Engine
import Orchestration
import PetriNet

/// `/v1/tasks`: offers, and who holds them.
enum Tasks {
  static let filters = ["group", "mine", "claimed", "due_before", "case", "workflow"]

  /// In the order they were offered.
  static func list(_ call: Call) async throws(Problem) -> Answer {
    let page = try Page(call.query, of: "tasks")
    var filter = TaskFilter(now: call.api.clock.now())
    filter.group = call.query.name("group")
    filter.dueBefore = try call.query.instant("due_before")
    if try call.query.flag("mine") { filter.heldBy = call.by }
    if call.query["claimed"] != nil { filter.isClaimed = try call.query.flag("claimed") }
    filter.caseID = try call.query.caseID("case")
    filter.workflow = call.query.name("workflow").map { WorkflowName($0) }
    let after = try page.afterSeq().map { TaskID($0) }
    let wanted = filter
    let tasks = try await call.api.look { engine async throws(SubmissionError) in
      try await engine.tasks(wanted, after: after, limit: page.limit + 1)
    }
    return page.answer(
      tasks, in: call, key: { String($0.id.seq.number) },
      node: { .object(members($0, for: call.by, at: filter.now)) })
  }

  static func one(_ call: Call) async throws(Problem) -> Answer {
    let id = try id(call)
    guard let task = try await open(id, call) else {
      let past = try PastTask(id, call.api)
      return Preconditions.answer(past.node, tag: past.tag, to: call)
    }
    return Preconditions.answer(node(task, call), tag: task.tag, to: call)
  }

  /// A lease of 15 minutes, renewed by claiming again.
  static func claim(_ call: Call) async throws(Problem) -> Answer {
    _ = try call.fields([])
    let task = try await present(call)
    try Preconditions.check(task.tag, in: call, current: node(task, call))
    let reply = try await call.api.submit(.claim(ClaimTask(task: task.id, by: call.by)))
    guard case .claimed(_, let until, let event) = reply.reply else {
      throw reply.unexpected("a claim")
    }
    return .json(
      .fields([
        ("task", .id(task.id)), ("holder", .string(call.by.text)), ("until", .time(until)),
        ("event", event.map { .seq($0) }),
      ]))
  }

  static func release(_ call: Call) async throws(Problem) -> Answer {
    _ = try call.fields([])
    let task = try await present(call)
    try Preconditions.check(task.tag, in: call, current: node(task, call))
    let reply = try await call.api.submit(.release(ReleaseTask(task: task.id, by: call.by)))
    guard case .done(let event) = reply.reply else { throw reply.unexpected("a release") }
    return .json(.fields([("task", .id(task.id)), ("event", event.map { .seq($0) })]))
  }

  /// The path's task, as it is offered.
  ///
  /// - Throws: `task-withdrawn` with what took it, `no-such-task`.
  static func present(_ call: Call) async throws(Problem) -> TaskView {
    let id = try id(call)
    if let task = try await open(id, call) { return task }
    throw try PastTask(id, call.api).problem
  }

  private static func id(_ call: Call) throws(Problem) -> TaskID {
    guard let id = APIName.taskID(call.name("t")) else {
      throw Problem(.noSuchTask, "There is no such task.")
    }
    return id
  }

  private static func open(_ id: TaskID, _ call: Call) async throws(Problem) -> TaskView? {
    try await call.api.look { engine async throws(SubmissionError) in
      try await engine.task(id)
    }
  }

  /// With what it shows and the form of each outcome.
  static func node(_ task: TaskView, _ call: Call) -> JSONText.Node {
    var members = members(task, for: call.by, at: call.api.clock.now())
    if let shown = task.shown {
      members.append(
        .init("with", .object(shown.map { .init($0.name, ValueJSON.node($0.value)) })))
    }
    members.append(
      .init(
        "forms",
        .object(
          task.outcomes.compactMap { outcome in
            outcome.form.map { .init(outcome.name, ColourSchema.node($0)) }
          })))
    return .object(members)
  }

  private static func members(
    _ task: TaskView, for person: Subject, at now: Instant
  ) -> [JSONText.Member] {
    let holder = task.holder(at: now)
    let hindrance: String? =
      task.notBy.contains(where: person.mayBe)
      ? "four-eyes" : holder.map { $0 != person } == true ? "task-held" : nil
    let node = JSONText.Node.fields([
      ("id", .id(task.id)), ("title", .string(task.title)),
      ("workflow", .string(task.workflow.text)),
      ("transition", .string(task.transition.text)), ("case", task.caseID.map { .id($0) }),
      ("token", .id(task.token)), ("event", .seq(task.id.seq)), ("status", .string("offered")),
      ("group", task.group.map { .string($0) }), ("due", task.due.map { .time($0) }),
      ("outcomes", .texts(task.outcomes.map(\.name))),
      ("holder", holder.map { .string($0.text) }),
      ("until", holder == nil ? nil : task.until.map { .time($0) }),
      (
        "may",
        .fields([
          ("answer", .bool(hindrance == nil)), ("why", hindrance.map { .string($0) }),
        ])
      ),
    ])
    guard case .object(let members) = node else { return [] }
    return members
  }
}

/// A task that is not offered any more, as the log has it.
struct PastTask {
  let node: JSONText.Node
  let tag: String

  /// - Throws: `no-such-task` where the log has no such offer.
  init(_ id: TaskID, _ api: API) throws(Problem) {
    let rows = try api.log { reading throws(StoreError) -> [LogRow] in
      let query = RowQuery(after: Seq(id.seq.number - 1))
      guard let offer = try reading.rows(query, limit: 1).first, offer.seq == id.seq,
        offer.kind == "taskOffered"
      else { return [] }
      let ends = RowQuery(
        after: offer.seq, caseID: offer.caseID, kinds: ["taskAnswered", "taskWithdrawn"])
      return [offer] + (try reading.rows(ends, limit: CaseResult.rowsMax))
    }
    guard let offer = rows.first else {
      throw Problem(.noSuchTask, "There is no such task.")
    }
    let end = rows.dropFirst().first {
      (try? JSONText.parse($0.body))?.integerMember("task") == id.seq.number
    }
    let body = end.flatMap { try? JSONText.parse($0.body) }
    node = .fields([
      ("id", .id(id)), ("event", .seq(end?.seq ?? offer.seq)),
      ("case", offer.caseID.map { .id($0) }),
      ("status", .string(end?.kind == "taskAnswered" ? "answered" : "withdrawn")),
      ("at", end.map { .time($0.at) }), ("by", body?.textMember("by").map { .string($0) }),
      ("outcome", body?.textMember("outcome").map { .string($0) }),
      ("reason", body?.textMember("reason").map { .string($0) }),
    ])
    tag = "\(APIName.text(id))-\(end?.seq.number ?? offer.seq.number)"
  }

  /// 409 that says who or what took it.
  var problem: Problem {
    var detail = "The task was withdrawn."
    if let by = node.textMember("by"), let at = node.textMember("at") {
      detail = "\(Identity.shown(Subject(by))) answered this at \(at)."
    }
    return Problem(.taskWithdrawn, detail, members: [.init("current", node)])
  }
}
