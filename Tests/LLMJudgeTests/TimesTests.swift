import Engine
import LLMJudge
import LoopbackServer
import Orchestration
import Testing
import Transfer

@Suite struct TimesTests {
  @Test func `nobody listens: retried, then told`() async throws {
    let server = ScriptedServer(always: [])
    let bench = try Bench(server, url: refusingURL())
    defer { bench.stop() }

    let reports = await bench.ask(Bench.question(Prompts.labels))

    #expect(reports.verdict == .fallback(.connect))
    #expect(reports.records.map(\.curl) == [7, 7])
  }

  @Test(
    arguments: [
      ([.hang], .timeoutFirstByte),
      ([.text(statusHead + "Content-Length: 9\r\n\r\n{"), .hang], .timeoutTotal),
    ] as [([ScriptedServer.Action], FallbackReason)])
  func `silence ends at the deadline, with the reason of how far it came`(
    _ actions: [ScriptedServer.Action], _ reason: FallbackReason
  ) async throws {
    let bench = try Bench(ScriptedServer(always: actions))
    defer { bench.stop() }
    let question = Bench.question(Prompts.labels, milliseconds: 600)

    let verdicts = await bench.verdicts([question])

    #expect(verdicts.map(\.verdict) == [.fallback(reason)])
    #expect((0..<250_000).contains(verdicts[0].lateMicroseconds))
  }

  @Test func `limits of an endpoint end a call before the deadline`() async throws {
    let silent = try Bench(ScriptedServer(always: [.hang])) { $0.firstByteMilliseconds = 20 }
    defer { silent.stop() }
    let dripping = try Bench(
      ScriptedServer(always: [
        .text(statusHead + "Content-Length: 900\r\n\r\n"),
        .drip([UInt8](repeating: 32, count: 900), everyMilliseconds: 20),
      ])
    ) { $0.slow = .init(bytesPerSecond: 10_000, forMilliseconds: 40) }
    defer { dripping.stop() }

    let first = await silent.ask(Bench.question(Prompts.labels))
    let second = await dripping.ask(Bench.question(Prompts.labels))

    #expect(first.verdict == .fallback(.timeoutFirstByte))
    #expect(second.verdict == .fallback(.timeoutSlow))
  }

  @Test func `an answer after the deadline is told as a call and moves nothing`() async throws {
    let gate = Gate()
    let bench = try Bench(ScriptedServer(always: [.wait(gate), Chat.reply(deny)]))
    defer { bench.stop() }
    let (reports, continuation) = AsyncStream.makeStream(of: JudgeReport.self)

    bench.judge.ask(Bench.question(Prompts.labels, milliseconds: 500)) { report in
      if case .verdict = report { gate.open() }
      continuation.yield(report)
      if case .call = report { continuation.finish() }
    }
    let all = await reports.reduce(into: []) { $0.append($1) }

    guard case .verdict(.fallback(.timeoutFirstByte), nil)? = all.first,
      case .call(let record, nil)? = all.last
    else {
      Issue.record("expected the fallback, then the late call")
      return
    }
    #expect(all.count == 2)
    #expect(record.label == "deny")
  }

  @Test func `an abandoned question is silent but for its call`() async throws {
    let gate = Gate()
    let bench = try Bench(ScriptedServer(always: [.wait(gate), Chat.reply(deny)]))
    defer { bench.stop() }
    let (reports, continuation) = AsyncStream.makeStream(of: JudgeReport.self)
    let question = Bench.question(Prompts.labels)

    bench.judge.ask(question) { report in
      continuation.yield(report)
      continuation.finish()
    }
    while bench.judge.progress(of: question.firing) != .waiting { await Task.yield() }
    bench.judge.abandon(question.firing)
    let progress = bench.judge.progress(of: question.firing)
    gate.open()
    let all = await reports.reduce(into: []) { $0.append($1) }

    #expect(progress == .idle)
    guard case .call(let record, nil)? = all.first else {
      Issue.record("expected the late call")
      return
    }
    #expect(record.label == "deny")
  }

  @Test func `two hundred that hang all fall back in time, those that never got a turn too`()
    async throws
  {
    let server = ScriptedServer(always: [.hang])
    let bench = try Bench(server) { $0.concurrency = 100 }
    defer { bench.stop() }
    let deadline = LLMJudge.Surroundings.system.now().advanced(by: 700_000)
    let questions = (1...200 as ClosedRange<Int64>).map { firing in
      var question = Bench.question(Prompts.labels, firing: firing)
      question.deadline = deadline
      return question
    }

    let verdicts = await bench.verdicts(questions)

    #expect(verdicts.count { $0.verdict == .fallback(.timeoutFirstByte) } == 100)
    #expect(verdicts.count { $0.verdict == .fallback(.timeoutTotal) } == 100)
    #expect(verdicts.allSatisfy { (0..<250_000).contains($0.lateMicroseconds) })
    #expect(server.requests.count == 100)
  }

  @Test func `calls beyond the endpoint's concurrency wait in order`() async throws {
    let gate = Gate()
    let server = ScriptedServer { request in
      request.number == 0 ? [.wait(gate), Chat.reply(deny)] : [Chat.reply(deny)]
    }
    let bench = try Bench(server) { $0.concurrency = 1 }
    defer { bench.stop() }
    let (reports, continuation) = AsyncStream.makeStream(of: Int64.self)

    for firing in 1...5 as ClosedRange<Int64> {
      bench.judge.ask(Bench.question(Prompts.labels, firing: firing, message: "no. \(firing)")) {
        if case .verdict = $0 { continuation.yield(firing) }
        if firing == 5 { continuation.finish() }
      }
    }
    while server.requests.isEmpty { await Task.yield() }
    let before = server.requests.count
    gate.open()
    let order = await reports.reduce(into: []) { $0.append($1) }

    #expect(before == 1)
    #expect(order == [1, 2, 3, 4, 5])
    #expect(
      server.requests.map { $0.bodyText.contains("no. \($0.number + 1)") }
        == Array(repeating: true, count: 5))
  }

  @Test func `the second attempt decides, and both are on record`() async throws {
    let server = ScriptedServer { request in
      request.number == 0 ? [.reply("busy", status: 503)] : [Chat.reply(deny)]
    }
    let bench = try Bench(server)
    defer { bench.stop() }

    let reports = await bench.ask(Bench.question(Prompts.labels))

    guard case .call(let first, .providerUnavailable)? = reports.first,
      case .verdict(.label("deny"), let second?)? = reports.last
    else {
      Issue.record("expected a failed call, then the verdict")
      return
    }
    #expect([first.status, second.status] == [503, 200])
    #expect(first.reply?.bytes == Array("busy".utf8))
  }

  @Test func `nothing is asked of a question whose values were erased`() async throws {
    let bench = try Bench(ScriptedServer(always: [Chat.reply(deny)]))
    defer { bench.stop() }
    var question = Bench.question(Prompts.labels)
    question.values = [.erased]

    let reports = await bench.ask(question)

    #expect(reports.verdict == .fallback(.erased))
    #expect(bench.server.requests.isEmpty)
  }
}
