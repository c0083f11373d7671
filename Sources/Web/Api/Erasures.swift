package import Engine
import Orchestration
package import PetriNet

/// Finds what is about a person; throws where the log cannot be read.
package typealias PersonFinding = @Sendable (_ subject: String) throws -> PersonalCases

/// The cases that are about one person, and the keys under which what is personal in them is sealed.
package struct PersonalCases: Sendable, Equatable {
  package struct Found: Sendable, Equatable {
    package var id: CaseID
    package var workflow: WorkflowName
    package var opened: Instant
    /// As the list of cases has it.
    package var status: String
    /// Of the case, and of the messages that it took.
    package var keys: [Int64]

    package init(
      id: CaseID, workflow: WorkflowName, opened: Instant, status: String, keys: [Int64]
    ) {
      self.id = id
      self.workflow = workflow
      self.opened = opened
      self.status = status
      self.keys = keys
    }
  }

  package var cases: [Found]
  /// Workflows that name nobody (`case: {subject: …}`), with the number of their cases: those were
  /// not looked at.
  package var withoutSubject: [String: Int]

  package init(cases: [Found], withoutSubject: [String: Int]) {
    self.cases = cases
    self.withoutSubject = withoutSubject
  }
}

/// `POST /v1/erasures`: what is personal in all cases about one person becomes unreadable.
enum Erasures {
  /// So many keys go into one row, whose body is bounded (LOG §1).
  static let keysInRow = 4_000
  /// What stands in the log without a reason of the caller's.
  static let reason = "asked for"

  /// The plan with `dry_run`; else an erasure, whose rows are on disk and performed when it answers.
  static func erase(_ call: Call) async throws(Problem) -> Answer {
    let node = try call.json()
    let body = try Body(node, allowed: ["subject", "reason", "cancel_open"])
    let subject = try body.requiredText("subject")
    let reason = try body.text("reason") ?? Self.reason
    let isEnding = try flag(body, "cancel_open")
    let isPlan = try call.query.flag("dry_run")
    let key = try call.requestKey(body: node)
    let found = try find(subject, call)
    guard !isPlan else { return .json(Self.node(found, [("dry_run", .bool(true))])) }
    if found.cases.isEmpty, let key {
      // Whom it was about is not to be found any more: only the key tells a repeat.
      let first = try await call.api.submit(.tick, key: key)
      if first.isReplay, case .done(let event?) = first.reply {
        return .json(
          Self.node(found, [("events", .list([.seq(event)]))]), headers: first.replayHeaders)
      }
    }
    let open = found.cases.filter { $0.status == "open" }
    guard open.isEmpty || isEnding else {
      let names = open.prefix(5).map { APIName.text($0.id) }.joined(separator: ", ")
      throw Problem(.casesOpen, "Some cases about that person are open: \(names)")
    }
    return try await perform(found, reason, key, call)
  }

  private static func perform(
    _ found: PersonalCases, _ reason: String, _ key: RequestKey?, _ call: Call
  ) async throws(Problem) -> Answer {
    let keys = Set(found.cases.flatMap(\.keys)).sorted()
    var events: [JSONText.Node] = []
    for start in stride(from: 0, to: keys.count, by: keysInRow) {
      let part = Array(keys[start..<min(start + keysInRow, keys.count)])
      let command = EraseKeys(keys: part, by: call.by, reason: reason)
      let reply = try await call.api.submit(.erase(command), key: start == 0 ? key : nil)
      guard case .done(let event) = reply.reply else { throw reply.unexpected("an erasure") }
      if let event { events.append(.seq(event)) }
    }
    return .json(node(found, [("events", .list(events))]))
  }

  private static func find(_ subject: String, _ call: Call) throws(Problem) -> PersonalCases {
    do {
      return try call.api.findPerson(subject)
    } catch {
      call.api.logger.error("cases could not be looked through", metadata: ["error": "\(error)"])
      throw Problem(.storeUnavailable, "The log could not be looked through; nothing was erased.")
    }
  }

  private static func flag(_ body: Body, _ name: String) throws(Problem) -> Bool {
    switch body[name] {
    case nil, .null?: return false
    case .bool(let value)?: return value
    case let other?: throw .member(name, found: other.kindText, expected: "true or false")
    }
  }

  private static func node(
    _ found: PersonalCases, _ members: [(String, JSONText.Node?)]
  ) -> JSONText.Node {
    let unnamed = found.withoutSubject.sorted {
      $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
    }
    return .fields(
      members + [
        (
          "cases",
          .list(
            found.cases.map { found in
              .fields([
                ("case", .id(found.id)), ("workflow", .string(found.workflow.text)),
                ("opened", .time(found.opened)), ("status", .string(found.status)),
                ("keys", .integer(found.keys.count)),
              ])
            })
        ),
        ("keys", .integer(Set(found.cases.flatMap(\.keys)).count)),
        ("without_subject", .object(unnamed.map { .init($0.key, .integer($0.value)) })),
      ])
  }
}
