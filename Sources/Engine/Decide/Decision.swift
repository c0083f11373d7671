import PetriNet

/// What a command comes to: events in order, what is to be performed once they are on disk, and the
/// answer.
struct Decision: Sendable {
  var drafts: [Draft] = []
  var effects: [Effect] = []
  var reply: Reply

  init(_ drafts: [Draft] = [], _ effects: [Effect] = [], reply: Reply) {
    self.drafts = drafts
    self.effects = effects
    self.reply = reply
  }
}

/// Decides a command: pure and total. What does not fit becomes `commandRefused`, because the log
/// holds every decision; a full place alone writes nothing.
func decide(
  _ command: Command, in state: State, at now: Instant, lookups: Lookups
) -> Decision {
  switch command {
  case .startOwner(let command): state.decide(command, at: now)
  case .activate(let command): state.decide(command)
  case .start(let command): state.decide(command, at: now)
  case .depositMessage(let command): state.decide(command, at: now)
  case .deposit(let command): state.decide(command, at: now)
  case .withdraw(let command): state.decide(command)
  case .cancel(let command): state.decideCancel(command, at: now)
  case .terminate(let command): state.decideEnd(command, how: .terminated, at: now)
  case .migrate(let command): state.decide(command, at: now)
  case .claim(let command): state.decide(command, at: now)
  case .release(let command): state.decide(command, at: now)
  case .answer(let command): state.decide(command, at: now)
  case .recordCall(let command): state.decide(command)
  case .recordVerdict(let command): state.decide(command, at: now)
  case .endAttempt(let command): state.decide(command, at: now)
  case .resolveIncident(let command): state.decide(command, at: now)
  case .settle(let command): state.decide(command, at: now)
  case .label(let command): state.decide(command)
  case .pause(let command): state.decide(command, isPause: true)
  case .resume(let command): state.decide(command, isPause: false)
  case .completeErasure(let erasure): state.decideCompleted(erasure)
  case .recordSnapshot(let taken):
    Decision([Draft(nil, .snapshotTaken(taken))], reply: .done(event: state.nextSeq))
  case .openRequestSlot(let slot): state.decideSlot(opening: slot)
  case .closeRequestSlot(let slot): state.decideSlot(closing: slot)
  case .prune(let event): state.decide(event)
  case .expire(let event): state.decide(event)
  case .register, .useGuards, .erase, .tick: Decision(reply: .done(event: nil))
  }
}

extension State {
  func refuse(
    _ refusal: Refusal, _ caseID: CaseID? = nil, by: Subject?, request: RequestIdentity? = nil
  ) -> Decision {
    let event = CommandRefused(
      by: by, command: refusal.command, of: refusal.of, reason: refusal.reason, request: request)
    return Decision(
      [Draft(caseID, .commandRefused(event))], reply: .refused(refusal, event: nextSeq))
  }

  /// The current version of a workflow.
  func currentPlan(_ name: WorkflowName) -> VersionPlan? {
    current[name].flatMap { index.plans[$0] }
  }
}
