import Engine
import LLMJudge
import LoopbackServer
import Orchestration
import PetriNet
import Testing
import Transfer

/// What becomes of calls that nobody waits for when the service stops.
@Suite struct SettleTests {
  /// The reports of these questions up to the n-th.
  private static func reports(
    _ count: Int, of questions: [Question], _ bench: Bench,
    at report: @escaping @Sendable (JudgeReport) -> Void = { _ in }
  ) async -> [JudgeReport] {
    let (reports, continuation) = AsyncStream.makeStream(of: JudgeReport.self)
    for question in questions {
      bench.judge.ask(question) { news in
        continuation.yield(news)
        report(news)
      }
    }
    var found: [JudgeReport] = []
    for await report in reports {
      found.append(report)
      if found.count == count { break }
    }
    return found
  }

  @Test func `a call kept open for a late answer is cut, and its end is told`() async throws {
    let bench = try Bench(ScriptedServer(always: [.hang]))
    defer { bench.stop() }
    let question = Bench.question(Prompts.labels, milliseconds: 300)

    let found = await Self.reports(2, of: [question], bench) { report in
      if case .verdict = report { bench.judge.settle() }
    }

    guard case .verdict(.fallback(.timeoutFirstByte), nil)? = found.first,
      case .call(let record, .interrupted)? = found.last
    else {
      Issue.record("expected the fallback, then the end of its call, found \(found)")
      return
    }
    #expect(record.attempt == 1)
    #expect(record.question != nil)
    while bench.judge.unsettled > 0 { await Task.yield() }
  }

  @Test func `one that is awaited goes on, and ends with its question`() async throws {
    let bench = try Bench(ScriptedServer(always: [.hang]))
    defer { bench.stop() }
    bench.judge.settle()
    let question = Bench.question(Prompts.labels, milliseconds: 300)

    let found = await Self.reports(2, of: [question], bench)

    let hasFallback = found.contains {
      if case .verdict(.fallback(.timeoutFirstByte), nil) = $0 { true } else { false }
    }
    #expect(hasFallback, "\(found)")
    let ends = found.compactMap { report -> FallbackReason? in
      if case .call(_, let reason) = report { reason } else { nil }
    }
    #expect(ends == [.interrupted])
  }
}
