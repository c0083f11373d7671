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
    /// Its task is being made, and is to be cancelled once it is.
    case beginning(isLetGo: Bool)
    case task(Task<Void, Never>)
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
    let tasks = state.withLock { state in
      if state.firstWaiting < state.waiting.count { state.letGo.insert(firing) }
      return state.letGo { $0.firing == firing }
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
      return state.letGo { _ in true }
    }
    for task in tasks { task.cancel() }
  }

  /// Makes the task of an attempt that is noted as beginning; nobody waits for the lock meanwhile.
  private func start(_ attempt: ActionAttempt) {
    let performer = performers[attempt.action.name]
    let key = AttemptKey(attempt)
    let task = Task { [self] in
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
    let isLetGo = state.withLock { state in
      // It may have ended already.
      guard case .beginning(let isLetGo)? = state.running[key] else { return false }
      state.running[key] = .task(task)
      return isLetGo
    }
    if isLetGo { task.cancel() }
  }

  private func finished(_ key: AttemptKey) {
    let next = state.withLock { state in
      state.running[key] = nil
      return state.takeWaiting(limit)
    }
    for attempt in next { start(attempt) }
  }
}

extension ActionPool.AttemptKey {
  fileprivate init(_ attempt: ActionAttempt) {
    self.init(firing: attempt.firing, attempt: attempt.attempt)
  }
}

extension ActionPool.State {
  /// The tasks of attempts that are no longer wanted; those that begin are cancelled when they have
  /// one.
  fileprivate mutating func letGo(
    _ isUnwanted: (ActionPool.AttemptKey) -> Bool
  ) -> [Task<Void, Never>] {
    var tasks: [Task<Void, Never>] = []
    for (key, attempt) in running where isUnwanted(key) {
      if case .task(let task) = attempt {
        tasks.append(task)
      } else {
        running[key] = .beginning(isLetGo: true)
      }
    }
    return tasks
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
