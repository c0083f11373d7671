internal import CEL
internal import Engine
internal import Orchestration
internal import PetriNet
internal import Web
internal import Workflows

/// Starts cases, waits until nothing moves, and says what came of each.
actor CaseRun {
  struct Result: Sendable {
    var line: Int
    var caseID: CaseID?
    var key: String?
    /// completed, open, cancelled, terminated, refused.
    var state: String
    var end: String?
    var result: JSONText.Node?
    var open: [(place: String, count: Int)] = []
    var milliseconds: Int64?
    var incidents = 0
    var meta: JSONText.Node?
    /// Why it was refused.
    var refusal: RefusalText?

    /// The line of `-o jsonl` (CONFIG §5).
    var node: JSONText.Node {
      var members: [JSONText.Member] = [.init("line", .number(JSONNumber(Int64(line))))]
      if let caseID { members.append(.init("case", .string("c\(caseID.seq.number)"))) }
      if let key { members.append(.init("key", .string(key))) }
      members.append(.init("state", .string(state)))
      if let end { members.append(.init("end", .string(end))) }
      if let result { members.append(.init("result", result)) }
      if !open.isEmpty {
        members.append(
          .init("open", .object(open.map { .init($0.place, .number(JSONNumber(Int64($0.count)))) }))
        )
      }
      if let milliseconds { members.append(.init("ms", .number(JSONNumber(milliseconds)))) }
      if let meta { members.append(.init("meta", meta)) }
      if let refusal {
        members.append(.init("code", .string(refusal.code)))
        members.append(.init("reason", .string(refusal.sentence)))
      }
      return .object(members)
    }
  }

  private let service: Service
  private let workflow: Workspace.Workflow
  private var started: [(start: InputLines.Start, caseID: CaseID?, refusal: RefusalText?)] = []

  init(service: Service, workflow: Workspace.Workflow) {
    self.service = service
    self.workflow = workflow
  }

  /// Starts in the order of the lines, a few hundred in a commit; waits for `$at` where it is given.
  func start(_ starts: [InputLines.Start]) async {
    let began = MonotonicClock.monotonicNanoseconds()
    var index = 0
    while index < starts.count {
      var end = min(index + 256, starts.count)
      let wait = starts[index].atMicroseconds
      end = starts[index..<end].firstIndex { $0.atMicroseconds != wait } ?? end
      let passed = (MonotonicClock.monotonicNanoseconds() - began) / 1_000
      if wait > passed { try? await Task.sleep(for: .microseconds(wait - passed)) }
      await start(group: Array(starts[index..<end]))
      index = end
    }
  }

  private func start(group: [InputLines.Start]) async {
    let batch = group.map { item in
      Submission(
        .start(item.start),
        key: RequestKey(
          route: "run", by: .local, key: Array(item.key.utf8), body: Array(item.identity.utf8)))
    }
    let results = (try? await service.orchestrator.submit(batch: batch)) ?? []
    for (index, item) in group.enumerated() {
      let result = index < results.count ? results[index] : .failure(.storeUnavailable)
      var caseID: CaseID?
      if case .success(let submitted) = result, case .started(let id, _, _) = submitted.reply {
        caseID = id
      }
      started.append((item, caseID, RefusalText(result)))
    }
  }

  /// Returns when no firing is in flight, or when `limit` microseconds have passed.
  func untilQuiet(limit: Int64?) async {
    let began = MonotonicClock.monotonicNanoseconds()
    for await _ in service.orchestrator.changes() {
      let isMoving = try? await service.orchestrator.read { machine in
        machine.state.firings.values.contains { $0.isRunning }
      }
      if isMoving != true { return }
      let passed = (MonotonicClock.monotonicNanoseconds() - began) / 1_000
      if let limit, passed >= limit { return }
    }
  }

  /// The first end token's value; all those of its place, in a list, where the place is `many`.
  private static func result(_ tokens: [JSONText.Node], _ net: Net) -> JSONText.Node? {
    guard let first = tokens.first else { return nil }
    let isMany = net.places.contains { place in
      place.kind == .end(many: true) && first["place"] == .string(place.title)
    }
    guard isMany else { return first["value"] }
    return .list(tokens.filter { $0["place"] == first["place"] }.compactMap { $0["value"] })
  }

  func results() async throws -> [Result] {
    let ids = Set(started.compactMap(\.caseID))
    let net = workflow.net
    let open = try await service.orchestrator.read { machine in
      Dictionary(
        uniqueKeysWithValues: ids.compactMap { id in
          machine.openMarking(of: id).map { (id, $0) }
        })
    }
    return try started.map { item in
      var result = Result(line: item.start.line, caseID: item.caseID, state: "refused")
      result.meta = item.start.meta
      result.refusal = item.refusal
      guard let id = item.caseID, let row = try service.reading.caseRow(id) else { return result }
      result.key = row.businessKey
      result.state = row.status.rawValue
      if let marking = open[id] {
        result.open = marking.places
        result.incidents = marking.incidents
      }
      if let closed = row.closed {
        result.milliseconds = (closed.microseconds - row.opened.microseconds) / 1_000
        result.end = row.endedIn.first?.place.text
        let tokens = try CaseResult.tokens(of: row, net: net, reading: service.reading)
        result.result = Self.result(tokens, net)
      }
      return result
    }
  }
}

extension Machine {
  /// Tokens at rest of an open case by place, in the order of the places' names; nil if it is closed.
  func openMarking(of id: CaseID) -> (places: [(place: String, count: Int)], incidents: Int)? {
    guard let open = state.cases[id] else { return nil }
    var counts: [String: Int] = [:]
    for token in open.marking.tokens {
      counts[state.placeName(token.place).text, default: 0] += 1
    }
    let places = counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return (places.map { (place: $0.key, count: $0.value) }, open.incidents.count)
  }
}
