import Engine
import Foundation
import Testing

/// Thousands of questions in flight on the judge's one thread, against a model in another process
/// that answers after a while or never.
@Suite(.serialized) struct InFlightTests {
  private static let rules = """
    stand_in: model
    seed: 1
    models: [stub-1]
    delay: 1s
    rules:
      - {contains: [silence], fault: hang}
      - {contains: [refund], label: true}
    otherwise: {label: false}

    """

  @Test func `all in flight at once are answered right, and those without answer end in time`()
    async throws
  {
    let count = Effort.isSoak ? 10_000 : 300
    guard OwnProcess.raiseFileLimit() >= count + 2_000 else {
      print("in flight: skipped, the hard limit of open files is below \(count + 2_000)")
      return
    }
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.rules.write(toFile: folder + "/rules.yaml", atomically: true, encoding: .utf8)
    let model = try await ServiceProcess(
      ["stand-in", "model", folder + "/rules.yaml", "--port", "0"], log: folder + "/model.log")
    let flight = try Flight(
      model.url, count: count, spreadMicroseconds: Effort.isSoak ? 10_000_000 : 2_000_000)

    let before = OwnProcess.processorMicroseconds
    let memory = OwnProcess.residentKiB
    let landing = await flight.ask(seconds: 60) { $0 % 2 == 0 ? "refund" : "thanks" }
    let spent = (OwnProcess.processorMicroseconds - before) / Int64(count)
    let grown = landing.kibibytes - memory
    // All are under way long before the first deadline.
    let seconds: Int64 = Effort.isSoak ? 20 : 3
    async let timers = flight.bareTimers(seconds: seconds)
    let silent = await flight.ask(seconds: seconds) { _ in "silence" }
    let late = silent.answers.map(\.lateMicroseconds).sorted()
    let bare = await timers.sorted()
    flight.stop()
    await model.stop()

    let wrong = Self.wrong(landing)
    let p99 = late[late.count * 99 / 100]
    let bareP99 = bare[bare.count * 99 / 100]
    print(
      "in flight: \(landing.answers.count) calls, \(landing.running) at once, \(wrong.count) wrong, "
        + "\(spent) µs of processor a call, \(grown >> 10) MiB more; "
        + "\(silent.answers.count) fallbacks, p99 \(p99) µs late, bare timers \(bareP99) µs")
    #expect(landing.answers.count == count)
    #expect(wrong == [])
    #expect(landing.running == count)
    #expect(silent.answers.allSatisfy { $0.verdict == .fallback(.timeoutFirstByte) })
    #expect(late.allSatisfy { $0 >= 0 })
    #expect(p99 < bareP99 + 50_000)
    #expect(grown < 256 << 10)
    #if !DEBUG
      #expect(spent < 200)
    #endif
  }

  @Test func `so are those over TLS, each on a connection of its own`() async throws {
    let count = Effort.isSoak ? 2_000 : 40
    guard OwnProcess.raiseFileLimit() >= count + 2_000 else {
      print("in flight, TLS: skipped, the hard limit of open files is below \(count + 2_000)")
      return
    }
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    guard try Self.makeCertificate(in: folder) else {
      print("in flight, TLS: skipped, there is no openssl or python3 here")
      return
    }
    // So long that all are under way before the first is answered.
    let delay = Effort.isSoak ? "20" : "2"
    let model = try await ServiceProcess(
      ["python3", Self.server, folder + "/server.pem", folder + "/server.key", delay],
      program: "/usr/bin/env", log: folder + "/model.log")
    let flight = try Flight(model.url, count: count, spreadMicroseconds: 1_000_000) {
      $0.certificates = folder + "/server.pem"
    }
    let stranger = try Flight(model.url, count: 1, spreadMicroseconds: 0)

    let before = OwnProcess.processorMicroseconds
    let memory = OwnProcess.residentKiB
    let landing = await flight.ask(seconds: 120) { $0 % 2 == 0 ? "refund" : "thanks" }
    let spent = (OwnProcess.processorMicroseconds - before) / Int64(count)
    let grown = landing.kibibytes - memory
    let unknown = await stranger.ask(seconds: 30) { _ in "refund" }
    flight.stop()
    stranger.stop()
    // It may have been born deaf to SIGTERM, as a child of whoever ignores it.
    await model.killNow()

    let wrong = Self.wrong(landing)
    print(
      "in flight, TLS: \(landing.answers.count) calls, \(landing.running) at once, "
        + "\(wrong.count) wrong, \(spent) µs of processor a call, \(grown >> 10) MiB more")
    #expect(landing.answers.count == count)
    #expect(wrong == [])
    #expect(landing.running == count)
    #expect(unknown.answers.map(\.verdict) == [.fallback(.tls)])
  }

  /// Verdicts that are not what the model says to their question.
  private static func wrong(_ landing: Flight.Landing) -> [Verdict] {
    landing.answers.map { answer in
      (answer.verdict, Verdict.label(answer.firing.seq.number % 2 == 0 ? "true" : "false"))
    }.filter { $0.0 != $0.1 }.map(\.0)
  }

  private static func folder() throws -> String {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("petrel-flight-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  private static let server =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Servers/tls.py"

  /// A certificate that nobody but its owner vouches for, for 127.0.0.1.
  ///
  /// - Returns: Whether the tools for it and for the server are here.
  private static func makeCertificate(in folder: String) throws -> Bool {
    func run(_ words: [String]) throws -> Bool {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = words
      process.standardError = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus == 0
    }
    let isMade = try run([
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
      "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
      "-keyout", folder + "/server.key", "-out", folder + "/server.pem",
    ])
    return try isMade && run(["python3", "-c", "import ssl, asyncio"])
  }
}
