internal import ArgumentParser
internal import PetriNet

/// `petrel verdict`: what models answered.
struct VerdictVerbs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verdict", abstract: "Look at what models answered.",
    discussion: """
      Examples:
        petrel verdict list --outcome fallback
        petrel verdict show f1072 --contents
      """, subcommands: [VerdictList.self, VerdictShow.self])
}

/// `petrel verdict list`.
struct VerdictList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Verdicts, in the order of the log.",
    discussion: """
      Examples:
        petrel verdict list --transition understand_intent
        petrel verdict list --outcome fallback --reason timeout.first_byte -o jsonl --all
      """)

  @OptionGroup var rows: RowListOptions
  @Option(help: "A label, or fallback.")
  var outcome: String?
  @Option(help: "Of a fallback: timeout.first_byte, refusal, …")
  var reason: String?
  @OptionGroup var list: ListOptions

  func run() async throws {
    let listing = Listing(
      schema: "petrel.verdicts/1",
      columns: [
        .init("FIRING", "firing"), .init("CASE", "case"), .init("TRANSITION", "transition"),
        .init("OUTCOME", "outcome"), .init("REASON", "reason"), .init("MODEL", "model"),
        .init("ATTEMPT", "attempt", .right), .init("RECORDED", "recorded"),
      ])
    try await list.show(
      "/v1/verdicts", rows.filters + [("outcome", outcome), ("reason", reason)], as: listing)
  }
}

/// `petrel verdict show`.
struct VerdictShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One question: every call, its reply, and how it ended.",
    discussion: """
      The rendered prompt and the raw reply are shown with --contents alone.
      Examples:
        petrel verdict show f1072
        petrel verdict show f1072 --contents
      """)

  @Argument(help: "The firing, as f1072.")
  var id: String
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let query = Listing.text(of: [("contents", service.destination.contents ? "true" : nil)])
    let node = try await ServiceAccess.reading(service.destination)
      .get("/v1/verdicts/\(ServiceClient.encoded(id))\(query)")
    guard service.output.format == .table, case .object(let members) = node else {
      return Details(schema: "petrel.verdict/1", node: node).print(as: service.output.format)
    }
    let calls = node.list("calls")
    let rest = JSONText.Node.object(members.filter { $0.name != "calls" })
    Details(schema: "petrel.verdict/1", node: rest).print(as: .table)
    for (index, call) in calls.enumerated() {
      Console.print("")
      Console.print("call \(index + 1) of \(calls.count)")
      Details(schema: "petrel.verdict/1", node: call).print(as: .table)
    }
  }
}
