import Foundation
import LoopbackServer
import PetriNet
import Testing

/// Servers that hold their models to the labels and servers that do not, as `petrel doctor` tells
/// them apart, and as they stop a start.
@Suite struct ConstraintTests {
  private static let enforced = "ok enforced: 3 of 3 answers were labels"
  private static let prose =
    "no NOT ENFORCED: an answer was none of the labels (not_strict_json.prose)"

  /// What is told of each: its answers, its constraint, its probabilities.
  private static let told: [(ModelManner, [String?])] = [
    (
      .enforces,
      ["ok stub-1 in # ms", enforced, "ok raw_renormalised, the distribution after the constraint"]
    ),
    (.ignoresSchema, ["ok stub-1 in # ms", prose, "- no answer to look at"]),
    (.ignoresSchemaOnResponses, ["ok stub-1 in # ms", prose, nil]),
    (
      .ignoresSchemaForBooleans,
      ["ok stub-1 in # ms", prose, "no no probabilities came with the answers"]
    ),
    (.ignoresSchemaUntilCut, ["ok stub-1 in # ms", prose, "- no answer to look at"]),
    (
      .ignoresSchemaAsAnother,
      ["no as stub-2, not stub-1: returns: [stub-2] accepts it", prose, "- no answer to look at"]
    ),
    (.onlyThinks, ["no truncated with HTTP 200", nil, nil]),
    (
      .anyJSON,
      [
        "ok stub-1 in # ms",
        "no NOT ENFORCED: an answer was none of the labels (schema.missing_key)",
        "- no answer to look at",
      ]
    ),
    (.failsOnSchema, ["no provider_unavailable with HTTP 500", nil, nil]),
    (
      .otherName,
      ["no HTTP 404: is there a model stub-1, and is this the route? (model_not_found)", nil, nil]
    ),
    (
      .noProbabilities,
      ["ok stub-1 in # ms", enforced, "no no probabilities came with the answers"]
    ),
    (
      .probabilitiesBefore,
      ["ok stub-1 in # ms", enforced, "ok raw_renormalised, up to 50 % lead to no label"]
    ),
  ]

