internal import ArgumentParser
internal import PetriNet

/// `petrel audit erase`.
struct AuditErase: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "Makes the personal fields of everything about one person unreadable, for ever.",
    discussion: """
      Finds the cases whose workflow names that person (case: {subject: …}), the cases they called and
      the messages they took. Without --yes this is a plan. With it an event says which keys go, they
      are overwritten, and what was sealed under them is deleted; rows, hashes and proofs stay. A
      running service does it, else this process. Exit code 1 where cases are open and --cancel-open is not given.
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
    let access =
      try yes
      ? ServiceAccess.writing(service.destination) : ServiceAccess.planning(service.destination)
    do {
      try await run(access)
    } catch {
      await access.close()
      throw error
    }
    await access.close()
  }

  private func run(_ access: ServiceAccess) async throws {
    let plan = try await access.send(
      "POST", "/v1/erasures?dry_run=true", body: body(["subject": .string(subject)])
    ).json
    tell(plan)
    guard yes, !plan.list("cases").isEmpty else { return }
    let done = try await access.send(
      "POST", "/v1/erasures",
      body: body([
        "cancel_open": .bool(cancelOpen), "reason": .string(reason), "subject": .string(subject),
      ])
    ).json
    let rows = done.list("events").map { "#\($0.text)" }.joined(separator: ", ")
    let count = done.integer("keys") ?? 0
    Console.print("erased: \(count) \(count == 1 ? "key" : "keys"), by \(rows)")
    service.talk.note(
      "backups of petrel.keys hold those keys until they are gone too: keep none for over a week")
  }

  private func body(_ members: [String: JSONText.Node]) -> JSONText.Node {
    .object(members.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) })
  }

  private func tell(_ plan: JSONText.Node) {
    let cases = plan.list("cases")
    var table = Table(["CASE", "WORKFLOW", "OPENED", "STATUS", "KEYS"].map { .init($0) })
    for found in cases {
      table.add(["case", "workflow", "opened", "status", "keys"].map { found.cell($0) })
    }
    if !table.isEmpty { table.print() }
    if case .object(let members)? = plan["without_subject"] {
      for member in members {
        service.talk.note(
          "\(member.name) names nobody: its \(member.value.text) cases were not looked at "
            + "(case: {subject: …})")
      }
    }
    if cases.isEmpty {
      service.talk.note("no case is about that person")
    } else if !yes {
      service.talk.note("nothing was erased; --yes does it")
    }
  }
}
