package import Engine
import Synchronization

/// Performs effects whose rows are on disk: the only place that talks to models and actions.
///
/// What comes back is handed to `report` as a command, from any thread. What is under way is known,
/// so that after a failed commit nothing is performed twice at once.
package final class EffectPerformer: Sendable {
  /// Attempts and questions that were begun and have not reported their end.
  fileprivate struct UnderWay {
    var questions: Set<FiringID> = []
    /// Questions that wait for room (`limits.judges`): workflows take turns.
    var queue = FairQueue<Inquiry>()
    /// Of those in the queue, the ones that still are to be asked.
    var waiting: Set<FiringID> = []
    var attempts: [FiringID: Int] = [:]
    var isStopped = false
  }

  private let judge: any Judge
  private let pool: ActionPool
  private let judgesMax: Int
  private let shares: [String: Int]
  private let report: @Sendable (Command) -> Void
  private let underWay = Mutex(UnderWay())

  package init(
    judge: any Judge, actions: [any ActionPerformer], judgesMax: Int,
    shares: [String: Int] = [:], actionsMax: Int, clock: any Clock,
    report: @escaping @Sendable (Command) -> Void
  ) {
    self.judge = judge
    self.judgesMax = judgesMax
    self.shares = shares
    self.report = report
    pool = ActionPool(performers: actions, limit: actionsMax, clock: clock) { attempt, ended in
      report(.endAttempt(EndAttempt(attempt, ended)))
    }
  }

  package func perform(_ effects: [Effect]) {
    for effect in effects {
      switch effect {
      case .judge(let inquiry): ask(inquiry)
      case .abandonJudge(let firing): abandon(firing)
      case .act(let attempt): act(attempt)
      case .abandonAction(let firing):
        // It is let go on disk: nothing performs it again, whether it has begun or not.
        underWay.withLock { _ = $0.attempts.removeValue(forKey: firing) }
        pool.abandon(firing)
      }
    }
  }

  /// Performs those of `effects` that are not under way.
  package func resume(_ effects: [Effect]) {
    let missing = underWay.withLock { state in
      effects.filter { effect in
        switch effect {
        case .judge(let inquiry): !state.knows(inquiry.firing)
        case .act(let attempt): state.attempts[attempt.firing] != attempt.attempt
        case .abandonJudge, .abandonAction: true
        }
      }
    }
    perform(missing)
  }

  /// The outcomes of these attempts are on disk: they are under way no more.
  package func forget(_ ended: [EndAttempt]) {
    underWay.withLock { state in
      for attempt in ended where state.attempts[attempt.firing] == attempt.attempt {
        state.attempts[attempt.firing] = nil
      }
    }
  }

  /// Which `timeout` a question ends in that is silent at its deadline (CONFIG §2).
  package func silence(of firing: FiringID) -> FallbackReason {
    switch judge.progress(of: firing) {
    case .waiting: .timeoutFirstByte
    case .idle, .receiving: .timeoutTotal
    }
  }

  /// These endpoints are asked nothing new.
  package func pause(_ endpoints: Set<String>) { judge.pause(endpoints) }

  /// How the judge's endpoints do.
  package var endpoints: [EndpointStanding] { judge.endpoints }

  /// How much is under way: questions asked and waiting, attempts running and waiting.
  package var load: PerformerLoad {
    let (asked, waiting, unsettled) = underWay.withLock { state in
      (state.questions.count, state.waiting.count, state.attempts.count)
    }
    let actions = pool.load
    return PerformerLoad(
      questions: asked, questionsWaiting: waiting, calls: judge.unsettled,
      attempts: actions.running, attemptsWaiting: actions.waiting, attemptsUnsettled: unsettled)
  }

  /// Calls whose questions have ended are cut, and their ends reported; what is awaited goes on.
  package func settle() { judge.settle() }

  /// Nothing more begins; what runs is asked to stop.
  package func stop() {
    underWay.withLock { state in
      state.isStopped = true
      state.queue = FairQueue()
      state.waiting = []
    }
    pool.stop()
  }

  private func act(_ attempt: Attempt) {
    underWay.withLock { $0.attempts[attempt.firing] = attempt.attempt }
    pool.perform(ActionAttempt(attempt))
  }

  private func ask(_ inquiry: Inquiry) {
    let begins = underWay.withLock { state -> Bool in
      guard !state.isStopped else { return false }
      guard state.questions.count < judgesMax else {
        let workflow = inquiry.workflow.text
        state.queue.add(inquiry, flow: workflow, weight: shares[workflow] ?? 1)
        state.waiting.insert(inquiry.firing)
        return false
      }
      state.questions.insert(inquiry.firing)
      return true
    }
    if begins { begin(inquiry) }
  }

  private func begin(_ inquiry: Inquiry) {
    let firing = inquiry.firing
    let caseID = inquiry.caseID
    judge.ask(Question(inquiry)) { [self] answer in
      switch answer {
      case .call(let call, let reason):
        report(
          .recordCall(RecordCall(firing: firing, caseID: caseID, call: call, reason: reason)))
      case .verdict(let verdict, let call):
        finished(firing)
        report(
          .recordVerdict(
            RecordVerdict(firing: firing, caseID: caseID, verdict: verdict, call: call)))
      }
    }
  }

  private func abandon(_ firing: FiringID) {
    judge.abandon(firing)
    finished(firing)
  }

  private func finished(_ firing: FiringID) {
    let next = underWay.withLock { state -> [Inquiry] in
      guard state.questions.remove(firing) != nil else {
        state.waiting.remove(firing)
        return []
      }
      return state.takeWaiting(judgesMax)
    }
    for inquiry in next { begin(inquiry) }
  }
}

