package import Engine
package import Orchestration

/// The service's loop over one log, on a clock that stands until something is due; what actions do is
/// a function.
///
/// From instant to instant: all that is due is taken as one group, committed, and only then performed.
package final class VirtualRun {
  /// How an attempt ends, and how many microseconds after it began.
  package struct Performed {
    package var after: Int64
    package var outcome: AttemptOutcome

    package init(after: Int64 = 0, _ outcome: AttemptOutcome) {
      self.after = after
      self.outcome = outcome
    }
  }

  package private(set) var now: Instant
  /// How many groups were committed, and the rows in them.
  package private(set) var commits = 0
  package private(set) var rows = 0
  /// Told every row after its commit.
  package var watch: (LoggedEvent) -> Void = { _ in }
  /// What an action does when its attempt is performed.
  package var perform: (Attempt) -> Performed

  /// Outcomes of actions come at whole multiples of so many microseconds, so that many fall together
  /// whatever instants they began at.
  package var grain: Int64 = 1

  /// What a question to a model comes to, at once; nothing: nobody answers it.
  package var judge: (Inquiry) -> [Command] = { _ in [] }

  private let opening: LoopOpening
  private var core: LoopCore
  private var agenda = Agenda()
  /// Effects of the last commit that were not performed yet.
  private var waiting: [Effect] = []

  /// Opens the log; the definitions are registered, nothing is performed yet.
  package init(
    _ opening: LoopOpening, from: Instant, perform: @escaping (Attempt) -> Performed
  ) throws {
    self.opening = opening
    self.perform = perform
    now = from
    let opened = try opening.open(at: from)
    waiting = opened.effects
    core = opened.takeCore()
  }

  /// The state between two groups.
  package var state: State { core.machine.state }

  /// Decides a command; it is on disk after the next commit.
  @discardableResult package func take(_ command: Command) -> Reply {
    core.take(command, at: now, lookups: Lookups())
  }

  /// Plans a command for an instant to come.
  package func plan(_ command: Command, at instant: Instant) {
    agenda.plan(command, at: max(instant, now))
  }

  /// Writes what was decided; `performWaiting` makes it happen.
  package func commit() throws {
    let gathered = core.gathered
    let (_, effects, count) = try core.commit()
    if count > 0 { commits += 1 }
    rows += count
    for event in gathered { watch(event) }
    waiting += effects
  }

  /// Performs what the last commits allow; the outcomes come when their time has come.
  package func performWaiting() {
    let effects = waiting
    waiting = []
    for case .judge(let inquiry) in effects {
      for command in judge(inquiry) { agenda.plan(command, at: now) }
    }
    for case .act(let attempt) in effects {
      let performed = perform(attempt)
      let ended = EndAttempt(
        firing: attempt.firing, caseID: attempt.caseID, attempt: attempt.attempt,
        outcome: performed.outcome)
      let end = now.microseconds + performed.after + grain - 1
      agenda.plan(.endAttempt(ended), at: Instant(microseconds: end - end % grain))
    }
  }

  /// Goes to the next instant and takes all that is due; false when nothing is left to come.
  package func advance() throws -> Bool {
    performWaiting()
    guard let due = [core.machine.nextDue(), agenda.next].compactMap(\.self).min() else {
      return false
    }
    now = max(now, due)
    var isTold = false
    while !core.isFull, let command = agenda.take(until: now) {
      isTold = true
      take(command)
    }
    if !isTold { take(.tick) }
    try commit()
    return true
  }

  /// The process ends here and starts again: outcomes on their way and effects that were not performed
  /// are lost, the log is folded, and what is outstanding is performed anew.
  package func restart() throws {
    agenda = Agenda()
    core.store.close()
    let opened = try opening.open(at: now)
    waiting = opened.effects
    core = opened.takeCore()
  }
}
