import Engine

/// What runs on the engine's thread: take what waits, decide it, commit, answer, perform.
struct LoopThread: ~Copyable {
  private var core: LoopCore?
  private let opening: LoopOpening
  private let orchestrator: Orchestrator
  /// Taken from the inbox; those before `finished` are on disk and answered.
  private var inHand: [LoopItem] = []
  private var finished = 0
  /// Answers to those that wait for the commit.
  private var answers: [Answer] = []
  private var stopsAt: Instant?
  /// Endpoints that are paused, as the judge was told last.
  private var paused: Set<String>
  /// How long requests are refused before the log is opened again, in nanoseconds: nothing after
  /// the first failure, then more each time, until a group is on disk.
  private var pause: Int64 = 0
  /// Monotonic nanoseconds before which no slice of retention is done while others wait.
  private var retiresAt: Int64 = 0

  /// How often it is looked at whether a stop is over.
  private static let stopBeat: Int64 = 20_000_000
  private static let pauseFirst: Int64 = 50_000_000
  private static let pauseMost: Int64 = 1_000_000_000

  /// Answers that are given when the group is on disk.
  private typealias Answer = () -> Void

  init(core: consuming LoopCore, opening: LoopOpening, orchestrator: Orchestrator) {
    paused = core.machine.state.pausedEndpoints
    self.core = consume core
    self.opening = opening
    self.orchestrator = orchestrator
  }

  mutating func run() {
    while true {
      inHand += next()
      orchestrator.counters.withLock { $0.turned = MonotonicClock.monotonicNanoseconds() }
      do {
        try turn()
        try retire()
        if core?.isStale == true, let failure = foldAnew() { return end(because: failure) }
      } catch {
        if let failure = recover(from: error) { return end(because: failure) }
      }
      if isOver { return end(because: takeLastSnapshot()) }
    }
  }

  /// What waits; returns at the next due instant at the latest, and every second for the health, more
  /// often while it stops.
  private mutating func next() -> [LoopItem] {
    let limit = orchestrator.settings.group.commandsMax
    guard inHand.isEmpty, core?.isRetiring != true || orchestrator.isDraining else {
      return orchestrator.inbox.take(max: limit, until: 0)
    }
    let beat = orchestrator.isDraining ? Self.stopBeat : 1_000_000_000
    var until = MonotonicClock.monotonicNanoseconds() + beat
    // What is left of a snapshot is written as soon as nothing else is to be done.
    if core?.isTakingSnapshot == true || core?.hasSnapshotToRecord == true { until = 0 }
    if let due = core?.machine.nextDue() { until = min(until, monotonicNanoseconds(of: due)) }
    return orchestrator.inbox.take(max: limit, until: until)
  }

  private func monotonicNanoseconds(of instant: Instant) -> Int64 {
    let distance = instant.microseconds.subtractingReportingOverflow(
      orchestrator.clock.now().microseconds)
    guard !distance.overflow, distance.partialValue < 1_000_000_000_000 else { return .max }
    return MonotonicClock.monotonicNanoseconds() + max(0, distance.partialValue) * 1_000
  }

  /// One pass over what is in hand, in as many groups as the limits ask for.
  private mutating func turn() throws(StoreError) {
    let performer = orchestrator.performer
    let lookups = Lookups { performer.silence(of: $0) }
    let now = orchestrator.clock.now()
    var commands = 0
    core?.recordSnapshot()
    for (index, item) in inHand.enumerated() {
      switch item {
      case .submit(let submissions, let answer):
        var results: [SubmissionResult] = []
        for submission in submissions {
          results.append(try take(submission, at: now, lookups: lookups))
        }
        commands += submissions.count
        answers.append { [results] in answer(results) }
      case .report(let command):
        commands += 1
        _ = core?.take(command, at: now, lookups: lookups)
      case .announce(let url): core?.store.announce(url: url)
      case .look: break
      }
      if core?.isFull == true { try commit(through: index + 1) }
    }
    if commands == 0, let due = core?.machine.nextDue(), due <= now {
      _ = core?.take(.tick, at: now, lookups: lookups)
    }
    orchestrator.counters.withLock { $0.commands += commands }
    try commit(through: inHand.count)
    inHand.removeAll(keepingCapacity: true)
    finished = 0
  }

  /// One slice of what retention asks for: at once where nobody waits, else in a small share of the
  /// time.
  private mutating func retire() throws(StoreError) {
    guard !orchestrator.isDraining, inHand.isEmpty else { return }
    let began = MonotonicClock.monotonicNanoseconds()
    guard orchestrator.inbox.count == 0 || began >= retiresAt else { return }
    let performer = orchestrator.performer
    let isToCommit = try core?.retire(
      at: orchestrator.clock.now(), lookups: Lookups { performer.silence(of: $0) })
    if isToCommit == true { try commit(through: 0) }
    let ended = MonotonicClock.monotonicNanoseconds()
    retiresAt = ended + (ended - began) * Retention.restFactor
  }

  private mutating func take(
    _ submission: Submission, at now: Instant, lookups: Lookups
  ) throws(StoreError) -> SubmissionResult {
    try core?.take(submission, at: now, lookups: lookups) ?? .failure(.storeUnavailable)
  }

