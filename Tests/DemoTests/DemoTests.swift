import Foundation
import Testing

/// The demo, run as a user runs it: real processes, real files, real HTTP on loopback.
struct DemoTests {
  @Test func `the demo ends by itself, and its sums agree`() throws {
    let demo = try DemoRun(messages: 60)

    #expect(demo.status == 0)
    #expect(demo.count(of: "no   ") == 0)
    #expect(demo.count(of: "ok   ") == 6)
    #expect(demo.ended + demo.open == 60)
    #expect(demo.verdicts + demo.fallbacks == 60)
    #expect(demo.open == 3)
    // What is not looked at cannot be missing.
    #expect(demo.replies > 40)
    #expect(demo.tokens > 120)
    #expect(demo.saidFalse == demo.cases(in: ["not_a_refund", "일반_문의"]))
    #expect(
      demo.saidTrue + demo.fallbacks
        == demo.cases(in: ["refunded", "rejected", "환불_완료", "환불_거절"]) + demo.open)
  }
}

/// The demo with a model that it did not start itself.
struct DemoModelTests {
  @Test func `with MODEL_URL, MODEL_NAME and MODEL_KEY the demo asks that model`() throws {
    let model = try SeparateModel()
    defer { model.stop() }

    let demo = try DemoRun(
      messages: 30,
      environment: ["MODEL_URL": model.url, "MODEL_NAME": "stub-1", "MODEL_KEY": "k"])

    #expect(demo.status == 0)
    #expect(demo.count(of: "no   ") == 0)
    #expect(demo.count(of: "ok   ") == 7)
    #expect(demo.contains("[4/6] stand-ins  model \(model.url), payments http://127.0.0.1:"))
    #expect(demo.contains("ok   30 of 30 questions were answered by the model at \(model.url)"))
    #expect(demo.ended + demo.open == 30)
    #expect(demo.saidTrue + demo.saidFalse == 30)
  }

  @Test func `a model that knows no such name is told, and no promise is broken`() throws {
    let model = try SeparateModel()
    defer { model.stop() }

    let demo = try DemoRun(
      messages: 20, environment: ["MODEL_URL": model.url, "MODEL_NAME": "nobody"])

    #expect(demo.status == 1)
    #expect(demo.count(of: "ok   ") == 6)
    #expect(demo.contains("no   0 of 20 questions were answered by the model at \(model.url)"))
    #expect(demo.fallbacks == 20)
  }

  @Test func `a model that is not there is told by its reasons, and not as late`() throws {
    let demo = try DemoRun(
      messages: 20,
      environment: ["MODEL_URL": "http://127.0.0.1:9/v1", "MODEL_NAME": "stub-1"])

    #expect(demo.status == 1)
    #expect(demo.count(of: "ok   ") == 6)
    #expect(demo.contains("no   0 of 20 questions were answered by the model at "))
    #expect(demo.contains("ok   no question was ended by the clock"))
    #expect(demo.contains("(0 replies held against "))
  }

  @Test(arguments: ["nonsense", "https://user:pw@127.0.0.1:9/v1", "http://", "http://h/v1?k=pw"])
  func `what is no address is refused at once, and not repeated`(address: String) throws {
    let demo = try DemoRun(
      messages: 20, environment: ["MODEL_URL": address, "MODEL_NAME": "stub-1"])

    #expect(demo.status == 64)
    #expect(demo.contains("error[C101]: MODEL_URL is no address of an endpoint"))
    #expect(!demo.contains("nonsense") && !demo.contains("pw"))
  }

  @Test func `a model without a name is asked nothing`() throws {
    let demo = try DemoRun(messages: 20, environment: ["MODEL_URL": "http://127.0.0.1:9/v1"])

    #expect(demo.status == 64)
    #expect(demo.contains("MODEL_URL is set and MODEL_NAME is not"))
  }
}

/// A stand-in that another started: it answers at once and without faults.
private final class SeparateModel {
  let url: String
  private let process = Process()

