import Engine
import LLMJudge
import LoopbackServer
import Orchestration
import PetriNet
import Testing
import Transfer

/// The endings of connections and clocks, 51 to 55, 63 and 64, in every dialect.
@Suite struct ClockEndingsTests {
  private static let short: Int64 = 500

  private static func bench(
    _ speech: Speech, _ server: ScriptedServer, url: String? = nil,
    _ change: (inout EndpointConfiguration) -> Void = { _ in }
  ) throws -> Bench {
    try Bench(server, url: url) { endpoint in
      endpoint.dialect = speech.dialect
      endpoint.version = speech.version
      change(&endpoint)
    }
  }

  @Test(arguments: Speech.all)
  func `connections that fail are told as what they are`(_ speech: Speech) async throws {
    let nobody = try Self.bench(speech, ScriptedServer(always: []), url: refusingURL())
    defer { nobody.stop() }
    let plain = ScriptedServer(greeting: [.text("HTTP/1.1 400 No\r\n\r\n"), .close]) { _ in [] }
    let secure = try Self.bench(speech, plain, url: "https://127.0.0.1:\(plain.port)")
    defer { secure.stop() }

    let refused = await nobody.ask(Bench.question(Prompts.labels))
    let tls = await secure.ask(Bench.question(Prompts.labels))

    #expect(refused.verdict == .fallback(.connect))
    #expect(refused.records.map(\.attempt) == [1, 2])
    #expect(tls.verdict == .fallback(.tls))
    #expect(tls.records.map(\.attempt) == [1])
  }

  @Test(arguments: Speech.all)
  func `silence and slowness end in time, each with its reason`(_ speech: Speech) async throws {
    let silent = try Self.bench(speech, ScriptedServer(always: [.hang]))
    defer { silent.stop() }
    let begun = try Self.bench(
      speech, ScriptedServer(always: [.text(statusHead + "Content-Length: 9\r\n\r\n{"), .hang]))
    defer { begun.stop() }
    let line = try Self.bench(speech, ScriptedServer(always: [.text("HTTP/1.1 2"), .hang]))
    defer { line.stop() }
    let drip = ScriptedServer(always: [
      .text(statusHead + "Content-Length: 900\r\n\r\n"),
      .drip([UInt8](repeating: 32, count: 900), everyMilliseconds: 20),
    ])
    let slow = try Self.bench(speech, drip) {
      $0.slow = .init(bytesPerSecond: 10_000, forMilliseconds: 40)
    }
    defer { slow.stop() }
    let question = Bench.question(Prompts.labels, milliseconds: Self.short)

    async let first = silent.verdicts([question])
    async let second = begun.verdicts([question])
    async let third = slow.ask(Bench.question(Prompts.labels))
    async let fourth = line.verdicts([question])
    let (noByte, noEnd, tooSlow, noLine) = await (first, second, third, fourth)

    #expect(noByte.map(\.verdict) == [.fallback(.timeoutFirstByte)])
    #expect(noEnd.map(\.verdict) == [.fallback(.timeoutTotal)])
    #expect(noLine.map(\.verdict) == [.fallback(.timeoutTotal)])
    #expect(tooSlow.verdict == .fallback(.timeoutSlow))
    #expect((noByte + noEnd + noLine).allSatisfy { (0..<250_000).contains($0.lateMicroseconds) })
  }

  @Test(arguments: Speech.all)
  func `a late answer is a call, and an interrupted question stays open`(
    _ speech: Speech
  ) async throws {
    let gate = Gate()
    let answer = try #require(speech.reply(.text(deny)))
    let late = try Self.bench(speech, ScriptedServer(always: [.wait(gate), .reply(answer)]))
    defer { late.stop() }
    let hanging = try Self.bench(speech, ScriptedServer(always: [.hang]))
    let (reports, continuation) = AsyncStream.makeStream(of: JudgeReport.self)
    let (others, otherContinuation) = AsyncStream.makeStream(of: JudgeReport.self)

    late.judge.ask(Bench.question(Prompts.labels, milliseconds: 400)) { report in
      if case .verdict = report { gate.open() }
      continuation.yield(report)
      if case .call = report { continuation.finish() }
    }
    let all = await reports.reduce(into: []) { $0.append($1) }
    hanging.judge.ask(Bench.question(Prompts.labels)) { otherContinuation.yield($0) }
    while hanging.server.requests.isEmpty { await Task.yield() }
    hanging.stop()
    otherContinuation.finish()

    #expect(await others.reduce(into: 0) { count, _ in count += 1 } == 0)
    guard case .verdict(.fallback(.timeoutFirstByte), nil)? = all.first,
      case .call(let record, nil)? = all.last
    else {
      Issue.record("expected the fallback, then the late call, found \(all)")
      return
    }
    #expect(record.label == "deny")
  }
}
