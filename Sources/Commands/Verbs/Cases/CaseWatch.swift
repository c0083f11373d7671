internal import ArgumentParser
internal import Engine
internal import Orchestration
internal import PetriNet

/// `petrel case watch`.
struct CaseWatch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Follow a case, a line an event, until it ends.",
    discussion: """
      With -o jsonl an event a line; with -o json one document when the case has ended.
      Examples:
        petrel case watch c1071
        petrel case watch c1071 --for 10s -o jsonl
      """)

  @Argument(help: "The case, as c1071.")
  var id: String
  @Option(name: .customLong("for"), help: "At most so long, as 30s; exit code 75 if it still runs.")
  var length: String?
  @OptionGroup var service: ServiceOptions

  private static let pause = Duration.milliseconds(200)

  func run() async throws {
    let limit = try length.map { text in
      guard let microseconds = QuantityText.microseconds(text) else {
        throw Failure(.wrongCall, "C101", "--for '\(text)': expected a duration as 30s")
      }
      return ContinuousClock().now.advanced(by: .microseconds(microseconds))
    }
    let access = try ServiceAccess.reading(service.destination)
    let path = "/v1/cases/\(ServiceClient.encoded(id))"
    var pages = EventPages(path: "\(path)/events")
    var items: [JSONText.Node] = []
    while true {
      // Looked at before its events are, so that the last of them is not missed.
      let view = try await access.get(path)
      for row in try await pages.new(from: access) {
        items.append(row)
        tell(row)
      }
      if view.text("status") != "open" { break }
      if let limit, ContinuousClock().now >= limit {
        throw Failure(.tryAgain, "C105", "\(id) is still open", help: "petrel case show \(id)")
      }
      try await Task.sleep(for: Self.pause)
    }
    if service.output.format == .json {
      JSONDocument(schema: "petrel.events/1", items: items).print(as: .json)
    }
  }

  private func tell(_ row: JSONText.Node) {
    switch service.output.format {
    case .json: break
    case .jsonl: Console.print(row.text)
    case .table:
      let body = row["body"] ?? .null
      let names = ["transition", "outcome", "place", "reason"].compactMap { body.text($0) }
      let line = "#\(row.integer("seq") ?? 0)  \(row.text("at") ?? "")  \(row.text("kind") ?? "")"
      Console.print(VisibleText.visible(([line] + names).joined(separator: "  ")))
    }
  }
}

/// The events of a case page by page, each once.
private struct EventPages {
  var path: String
  /// Where the last page that was whole ended.
  private var cursor: String?
  private var last: Int64 = 0

  init(path: String) { self.path = path }

  mutating func new(from access: ServiceAccess) async throws -> [JSONText.Node] {
    var rows: [JSONText.Node] = []
    while true {
      let query = Listing.text(of: [("limit", "500"), ("after", cursor)])
      let page = try await access.get(path + query)
      for row in page.list("items") where row.integer("seq") ?? 0 > last {
        last = row.integer("seq") ?? last
        rows.append(row)
      }
      guard let next = page.text("next") else { return rows }
      cursor = next
    }
  }
}