extension EffectPerformer.UnderWay {
  fileprivate func knows(_ firing: FiringID) -> Bool {
    questions.contains(firing) || waiting.contains(firing)
  }

  /// Those whose turn it is, noted as asked.
  fileprivate mutating func takeWaiting(_ limit: Int) -> [Inquiry] {
    var taken: [Inquiry] = []
    while questions.count < limit,
      let next = queue.removeFirst(where: { [waiting] in waiting.contains($0.firing) })
    {
      waiting.remove(next.firing)
      questions.insert(next.firing)
      taken.append(next)
    }
    return taken
  }
}

/// What is under way, for metrics.
package struct PerformerLoad: Sendable, Equatable {
  package var questions: Int
  package var questionsWaiting: Int
  /// Calls of the judge that have not been reported, those kept open for a late answer among them.
  package var calls: Int
  package var attempts: Int
  package var attemptsWaiting: Int
  /// Attempts that were asked for and neither let go nor ended on disk.
  package var attemptsUnsettled: Int

  package init(
    questions: Int, questionsWaiting: Int, calls: Int, attempts: Int, attemptsWaiting: Int,
    attemptsUnsettled: Int
  ) {
    self.questions = questions
    self.questionsWaiting = questionsWaiting
    self.calls = calls
    self.attempts = attempts
    self.attemptsWaiting = attemptsWaiting
    self.attemptsUnsettled = attemptsUnsettled
  }
}

extension Question {
  init(_ inquiry: Inquiry) {
    self.init(
      firing: inquiry.firing, firingText: inquiry.firingText, workflow: inquiry.workflow,
      transition: inquiry.transition, prompt: inquiry.prompt, values: inquiry.values,
      models: inquiry.models, agree: inquiry.agree, atLeast: inquiry.atLeast,
      deadline: inquiry.deadline)
  }
}

extension ActionAttempt {
  init(_ attempt: Attempt) {
    self.init(
      firing: attempt.firing, action: attempt.action, argument: attempt.argument,
      attempt: attempt.attempt, idempotencyKey: attempt.idempotencyKey,
      workflow: attempt.workflow, caseID: attempt.caseID, deadline: attempt.deadline)
  }
}

extension EndAttempt {
  init(_ attempt: ActionAttempt, _ ended: PerformedAttempt) {
    switch ended {
    case .ok(let value):
      self.init(
        firing: attempt.firing, caseID: attempt.caseID, attempt: attempt.attempt,
        outcome: .ok(value))
    case .failed(let code, let retry, let happened, let error, let retryAfter):
      self.init(
        firing: attempt.firing, caseID: attempt.caseID, attempt: attempt.attempt,
        outcome: .failed(
          code: code, retry: retry, happened: happened, error: error,
          retryAfterMicroseconds: retryAfter))
    }
  }
}
