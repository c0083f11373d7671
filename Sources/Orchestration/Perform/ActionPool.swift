package import Engine
import PetriNet
import Synchronization

/// Performs attempts of actions, so many at a time; the rest waits in order.
///
/// An attempt let go before it began never begins. Each begun attempt reports exactly once.
package final class ActionPool: Sendable {
  package typealias Report = @Sendable (ActionAttempt, PerformedAttempt) -> Void

  /// An attempt whose deadline passed may still run when the next one begins.
  private struct AttemptKey: Hashable {
    var firing: FiringID
    var attempt: Int
  }

  private struct State {
    var running: [AttemptKey: Task<Void, Never>] = [:]
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
    state.withLock { state in
      guard !state.isStopped else { return }
      if state.running.count < limit {
        start(attempt, in: &state)
      } else {
        state.waiting.append(attempt)
      }
    }
  }

  /// Cancels the attempt of a firing that was let go.
  package func abandon(_ firing: FiringID) {
    let tasks = state.withLock { state in
      if state.firstWaiting < state.waiting.count { state.letGo.insert(firing) }
      return state.running.filter { $0.key.firing == firing }.map(\.value)
    }
    for task in tasks { task.cancel() }
  }

  /// How many run and how many wait.
  package var load: (running: Int, waiting: Int) {
    state.withLock { ($0.running.count, $0.waiting.count - $0.firstWaiting) }
  }

  /// Nothing more begins; what runs is cancelled.
  package func stop() {
    let tasks = state.withLock { state in
      state.isStopped = true
      state.waiting = []
      state.firstWaiting = 0
      return Array(state.running.values)
    }
    for task in tasks { task.cancel() }
  }

  private func start(_ attempt: ActionAttempt, in state: inout State) {
    let performer = performers[attempt.action.name]
    let key = AttemptKey(firing: attempt.firing, attempt: attempt.attempt)
    state.running[key] = Task { [self] in
      let outcome: PerformedAttempt
      if let performer {
        outcome = await performer.perform(attempt)
      } else {
        outcome = .failed(
          code: "unbound", retry: false, happened: .no, error: nil, retryAfterMicroseconds: nil)
      }
      report(attempt, outcome)
      finished(key)
    }
  }

  private func finished(_ key: AttemptKey) {
    state.withLock { state in
      state.running[key] = nil
      while state.running.count < limit, state.firstWaiting < state.waiting.count {
        let next = state.waiting[state.firstWaiting]
        state.firstWaiting += 1
        if state.letGo.remove(next.firing) != nil { continue }
        start(next, in: &state)
      }
      if state.firstWaiting == state.waiting.count { state.letGo = [] }
      if state.firstWaiting > 1_024, state.firstWaiting * 2 > state.waiting.count {
        state.waiting.removeFirst(state.firstWaiting)
        state.firstWaiting = 0
      }
    }
  }
}
