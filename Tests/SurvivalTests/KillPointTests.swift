import Foundation
import PetriNet
import Record
import SQLiteStore
import Testing

/// A service that dies exactly between two calls of the system: while keys are written, between rows,
/// around a commit, before and after an answer, an effect, a checkpoint of the file, and within an
/// erasure. What was begun under an idempotency key is asked for again of the next process, which dies
/// in its turn.
@Suite(.serialized) struct KillPointTests {
  /// Calls at which `Shims/kill_at.c` ends the process.
  static let points = ["keys", "rows", "commit", "table", "anchor", "answer", "effect"]

  private static let rules = """
    stand_in: model
    seed: 7
    models: [stub-1]
    delay: 0ms..20ms
    rules:
      - {contains: [refund], label: true, confidence: 0.97}
      - {contains: [hang], fault: hang}
    otherwise: {label: false}

    """

  @Test func `killed at any call, a service loses nothing, doubles nothing and ends every erasure`()
    async throws
  {
    guard let shim = Shim() else {
      return print("skipped: no C compiler that makes a shared library for Swift's binary")
    }
    let seed = Effort.seed("kill points")
    var draws = SeededDraws(seed)
    let kills = Effort.isSoak ? 1_000 : 28
    let stage = try await Stage(rules: Self.rules)
    var story = Story(stage: stage)
    let most = try await story.counted(shim)
    var met: [String: Int] = [:]

    for round in 0..<kills {
      let point = Self.points[round % Self.points.count]
      let count = Int.random(in: 1...max(most[point] ?? 1, 1), using: &draws)
      let when = Bool.random(using: &draws) ? ":after" : ""
      let isDead = try await story.round(
        round, environment: shim.environment(at: "\(point):\(count)\(when)"))
      if isDead { met[point, default: 0] += 1 }
      let wrong = try story.wrong()
      #expect(wrong == [], "SEED=\(seed) round \(round), at \(point):\(count)\(when)")
    }
    try await story.finish()

    print("kills: \(met.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })")
    // Rounds that end before their point is reached prove nothing.
    #expect(met.values.reduce(0, +) >= kills / 2)
    #expect(met.keys.sorted() == Self.points.sorted())
    #expect(try story.wrong() == [])
    #expect(try await story.wrongAtEnd() == [])
    await stage.end()
  }
}

/// The library that is loaded before all others; nil where it cannot be made.
private struct Shim {
  private let library: String

  init?() {
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Shims/kill_at.c").path
    library =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("petrel-kill-\(UUID().uuidString).so").path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]
    guard (try? process.run()) != nil else { return nil }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
  }

  func environment(at point: String) -> [String: String] {
    ["LD_PRELOAD": library, "KILL_AT": point]
  }

  func environment(counting file: String) -> [String: String] {
    ["LD_PRELOAD": library, "KILL_COUNTS": file]
  }
}

/// What clients want of the service over all its lives.
private struct Story {
  private struct Wish {
    var path: String
    var key: String
    var body: JSONText.Node
    /// Whose data it brings, or takes away.
    var person: String
    var isErasure: Bool
  }

  private let stage: Stage
  private let caller: Caller
  private var waiting: [Wish] = []
  private var cases: [String: String] = [:]
  private var erased: Set<String> = []
  private var brought: Set<String> = []
  private var strange: [String] = []

  init(stage: Stage) {
    self.stage = stage
    caller = Caller(transfer: stage.transfer)
  }

