package import Engine
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The service: one thread that owns the state, the log behind it, and the effects around it.
///
/// Callers get this handle and never the state. What a submission answers is on disk.
package final class Orchestrator: Sendable {
  let inbox: Inbox<LoopItem>
  let settings: LoopSettings
  let clock: any Clock
  let performer: EffectPerformer
  let counters = Mutex(Counters())
  private let followers = Mutex(Followers())
  private let ended = Mutex(Ending())

  private struct Followers {
    var head = Seq(0)
    var next = 0
    var continuations: [Int: AsyncStream<Seq>.Continuation] = [:]
  }

  private struct Ending {
    var failure: StoreError?
    var isOver = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  /// Folds the log, takes ownership, registers the definitions and begins to turn.
  ///
  /// - Throws: What `LoopOpening` throws; nothing runs then and the log is released.
  package init(
    opening: LoopOpening, judge: any Judge, actions: [any ActionPerformer],
    settings: LoopSettings, clock: any Clock = MonotonicClock()
  ) throws {
    let inbox = Inbox<LoopItem>(limit: settings.inboxMax)
    self.inbox = inbox
    self.settings = settings
    self.clock = clock
    performer = EffectPerformer(
      judge: judge, actions: actions, judgesMax: settings.judgesMax, shares: settings.shares,
      actionsMax: settings.actionsMax, clock: clock
    ) { inbox.put(.report($0)) }
    let opened = try opening.open(at: clock.now())
    followers.withLock { $0.head = opened.head }
    counters.withLock { counters in
      counters.folded = opened.rowsFolded
      counters.restored = opened.restored
    }
    performer.pause(opened.core.machine.state.pausedEndpoints)
    performer.perform(opened.effects)
    // The core moves to its thread and is touched by no other from here on.
    let box = CoreBox(opened.core)
    EngineThread.start(name: "petrel-engine") { [self] in
      var loop = LoopThread(core: box.take(), opening: opening, orchestrator: self)
      loop.run()
    }
  }

  /// Decides a command; returns when its events are on disk.
  package func submit(
    _ command: Command, key: RequestKey? = nil
  ) async throws(SubmissionError) -> Submitted {
    let results = try await submit(batch: [Submission(command, key: key)])
    guard let first = results.first else { throw .storeUnavailable }
    return try first.get()
  }

  /// Decides commands in order, in one commit; each is answered by itself.
  package func submit(batch: [Submission]) async throws(SubmissionError) -> [SubmissionResult] {
    let result = await withCheckedContinuation { continuation in
      send(batch) { continuation.resume(returning: $0) }
    }
    return try result.get()
  }

  /// As `submit(batch:)`, for callers that do not wait.
  package func send(
    _ batch: [Submission],
    answer: @escaping @Sendable (Result<[SubmissionResult], SubmissionError>) -> Void
  ) {
    if ended.withLock({ $0.isOver }) { return answer(.failure(.storeUnavailable)) }
    let taken = inbox.offer([.submit(batch) { answer(.success($0)) }])
    if !taken {
      counters.withLock { $0.refusedFull += 1 }
      answer(.failure(isDraining ? .draining : .inboxFull))
    }
  }

  /// Looks at the state between two groups: nobody sees what is not on disk.
  ///
  /// Take out what is needed; a copy of the state kept longer makes the next change copy it.
  package func read<T: Sendable>(
    _ body: @escaping @Sendable (Machine) -> T
  ) async throws(SubmissionError) -> T {
    guard !ended.withLock({ $0.isOver }) else { throw .storeUnavailable }
    let found: T? = await withCheckedContinuation { continuation in
      inbox.put(.look { continuation.resume(returning: $0.map(body)) })
    }
    guard let found else { throw .storeUnavailable }
    return found
  }

  /// Writes beside the log where the service answers.
  package func announce(url: String) { inbox.put(.announce(url: url)) }

  /// The last row after each commit; several commits may come as one.
  package func changes() -> AsyncStream<Seq> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let number = followers.withLock { state in
        state.next += 1
        state.continuations[state.next] = continuation
        continuation.yield(state.head)
        return state.next
      }
      continuation.onTermination = { [self] _ in
        followers.withLock { $0.continuations[number] = nil }
      }
    }
  }

  /// The last row on disk.
  package var head: Seq { followers.withLock { $0.head } }

  package var isDraining: Bool { counters.withLock { $0.isDraining } }

  /// New submissions are refused; returns when nothing is under way or `settings.drain` has passed,
  /// and the log is released. What is under way then is taken up by the next start.
  package func stop() async {
    counters.withLock { $0.isDraining = true }
    inbox.close()
    await finished()
  }

  /// Returns when the loop has ended, by `stop` or because the log failed for good.
  package func finished() async {
    await withCheckedContinuation { continuation in
      let isOver = ended.withLock { state in
        if !state.isOver { state.waiting.append(continuation) }
        return state.isOver
      }
      if isOver { continuation.resume() }
    }
  }

  /// Why the loop ended by itself; nil if it runs or was stopped.
  package var failure: StoreError? { ended.withLock { $0.failure } }

  func publish(head: Seq) {
    followers.withLock { state in
      state.head = head
      for continuation in state.continuations.values { continuation.yield(head) }
    }
  }

  func end(because failure: StoreError?) {
    performer.stop()
    // Finished outside the lock, which each takes when it is told that it ends.
    let following = followers.withLock { state in
      defer { state.continuations = [:] }
      return Array(state.continuations.values)
    }
    for continuation in following { continuation.finish() }
    let waiting = ended.withLock { state in
      state.isOver = true
      state.failure = failure
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}

/// `limits` and `stop` of petrel.yaml, as far as the loop needs them.
package struct LoopSettings: Sendable, Equatable {
  package var inboxMax: Int
  package var group: GroupLimits
  package var judgesMax: Int
  package var actionsMax: Int
  package var drainMicroseconds: Int64
  /// How many turns workflows take where their questions wait, by their names; 1 where it is silent.
  package var shares: [String: Int]

  package init(
    inboxMax: Int = 4_096, group: GroupLimits = GroupLimits(), judgesMax: Int = 4_096,
    actionsMax: Int = 256, drainMicroseconds: Int64 = 10_000_000, shares: [String: Int] = [:]
  ) {
    self.inboxMax = inboxMax
    self.group = group
    self.judgesMax = judgesMax
    self.actionsMax = actionsMax
    self.drainMicroseconds = drainMicroseconds
    self.shares = shares
  }
}
