package import Engine
import PetriNet
import Synchronization

/// Performs attempts of actions, so many at a time; the rest waits in order.
///
/// An attempt let go before it began never begins. Each begun attempt reports exactly once.
package final class ActionPool: Sendable {
  package typealias Report = @Sendable (ActionAttempt, PerformedAttempt) -> Void

  /// An attempt whose deadline passed may still run when the next one begins.
  fileprivate struct AttemptKey: Hashable {
    var firing: FiringID
    var attempt: Int
  }

  fileprivate enum Running {
    /// It is being begun, and is to be cancelled once it is.
    case beginning(isLetGo: Bool)
    case begun(AttemptInHand)
  }

  fileprivate struct State {
    var running: [AttemptKey: Running] = [:]
    var waiting: [ActionAttempt] = []
    var firstWaiting = 0
    var letGo: Set<FiringID> = []
    var isStopped = false
  }

  private let performers: [ActionName: any ActionPerformer]
  private let limit: Int
  private let clock: any Clock
  private let report: Report
  private let state = Mutex(State())

  /// `limit` attempts run at once.
  package init(
    performers: [any ActionPerformer], limit: Int, clock: any Clock, report: @escaping Report
  ) {
    var byName: [ActionName: any ActionPerformer] = [:]
    for performer in performers {
      for name in performer.names { byName[name] = performer }
    }
    self.performers = byName
    self.limit = limit
    self.clock = clock
    self.report = report
  }

  /// Begins the attempt, or queues it.
  package func perform(_ attempt: ActionAttempt) {
    let begins = state.withLock { state in
      guard !state.isStopped else { return false }
      guard state.running.count < limit else {
        state.waiting.append(attempt)
        return false
      }
      state.running[AttemptKey(attempt)] = .beginning(isLetGo: false)
      return true
    }
    if begins { start(attempt) }
  }

  /// Cancels the attempt of a firing that was let go.
  package func abandon(_ firing: FiringID) {
    let running = state.withLock { state in
      if state.firstWaiting < state.waiting.count { state.letGo.insert(firing) }
      return state.letGo { $0.firing == firing }
    }
    for attempt in running { attempt.cancel() }
  }

  /// How many run and how many wait.
  package var load: (running: Int, waiting: Int) {
    state.withLock { ($0.running.count, $0.waiting.count - $0.firstWaiting) }
  }

  /// Nothing more begins; what runs is cancelled.
  package func stop() {
    let running = state.withLock { state in
      state.isStopped = true
      state.waiting = []
      state.firstWaiting = 0
      return state.letGo { _ in true }
    }
    for attempt in running { attempt.cancel() }
  }

  /// Begins an attempt that is noted as beginning; nobody waits for the lock meanwhile.
  private func start(_ attempt: ActionAttempt) {
    let key = AttemptKey(attempt)
    let performer = performers[attempt.action.name] ?? UnboundAction()
    let begun = performer.begin(attempt) { [self] outcome in
      report(attempt, outcome)
      finished(key)
    }
    let isLetGo = state.withLock { state in
      // It may have ended already.
      guard case .beginning(let isLetGo)? = state.running[key] else { return false }
      state.running[key] = .begun(begun)
      return isLetGo
    }
    if isLetGo { begun.cancel() }
  }

  private func finished(_ key: AttemptKey) {
    let next = state.withLock { state in
      state.running[key] = nil
      return state.takeWaiting(limit)
    }
    for attempt in next { start(attempt) }
  }
}

/// Stands for an action that nobody performs.
private struct UnboundAction: ActionPerformer {
  let names: Set<ActionName> = []

  func perform(_ attempt: ActionAttempt) async -> PerformedAttempt {
    .failed(
      code: "unbound", retry: false, happened: .no, error: nil, retryAfterMicroseconds: nil)
  }
}

extension ActionPool.AttemptKey {
  fileprivate init(_ attempt: ActionAttempt) {
    self.init(firing: attempt.firing, attempt: attempt.attempt)
  }
}

extension ActionPool.State {
  /// The attempts that are no longer wanted; those that are being begun are cancelled once they are.
  fileprivate mutating func letGo(
    _ isUnwanted: (ActionPool.AttemptKey) -> Bool
  ) -> [AttemptInHand] {
    var unwanted: [AttemptInHand] = []
    for (key, attempt) in running where isUnwanted(key) {
      if case .begun(let begun) = attempt {
        unwanted.append(begun)
      } else {
        running[key] = .beginning(isLetGo: true)
      }
    }
    return unwanted
  }

  /// Those whose turn it is, noted as beginning.
  fileprivate mutating func takeWaiting(_ limit: Int) -> [ActionAttempt] {
    var taken: [ActionAttempt] = []
    while running.count < limit, firstWaiting < waiting.count {
      let next = waiting[firstWaiting]
      firstWaiting += 1
      if letGo.remove(next.firing) != nil { continue }
      running[ActionPool.AttemptKey(next)] = .beginning(isLetGo: false)
      taken.append(next)
    }
    if firstWaiting == waiting.count { letGo = [] }
    if firstWaiting > 1_024, firstWaiting * 2 > waiting.count {
      waiting.removeFirst(firstWaiting)
      firstWaiting = 0
    }
    return taken
  }
}
