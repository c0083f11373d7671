import Engine
import Foundation
import LLMJudge
import Orchestration
import PetriNet
import Synchronization
import Testing
import Transfer

/// Thousands of questions in flight on the judge's one thread, against a model in another process
/// that answers after a second or never.
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
  /// Deadlines and timers are due one after the other over so long.
  private static let spreadMicroseconds: Int64 = 4_000_000
  private static let count = Effort.isSoak ? 10_000 : 300

  private struct Answer: Sendable {
    var firing: FiringID
    var verdict: Verdict
    var lateMicroseconds: Int64
  }

  @Test func `all in flight at once are answered right, and those without answer end in time`()
    async throws
  {
    guard Self.raiseFileLimit() >= Self.count + 2_000 else {
      print("in flight: skipped, the hard limit of open files is below \(Self.count + 2_000)")
      return
    }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("petrel-flight-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.rules.write(toFile: folder + "/rules.yaml", atomically: true, encoding: .utf8)
    let model = try await ServiceProcess(
      ["stand-in", "model", folder + "/rules.yaml", "--port", "0"], log: folder + "/model.log")
    let loop = CurlLoop()
    let judge = try Self.judge(model.url, loop)

    let before = Self.processorMicroseconds()
    let memory = Self.residentKiB()
    let (answers, peak) = await Self.ask(judge, seconds: 30) { $0 % 2 == 0 ? "refund" : "thanks" }
    let spent = Self.processorMicroseconds() - before
    let grown = peak.kibibytes - memory
    let wrong = answers.filter {
      $0.verdict != .label($0.firing.seq.number % 2 == 0 ? "true" : "false")
    }
    let (silent, _) = await Self.ask(judge, seconds: 4) { _ in "silence" }
    let late = silent.map(\.lateMicroseconds).sorted()
    let bare = await Self.bareTimers(loop).sorted()
    loop.stop()
    await model.stop()

    let p99 = late[late.count * 99 / 100]
    let bareP99 = bare[bare.count * 99 / 100]
    print(
      "in flight: \(answers.count) calls, \(peak.running) at once, \(wrong.count) wrong, "
        + "\(spent / Int64(Self.count)) µs of processor a call, \(grown >> 10) MiB more; "
        + "\(silent.count) fallbacks, p99 \(p99) µs late, bare timers \(bareP99) µs")
    #expect(answers.count == Self.count)
    #expect(wrong.map(\.verdict) == [])
    #expect(silent.allSatisfy { $0.verdict == .fallback(.timeoutFirstByte) })
    #expect(late.allSatisfy { $0 >= 0 })
    #expect(p99 < bareP99 + 50_000)
    #expect(grown < 256 << 10)
    #expect(peak.running > Self.count / 2)
    #if !DEBUG
      #expect(spent / Int64(Self.count) < 200)
    #endif
  }

  private static func judge(_ url: String, _ loop: CurlLoop) throws -> LLMJudge {
    var endpoint = EndpointConfiguration(
      name: "stand-in", url: url, dialect: "openai-chat", model: "stub-1")
    endpoint.concurrency = count
    endpoint.attempts = 1
    endpoint.connectMilliseconds = 20_000
    endpoint.lateMilliseconds = 0
    var surroundings = LLMJudge.Surroundings.system
    surroundings.deadlineReportMilliseconds = 0
    return try LLMJudge(
      configuration: JudgeConfiguration(
        endpoints: [endpoint],
        models: [ModelConfiguration(alias: "fast", endpoints: ["stand-in"])]),
      transfer: loop, surroundings: surroundings)
  }

  /// Asks all at once; the verdicts, and the most that was in flight with what was resident then.
  private static func ask(
    _ judge: LLMJudge, seconds: Int64, _ message: (Int) -> String
  ) async -> ([Answer], (running: Int, kibibytes: Int)) {
    let (answers, continuation) = AsyncStream.makeStream(of: Answer.self)
    let first = LLMJudge.Surroundings.system.now().advanced(by: seconds * 1_000_000)
    for number in 0..<count {
      let deadline = first.advanced(by: spreadMicroseconds * Int64(number) / Int64(count))
      let question = question(number, message(number), deadline)
      judge.ask(question) { report in
        guard case .verdict(let verdict, _) = report else { return }
        let now = LLMJudge.Surroundings.system.now()
        continuation.yield(
          Answer(
            firing: question.firing, verdict: verdict,
            lateMicroseconds: now.microseconds - deadline.microseconds))
      }
    }
    let watch = Watch()
    async let peak = watch.most(of: judge)
    var found: [Answer] = []
    for await answer in answers {
      found.append(answer)
      if found.count == count { break }
    }
    watch.end()
    return (found, await peak)
  }

  private final class Watch: Sendable {
    private let isOver = Mutex(false)

    func end() { isOver.withLock { $0 = true } }

    /// The most that was under way until the end, with what was resident.
    func most(of judge: LLMJudge) async -> (running: Int, kibibytes: Int) {
      var most = (running: 0, kibibytes: 0)
      while !isOver.withLock({ $0 }) {
        most.running = max(most.running, judge.endpoints.first?.running ?? 0)
        most.kibibytes = max(most.kibibytes, residentKiB())
        await Looking.pass(microseconds: 20_000)
      }
      return most
    }
  }

  private static func question(_ number: Int, _ message: String, _ deadline: Instant) -> Question {
    let prompt = Prompt(
      name: "intent", question: "Does the customer ask for money back?", labels: .boolean,
      fields: [
        .init(
          name: "message", colour: .string(max: 4_000), isPersonal: true, isTrusted: false,
          cut: 4_000)
      ], body: [.text("Judge "), .field(0), .text(".")], text: [], file: "prompts/intent.md")
    return Question(
      firing: FiringID(Seq(Int64(number))), firingText: "s0-\(number)-0",
      workflow: WorkflowName("w"), transition: TransitionName("t"), prompt: prompt,
      values: [.string(message)], models: [], agree: 1, atLeast: nil, deadline: deadline)
  }

  /// How late as many timers of the same loop come that do nothing.
  private static func bareTimers(_ loop: CurlLoop) async -> [Int64] {
    let (times, continuation) = AsyncStream.makeStream(of: Int64.self)
    let first = MonotonicInstant.now().advanced(byMilliseconds: 500)
    for number in 0..<count {
      let due = first.advanced(
        byMicroseconds: spreadMicroseconds * Int64(number) / Int64(count))
      loop.perform(at: due) {
        continuation.yield(MonotonicInstant.now().nanoseconds(since: due) / 1_000)
      }
    }
    var found: [Int64] = []
    for await time in times {
      found.append(time)
      if found.count == count { break }
    }
    return found
  }

  /// Raises the soft limit of open files to the hard one, which it gives.
  private static func raiseFileLimit() -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int(min(limit.rlim_max, 1 << 30))
  }

  private static func processorMicroseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
  }

  private static func residentKiB() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE))) / 1_024
  }
}