  @Test func `the doctor tells each kind of server apart, all in less than ten seconds`() throws {
    let folder = try WorkingFolder()
    let servers = Self.told.map { ($0.0, ScriptedServer($0.0)) }
    defer { for (_, server) in servers { server.stop() } }
    let endpoints = servers.map { manner, server in
      let dialect =
        manner == .ignoresSchemaOnResponses
        ? "openai-responses" : "compatible, confidence: logprobs"
      return "  \(manner): {url: \"\(server.url)/v1\", dialect: \(dialect), model: stub-1}\n"
    }
    let text = "petrel: 1\nendpoints:\n\(endpoints.joined())model: m\nmodels: {m: enforces}\n"
    try Data(text.utf8).write(to: folder.url.appending(path: "petrel.yaml"))
    let clock = ContinuousClock()
    let began = clock.now

    let result = try PetrelProcess.run(["doctor", "-q", "-o", "jsonl"], in: folder.url)

    let took = clock.now - began
    print("doctor: \(servers.count) servers told apart in \(took)")
    var found: [String: [String: String]] = [:]
    for line in result.output.split(separator: "\n") {
      let node = try JSONText.parse(text: String(line))
      guard case .string(let name)? = node["of"], case .string(let check)? = node["check"],
        case .string(let result)? = node["result"], case .string(let detail)? = node["detail"]
      else { continue }
      found[name, default: [:]][check] =
        "\(result) \(detail)".replacing(/[0-9]+ ms/, with: "# ms")
    }
    for (manner, told) in Self.told {
      let checks = found[manner.rawValue] ?? [:]
      #expect(
        [checks["answers"], checks["constraint"], checks["confidence"]] == told, "\(manner)")
    }
    #expect(took < .seconds(10))
    #expect(result.code == 1, "\(result.notes)")
  }

  /// The house with its model at a server of this manner, and one message to judge.
  private static func house(
    _ server: ScriptedServer, _ changes: [(String, String)] = []
  ) throws -> WorkingFolder {
    let folder = try WorkingFolder()
    let file = folder.url.appending(path: "petrel.yaml")
    var text = try String(contentsOf: file, encoding: .utf8)
      .replacingOccurrences(of: "http://127.0.0.1:41801/v1", with: "\(server.url)/v1")
    for (old, new) in changes { text = text.replacingOccurrences(of: old, with: new) }
    try Data(text.utf8).write(to: file)
    try Data(#"{"order": "o1", "customer": "Kim", "message": "give it back"}"#.utf8)
      .write(to: folder.url.appending(path: "one.jsonl"))
    return folder
  }

  private static func run(_ folder: WorkingFolder) throws -> PetrelProcess.Result {
    try PetrelProcess.run(
      ["run", "refund-triage", "--input", "one.jsonl", "-o", "jsonl", "--until", "2s"],
      in: folder.url)
  }

  @Test(
    arguments: [
      (.ignoresSchema, "not_strict_json.prose"),
      (.ignoresSchemaForBooleans, "not_strict_json.prose"), (.anyJSON, "schema.missing_key"),
      (.ignoresSchemaUntilCut, "not_strict_json.prose"),
    ] as [(ModelManner, String)])
  func `a guard whose endpoint ignores the constraint does not start`(
    _ manner: ModelManner, _ reason: String
  ) throws {
    let server = ScriptedServer(manner)
    defer { server.stop() }
    let folder = try Self.house(server)

    let results = [
      try Self.run(folder),
      try PetrelProcess.run(["serve", "--listen", "127.0.0.1:0"], in: folder.url),
    ]

    for result in results {
      #expect(result.code == 78)
      #expect(result.output.isEmpty)
      #expect(
        result.notes.contains(
          "error[C409]: the endpoint 'stand-in' ignores the constraint, an answer was none of the "
            + "labels (\(reason)): 'understand_intent' in workflows/refund-triage.yaml does not "
            + "start"), "\(result.notes)")
    }
    #expect(folder.bytes(of: "petrel.db") == nil)
    #expect(server.requests.count == 6)
  }

  @Test func `it starts where the configuration accepts that by name, and is not asked`() throws {
    let server = ScriptedServer(.ignoresSchema)
    defer { server.stop() }
    let folder = try Self.house(
      server, [("concurrency: 256", "unenforced: \"it is all there is\"")])

    let result = try Self.run(folder)

    #expect(result.code == 0, "\(result.notes)")
    #expect(server.requests.allSatisfy { $0.bodyText.contains("give it back") })
    #expect(!server.requests.isEmpty)
  }

  @Test func `an endpoint of no alias that is asked stops nothing`() throws {
    let (server, other) = (ScriptedServer(.enforces), ScriptedServer(.ignoresSchema))
    defer { server.stop() }
    defer { other.stop() }
    let folder = try Self.house(
      server,
      [
        (
          "endpoints:\n",
          "endpoints:\n  other: {url: \"\(other.url)\", dialect: compatible, model: stub-1}\n"
        ), ("  fast: stand-in\n", "  fast: {endpoints: [stand-in], shadow: [other]}\n"),
      ])

    #expect(try Self.run(folder).code == 0)
  }

  @Test func `what does not answer starts, and is told`() throws {
    let server = ScriptedServer(.failsOnSchema)
    defer { server.stop() }

    let result = try Self.run(try Self.house(server))

    #expect(result.code == 0)
    #expect(
      result.notes.contains(
        "the endpoint 'stand-in' did not tell whether it keeps to the constraint "
          + "(provider_unavailable)"))
  }

  @Test func `what is proven is not asked again, unless it has changed`() throws {
    let server = ScriptedServer(.enforces)
    defer { server.stop() }
    let folder = try Self.house(server)
    try Data().write(to: folder.url.appending(path: "one.jsonl"))
    var counts: [Int] = []

    for change in [("-", "-"), ("-", "-"), ("seed: 7", "seed: 8"), ("-", "-")] {
      let file = folder.url.appending(path: "petrel.yaml")
      let text = try String(contentsOf: file, encoding: .utf8)
      try Data(text.replacingOccurrences(of: change.0, with: change.1).utf8).write(to: file)
      #expect(try Self.run(folder).code == 0)
      counts.append(server.requests.count)
    }

    #expect(counts == [3, 3, 6, 6])
  }

  @Test func `what a doctor finds to ignore the constraint does not start on an older proof`()
    throws
  {
    let gate = Gate()
    let server = ScriptedServer { request in
      [(gate.isOpen ? ModelManner.ignoresSchemaUntilCut : .enforces).answer(request)]
    }
    defer { server.stop() }
    let folder = try Self.house(server)
    try Data().write(to: folder.url.appending(path: "one.jsonl"))
    let before = try Self.run(folder)
    gate.open()

    let doctor = try PetrelProcess.run(["doctor", "stand-in", "-q"], in: folder.url)
    let after = try Self.run(folder)

    #expect([before.code, doctor.code, after.code] == [0, 1, 78], "\(after.notes)")
  }

  @Test func `what tells later that it ignores the constraint is paused, and the log has why`()
    throws
  {
    let gate = Gate()
    let server = ScriptedServer { request in
      [(gate.isOpen ? ModelManner.ignoresSchema : .failsOnSchema).answer(request)]
    }
    defer { server.stop() }
    let folder = try Self.house(server)
    let service = PetrelProcess.process(
      ["serve", "-q", "--listen", "127.0.0.1:0"], in: folder.url)
    let output = Pipe()
    service.standardOutput = output
    service.standardError = FileHandle.nullDevice
    try service.run()
    defer {
      service.terminate()
      service.waitUntilExit()
    }
    #expect(!output.fileHandleForReading.availableData.isEmpty)
    gate.open()

    let deadline = ContinuousClock().now.advanced(by: .seconds(30))
    var rows = ""
    while rows.isEmpty, ContinuousClock().now < deadline {
      rows = try PetrelProcess.run(
        ["db", "sql", "SELECT body FROM log WHERE kind = 'paused'", "-o", "jsonl"],
        in: folder.url
      ).output
    }

    #expect(rows.contains("stand-in"), "\(rows)")
    #expect(rows.contains("engine"), "\(rows)")
  }
}