  /// One life to its clean end: how often each point is passed.
  mutating func counted(_ shim: Shim) async throws -> [String: Int] {
    let file = stage.folder + "/counts.txt"
    let service = try await stage.serve(environment: shim.environment(counting: file))
    wish("first")
    _ = await live(service)
    await service.stop()
    let text = try String(contentsOfFile: file, encoding: .utf8)
    var counts: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ")
      counts[String(parts[0])] = Int(parts[1])
    }
    return counts
  }

  /// One life; whether it ended before it was told to.
  mutating func round(_ number: Int, environment: [String: String]) async throws -> Bool {
    wish("round-\(number)")
    // A process that dies before it listens is a death too.
    guard let service = try? await stage.serve(environment: environment) else { return true }
    let isDead = await live(service)
    if isDead { await service.killNow() } else { await service.stop() }
    return isDead
  }

  /// A last life without any blow, in which all that is still wanted is done.
  mutating func finish() async throws {
    let service = try await stage.serve()
    let isDead = await live(service)
    if isDead { strange.append("the last life ended by itself") }
    for person in brought.subtracting(erased).sorted() {
      let reply = await caller.send(
        "POST", service.url + "/v1/erasures",
        body: .object([
          .init("subject", .string(person)), .init("cancel_open", .bool(true)),
        ]))
      if !reply.isGood { strange.append("\(person) was not erased: \(reply.status)") }
    }
    await service.stop()
  }

  private mutating func wish(_ name: String) {
    let person = "Person-\(name)-0123456789"
    brought.insert(person)
    let messages = ["a refund please", "hello", "hang on"]
    for (index, message) in messages.enumerated() {
      let body = JSONText.Node.object([
        .init("order", .string("\(name)-\(index)")), .init("customer", .string(person)),
        .init("message", .string("\(message), says \(person)")),
      ])
      waiting.append(
        Wish(
          path: "/v1/workflows/refund-triage/cases", key: "\(name)-\(index)", body: body,
          person: person, isErasure: false))
    }
    waiting.append(
      Wish(
        path: "/v1/erasures", key: "\(name)-erasure",
        body: .object([
          .init("subject", .string(person)), .init("cancel_open", .bool(true)),
        ]), person: person, isErasure: true))
  }

  /// Does what is waiting, in order; whether the service died meanwhile.
  private mutating func live(_ service: ServiceProcess) async -> Bool {
    while let wish = waiting.first {
      if wish.isErasure, await !somethingEnded(wish, service) { return true }
      let reply = await caller.send(
        "POST", service.url + wish.path, body: wish.body,
        headers: [("Idempotency-Key", wish.key)])
      if reply.status == 0 { return true }
      guard reply.isGood else {
        strange.append("\(wish.key): \(reply.status) \(reply.json)")
        waiting.removeFirst()
        continue
      }
      waiting.removeFirst()
      if wish.isErasure {
        erased.insert(wish.person)
      } else if let id = reply.json.text("case") {
        if let known = cases[wish.key], known != id {
          strange.append("\(wish.key) was \(known), then \(id)")
        }
        cases[wish.key] = id
      }
    }
    return false
  }

  /// Waits until the case that asks for no refund has ended, so that one is erased at rest and one
  /// under way; false if the service died.
  private func somethingEnded(_ wish: Wish, _ service: ServiceProcess) async -> Bool {
    let key = wish.key.replacingOccurrences(of: "-erasure", with: "-1")
    guard let id = cases[key] else { return true }
    var isDead = false
    let isOver = await Looking.until(seconds: 20) {
      let reply = await caller.send("GET", service.url + "/v1/cases/\(id)")
      isDead = reply.status == 0
      return isDead || reply.json.text("status") != "open"
    }
    return isOver && !isDead
  }

  /// What both verifiers and a fold say of the file as it lies there, and of its keys.
  func wrong() throws -> [String] {
    guard FileManager.default.fileExists(atPath: stage.database) else { return [] }
    var options = LogAudit.Options(cores: 2)
    let reader = try stage.reader()
    options.anchors = try AnchorFile(path: stage.folder + "/petrel.anchors").anchors(
      of: reader.origin)
    var wrong = try LogAudit.report(of: stage.database, options).findings.map(\.text)
    let (said, code) = try Self.python(stage.database)
    if code == 1 || said.contains("BROKEN") { wrong.append("verify.py: \(said)") }
    var rows: Int64 = 0
    try reader.fold { _ in rows += 1 }
    if try reader.head().seq.number != rows { wrong.append("\(rows) rows were folded") }
    // An erasure that was cut short leaves keys which the next start takes away; none may be missing.
    let missing = try reader.checkKeys()?.missing ?? []
    if !missing.isEmpty { wrong.append("keys are missing: \(missing)") }
    return wrong + strange
  }

  private static func python(_ path: String) throws -> (String, Int32) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-B", ServiceProcess.repository + "/tools/verify.py", path,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: data, as: UTF8.self), process.terminationStatus)
  }

  /// Cases and effects once, persons nowhere.
  func wrongAtEnd() async throws -> [String] {
    let log = try WrittenLog(path: stage.database)
    var wrong: [String] = []
    let found = log.cases
    for (key, id) in cases.sorted(by: { $0.key < $1.key }) {
      let rows = found[key] ?? []
      if rows.count != 1 || "c\(rows[0].number)" != id || rows[0].ends != 1 {
        wrong.append("\(key), told \(id): \(rows)")
      }
    }
    wrong += found.filter { cases[$0.key] == nil }.map { "nobody was told of \($0.key)" }
    let effects = await stage.effects()
    let intents = log.intents
    if Set(effects.map(\.key)).count != effects.count { wrong.append("an effect was done twice") }
    wrong += effects.filter { intents[$0.key] == nil }.map { "\($0.key) had no intent" }
    if effects.isEmpty { wrong.append("no effect was ever performed") }
    let keys = try stage.reader().checkKeys()
    if keys?.missing != [] || keys?.returned != [] || keys?.file.unopened != [] {
      wrong.append("keys: \(String(describing: keys))")
    }
    let asked = log.rows("erasureRequested").count
    let ended = log.rows("erasureCompleted").count
    if asked != ended { wrong.append("\(asked) erasures, \(ended) ended") }
    for name in ["petrel.db", "petrel.db-wal", "petrel.keys", "petrel.anchors", "serve.log"] {
      guard let data = FileManager.default.contents(atPath: stage.folder + "/" + name) else {
        continue
      }
      for person in brought where data.range(of: Data(person.utf8)) != nil {
        wrong.append("\(person) stands in \(name)")
      }
    }
    return wrong
  }
}
