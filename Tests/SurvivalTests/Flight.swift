import Engine
import Foundation
import LLMJudge
import Orchestration
import PetriNet
import Synchronization
import Transfer

/// Many questions at once to one endpoint, on a loop of their own.
struct Flight {
  struct Answer: Sendable {
    var firing: FiringID
    var verdict: Verdict
    var lateMicroseconds: Int64
  }

  /// What was found, and the most that was under way at once with what was resident then.
  struct Landing: Sendable {
    var answers: [Answer] = []
    var running = 0
    var kibibytes = 0
  }

  let count: Int
  /// Deadlines and timers are due one after the other over so long.
  let spreadMicroseconds: Int64
  let judge: LLMJudge
  private let loop = CurlLoop()

  /// - Parameter change: what the endpoint is beyond an address with room for all.
  init(
    _ url: String, count: Int, spreadMicroseconds: Int64,
    _ change: (inout EndpointConfiguration) -> Void = { _ in }
  ) throws {
    self.count = count
    self.spreadMicroseconds = spreadMicroseconds
    var endpoint = EndpointConfiguration(
      name: "stand-in", url: url, dialect: "openai-chat", model: "stub-1")
    endpoint.concurrency = count
    endpoint.attempts = 1
    endpoint.connectMilliseconds = 60_000
    endpoint.lateMilliseconds = 0
    change(&endpoint)
    var surroundings = LLMJudge.Surroundings.system
    surroundings.deadlineReportMilliseconds = 0
    judge = try LLMJudge(
      configuration: JudgeConfiguration(
        endpoints: [endpoint],
        models: [ModelConfiguration(alias: "fast", endpoints: ["stand-in"])]),
      transfer: loop, surroundings: surroundings)
  }

  func stop() { loop.stop() }

  /// Asks all at once.
  ///
  /// - Parameter seconds: until the first deadline.
  func ask(seconds: Int64, _ message: (Int) -> String) async -> Landing {
    let (answers, continuation) = AsyncStream.makeStream(of: Answer.self)
    let first = LLMJudge.Surroundings.system.now().advanced(by: seconds * 1_000_000)
    for number in 0..<count {
      let deadline = first.advanced(by: spreadMicroseconds * Int64(number) / Int64(count))
      let question = Self.question(number, message(number), deadline)
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
    var landing = Landing()
    for await answer in answers {
      landing.answers.append(answer)
      if landing.answers.count == count { break }
    }
    watch.end()
    (landing.running, landing.kibibytes) = await peak
    return landing
  }

  /// How late as many timers of another loop come that do nothing, due at the same instants.
  ///
  /// - Parameter seconds: until the first.
  func bareTimers(seconds: Int64) async -> [Int64] {
    let bare = CurlLoop()
    defer { bare.stop() }
    let (times, continuation) = AsyncStream.makeStream(of: Int64.self)
    let first = MonotonicInstant.now().advanced(byMilliseconds: seconds * 1_000)
    for number in 0..<count {
      let due = first.advanced(byMicroseconds: spreadMicroseconds * Int64(number) / Int64(count))
      bare.perform(at: due) {
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

  private final class Watch: Sendable {
    private let isOver = Mutex(false)

    func end() { isOver.withLock { $0 = true } }

    /// The most that was under way until the end, and the most that was resident.
    func most(of judge: LLMJudge) async -> (Int, Int) {
      var most = (running: 0, kibibytes: 0)
      while !isOver.withLock({ $0 }) {
        most.running = max(most.running, judge.endpoints.first?.running ?? 0)
        most.kibibytes = max(most.kibibytes, OwnProcess.residentKiB)
        await Looking.pass(microseconds: 20_000)
      }
      return (most.running, most.kibibytes)
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
}

/// What this process takes of the machine.
enum OwnProcess {
  /// Raises the soft limit of open files to the hard one, which it gives.
  static func raiseFileLimit() -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int(min(limit.rlim_max, 1 << 30))
  }

  static var processorMicroseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
  }

  static var residentKiB: Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE))) / 1_024
  }
}