  /// Writes the group, answers what is in hand up to `end`, and performs the effects.
  private mutating func commit(through end: Int) throws(StoreError) {
    let events = core?.gathered ?? []
    let began = MonotonicClock.monotonicNanoseconds()
    guard let (head, effects, rows) = try core?.commit() else { return }
    if rows > 0 {
      let microseconds = (MonotonicClock.monotonicNanoseconds() - began) / 1_000
      let bytesAhead = core?.store.bytesAhead ?? 0
      orchestrator.counters.withLock { counters in
        counters.committed(rows: rows, microseconds: microseconds)
        counters.bytesAhead = bytesAhead
        counters.count(events)
      }
      pause = 0
      orchestrator.publish(head: head)
    }
    for answer in answers { answer() }
    answers.removeAll(keepingCapacity: true)
    var ended: [EndAttempt] = []
    for item in inHand[finished..<end] {
      switch item {
      case .look(let look): look(core?.machine)
      case .report(.endAttempt(let attempt)): ended.append(attempt)
      case .submit, .report, .announce: break
      }
    }
    if !ended.isEmpty { orchestrator.performer.forget(ended) }
    tellPauses()
    finished = end
    orchestrator.performer.perform(effects)
  }

  /// The judge knows which endpoints are paused before it is asked again.
  private mutating func tellPauses() {
    guard let now = core?.machine.state.pausedEndpoints, now != paused else { return }
    paused = now
    orchestrator.performer.pause(now)
  }

  /// After an error memory is ahead of the disk: it is thrown away and the log folded anew
  /// (LOG §7). Requests are told to come again; results of effects are taken again.
  ///
  /// - Returns: The error that ends the service, if this one does.
  private mutating func recover(from error: StoreError) -> StoreError? {
    orchestrator.counters.withLock { counters in
      counters.commitFailures += 1
      counters.isWritable = false
    }
    core?.store.close()
    core = nil
    answers = []
    let unfinished = inHand[finished...]
    inHand = []
    finished = 0
    refuse(Array(unfinished))
    guard error.kind == .failed || error.kind == .full else { return error }
    return reopen()
  }

  /// What was erased leaves the memory too.
  private mutating func foldAnew() -> StoreError? {
    core?.store.close()
    core = nil
    return reopen()
  }

  /// Opens the log again, once a small write goes through; until then requests are refused and
  /// results kept.
  private mutating func reopen() -> StoreError? {
    while true {
      if pause > 0 { refuseWhileClosed(for: pause) }
      pause = min(max(pause * 2, Self.pauseFirst), Self.pauseMost)
      do {
        let opened = try opening.reopen()
        core = .some(opened.core)
        orchestrator.counters.withLock { $0.isWritable = true }
        orchestrator.performer.resume(opened.effects)
        return nil
      } catch let error as StoreError where error.kind == .failed || error.kind == .full {
        if stopsAt != nil || orchestrator.isDraining { return error }
      } catch let error as StoreError {
        return error
      } catch {
        return StoreError(.unreadable, code: "S501", "\(error)")
      }
    }
  }

  private mutating func refuseWhileClosed(for nanoseconds: Int64) {
    let until = MonotonicClock.monotonicNanoseconds() + nanoseconds
    while MonotonicClock.monotonicNanoseconds() < until {
      refuse(orchestrator.inbox.take(max: 1_000, until: until))
    }
  }

  /// Tells requests to come again and keeps results.
  private mutating func refuse(_ items: [LoopItem]) {
    for item in items {
      switch item {
      case .submit(let submissions, let answer):
        answer(submissions.map { _ in .failure(.storeUnavailable) })
      case .report: inHand.append(item)
      case .look(let look): look(nil)
      case .announce: break
      }
    }
  }

  /// A stop is over when nothing is under way and all that ended is on record, or when the time for
  /// it has passed.
  private var isOver: Bool {
    mutating get {
      guard orchestrator.isDraining else { return false }
      if stopsAt == nil { orchestrator.performer.settle() }
      let now = orchestrator.clock.now()
      let end = stopsAt ?? now.advanced(by: orchestrator.settings.drainMicroseconds)
      stopsAt = end
      let load = orchestrator.performer.load
      let isQuiet =
        load.questions + load.questionsWaiting + load.calls + load.attempts == 0
      return orchestrator.inbox.count == 0 && (isQuiet || now >= end)
    }
  }

  /// - Returns: The error that ends the service, if it was unknown whether something was written.
  private mutating func takeLastSnapshot() -> StoreError? {
    do throws(StoreError) {
      try core?.takeLastSnapshot()
      if let head = core?.machine.state.lastSeq { orchestrator.publish(head: head) }
      return nil
    } catch {
      // Nothing waits for it: the next start folds the rows.
      return error.kind == .failed || error.kind == .full ? nil : error
    }
  }

  private mutating func end(because failure: StoreError?) {
    core?.store.close()
    core = nil
    orchestrator.end(because: failure)
    refuse(orchestrator.inbox.take(max: .max, until: 0))
  }
}