  init() throws {
    let rules = FileManager.default.temporaryDirectory
      .appendingPathComponent("petrel-model-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: rules) }
    try """
    stand_in: model
    models: [stub-1]
    rules:
      - {contains: [refund, 환불], label: true}
    otherwise: {label: false}

    """.write(to: rules, atomically: true, encoding: .utf8)
    process.executableURL = DemoRun.binary
    process.arguments = ["stand-in", "model", rules.path, "--port", "0"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    var text = ""
    while !text.contains("\n") {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { break }
      text += String(decoding: data, as: UTF8.self)
    }
    let line = text.split(separator: "\n").first { $0.hasPrefix("listening ") }
    url = String(try #require(line).dropFirst("listening ".count))
  }

  func stop() {
    process.terminate()
    process.waitUntilExit()
  }
}

/// One run in a folder of its own, and what it printed.
struct DemoRun {
  let status: Int32
  private let lines: [String]

  /// - Parameter environment: added to that of the tests, from which `MODEL_…` is taken away.
  init(messages: Int, environment added: [String: String] = [:]) throws {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("petrel-demo-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["petrel.yaml", "workflows", "prompts", "Examples"] {
      try FileManager.default.copyItem(
        at: root.appendingPathComponent(name), to: folder.appendingPathComponent(name))
    }
    let process = Process()
    process.executableURL = Self.binary
    process.arguments = ["demo", "--messages", String(messages)]
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment
    for name in ["MODEL_URL", "MODEL_NAME", "MODEL_KEY"] { environment[name] = added[name] }
    process.environment = environment
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    status = process.terminationStatus
    lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Built beside the tests.
  static var binary: URL {
    let executable = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    var folder = executable.deletingLastPathComponent()
    for _ in 0..<6 {
      let candidate = folder.appendingPathComponent("petrel")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
      folder = folder.deletingLastPathComponent()
    }
    return executable
  }

  func contains(_ text: String) -> Bool { lines.contains { $0.contains(text) } }

  /// How many replies of the model were held against how many tokens, where none held text of it.
  private var lookedAt: [Int] {
    let pattern = /text of the model in tokens: 0 \(([0-9]+) replies held against ([0-9]+) tokens\)/
    let found = lines.compactMap { $0.firstMatch(of: pattern)?.output }.first
    return found.map { [Int($0.1) ?? 0, Int($0.2) ?? 0] } ?? [0, 0]
  }
  var replies: Int { lookedAt[0] }
  var tokens: Int { lookedAt[1] }

  func count(of prefix: String) -> Int { lines.filter { $0.hasPrefix(prefix) }.count }

  /// Rows of the first table: workflow, end place, cases.
  private var ends: [(place: String, count: Int)] {
    lines.filter { $0.hasPrefix("refund-triage ") || $0.hasPrefix("환불-분류 ") }.compactMap { line in
      let cells = line.split(separator: " ", omittingEmptySubsequences: true)
      let numbers = cells.compactMap { Int($0) }
      guard cells.count > 2, let count = numbers.first else { return nil }
      return (String(cells[1]), count)
    }
  }

  func cases(in places: Set<String>) -> Int {
    ends.filter { places.contains($0.place) }.reduce(0) { $0 + $1.count }
  }

  var open: Int { ends.filter { $0.place.hasPrefix("(open") }.reduce(0) { $0 + $1.count } }

  var ended: Int { ends.reduce(0) { $0 + $1.count } - open }

  private func said(_ prefix: String) -> Int {
    lines.filter { $0.hasPrefix(prefix) && $0.hasSuffix("ms") }.compactMap { line in
      line.dropFirst(prefix.count).split(separator: " ").compactMap { Int($0) }.first
    }.reduce(0, +)
  }

  var saidTrue: Int { said("verdict true") }
  var saidFalse: Int { said("verdict false") }
  var verdicts: Int { said("verdict ") }
  var fallbacks: Int { said("fallback ") }
}
