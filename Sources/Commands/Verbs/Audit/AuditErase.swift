internal import ArgumentParser
internal import Engine
internal import Orchestration
internal import PetriNet
internal import SQLiteStore

/// `petrel audit erase`.
struct AuditErase: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "Makes the personal fields of everything about one person unreadable, for ever.",
    discussion: """
      Finds the cases whose workflow names that person (case: {subject: …}), the cases they called and
      the messages they took. Without --yes this is a plan. With it an event says which keys go, they
      are overwritten, and what was sealed under them is deleted; rows, hashes and proofs stay. The
      service must not run. Exit code 1 where cases are open and --cancel-open is not given.
      Examples:
        petrel audit erase --subject kim@example.com
        petrel audit erase --subject kim@example.com --yes --cancel-open
      """)

  @Option(help: "The person, as case.subject of the workflow gives it.")
  var subject: String

  @Flag(help: "Does it.")
  var yes = false

  @Flag(help: "Ends cases that are still open; nothing of them is compensated.")
  var cancelOpen = false

  @Option(help: "Why; stays in the log: do not name the person.")
  var reason = "asked for"

  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let path = try service.auditedPath()
    let plan = try auditing {
      let reader = try LogReader(path: path, keys: try LogFile.keys(of: path, isTold: false))
      return try ErasurePlan(subject, in: reader)
    }
    tell(plan)
    guard yes, !plan.found.isEmpty else { return }
    let open = plan.found.filter { $0.row.status == .open }
    guard open.isEmpty || cancelOpen else {
      let names = open.prefix(5).map { "c\($0.row.id.seq.number)" }.joined(separator: ", ")
      throw Failure(
        .no, "T105", "cases are still open: \(names)",
        help: "let them end, or end them with --cancel-open")
    }
    let seqs = try await erase(plan.keys, at: path)
    let rows = seqs.map { "#\($0.number)" }.joined(separator: ", ")
    let count = plan.keys.count
    Console.print("erased: \(count) \(count == 1 ? "key" : "keys"), by \(rows)")
    service.talk.note(
      "backups of petrel.keys hold those keys until they are gone too: keep none for over a week")
  }

  private func tell(_ plan: ErasurePlan) {
    var table = Table(["CASE", "WORKFLOW", "OPENED", "STATUS", "KEYS"].map { .init($0) })
    for found in plan.found {
      table.add([
        "c\(found.row.id.seq.number)", found.row.workflow.text,
        TimeText.absolute(found.row.opened), found.row.status.rawValue, "\(found.keys.count)",
      ])
    }
    if !table.isEmpty { table.print() }
    for (workflow, count) in plan.withoutSubject.sorted(by: { $0.key < $1.key }) {
      service.talk.note(
        "\(workflow) names nobody: its \(count) cases were not looked at (case: {subject: …})")
    }
    if plan.found.isEmpty {
      service.talk.note("no case is about that person")
    } else if !yes {
      service.talk.note("nothing was erased; --yes does it")
    }
  }

  /// - Returns: The rows that asked for it.
  private func erase(_ keys: [Int64], at path: String) async throws -> [Seq] {
    let orchestrator = try OfflineOwner.orchestrator(path)
    var seqs: [Seq] = []
    do {
      for start in stride(from: 0, to: keys.count, by: 4_000) {
        let part = Array(keys[start..<min(start + 4_000, keys.count)])
        let by = service.destination.person.map { Subject("local:\($0)") } ?? .local
        let command = EraseKeys(keys: part, by: by, reason: reason)
        if case .done(let event?) = try await orchestrator.submit(.erase(command)).reply {
          seqs.append(event)
        }
      }
    } catch {
      await orchestrator.stop()
      throw Failure(.disk, "S201", "the log cannot be written any more")
    }
    await orchestrator.stop()
    if let failure = orchestrator.failure { throw Failure(failure) }
    return seqs
  }
}
