import CEL
import PetriNet

extension State {
  func decide(_ command: ClaimTask, at now: Instant) -> Decision {
    func refuse(_ reason: RefusalReason, holder: Subject? = nil, _ caseID: CaseID? = nil)
      -> Decision
    {
      self.refuse(
        Refusal(.claim, reason, of: command.task.seq, holder: holder), caseID, by: command.by)
    }
    guard let offer = offers[command.task] else { return refuse(.taskWithdrawn) }
    let taker = command.holder ?? command.by
    if let holder = offer.holder(at: now), holder != command.by {
      return refuse(.taskHeld, holder: holder, offer.caseID)
    }
    if offer.notBy?.contains(where: taker.mayBe) == true { return refuse(.fourEyes, offer.caseID) }
    let lease = index.limits.claimMicroseconds
    if offer.holder(at: now) == taker, let until = offer.until,
      until.microseconds - now.microseconds > lease / 3
    {
      return Decision(reply: .claimed(offer.id, until: until, event: nil))
    }
    let until = now.advanced(by: lease)
    let event = TaskClaimed(by: command.by, holder: command.holder, task: offer.id, until: until)
    return Decision(
      [Draft(offer.caseID, .taskClaimed(event))],
      reply: .claimed(offer.id, until: until, event: nextSeq))
  }

  func decide(_ command: ReleaseTask, at now: Instant) -> Decision {
    guard let offer = offers[command.task] else {
      return refuse(Refusal(.release, .taskWithdrawn, of: command.task.seq), by: command.by)
    }
    guard let holder = offer.holder(at: now) else { return Decision(reply: .done(event: nil)) }
    guard holder == command.by else {
      return refuse(
        Refusal(.release, .taskHeld, of: command.task.seq, holder: holder), offer.caseID,
        by: command.by)
    }
    let event = TaskReleased(by: command.by, task: offer.id)
    return Decision([Draft(offer.caseID, .taskReleased(event))], reply: .done(event: nextSeq))
  }

  func decide(_ command: AnswerTask, at now: Instant) -> Decision {
    func refuse(
      _ reason: RefusalReason, holder: Subject? = nil, _ caseID: CaseID? = nil,
      _ problems: [AdmissionProblem] = []
    ) -> Decision {
      self.refuse(
        Refusal(
          .answer, reason, of: command.task.seq, name: command.outcome, holder: holder,
          problems: problems), caseID, by: command.by, request: command.request)
    }
    guard let offer = offers[command.task], let plan = index.plans[offer.workflow],
      let transition = plan.transition(offer.transition),
      case .task(let work) = transition.transition.work
    else { return refuse(.taskWithdrawn) }
    if offer.notBy?.contains(where: command.by.mayBe) == true {
      return refuse(.fourEyes, offer.caseID)
    }
    if let holder = offer.holder(at: now), holder != command.by {
      return refuse(.taskHeld, holder: holder, offer.caseID)
    }
    guard work.routes.contains(where: { $0.outcome.hasSameBytes(as: command.outcome) })
    else { return refuse(.noSuchOutcome, offer.caseID) }
    let form = work.form(of: command.outcome)
    var answer: Value?
    if let form {
      let colour = ColourSet.record(form)
      let value = colour.coerced(command.form ?? .map(MapValue())).unsealed
      guard colour.contains(value) else {
        return refuse(.valueNotInColourSet, offer.caseID, colour.admits(value))
      }
      var size = RowSize()
      size.add(value, colour)
      guard size.fits(index.limits) else { return refuse(.tooLarge, offer.caseID) }
      answer = value
    }
    return answered(command, offer, plan, transition, answer, at: now)
  }

  private func answered(
    _ command: AnswerTask, _ offer: Offer, _ plan: VersionPlan, _ transition: TransitionPlan,
    _ answer: Value?, at now: Instant
  ) -> Decision {
    guard let token = token(offer.token, of: offer.caseID) else {
      preconditionFailure("the token of an offer is at rest")
    }
    let reads = (offer.read ?? []).compactMap { bound in
      self.bound(bound, offer.caseID)
    }
    var outcome = RecordedOutcome(outcome: command.outcome, at: now)
    outcome.by = command.by
    outcome.value = answer.map(Cargo.value)
    let ended = Ended(
      plan: plan, transition: transition, caseID: offer.caseID, inputs: [.one(token)],
      reads: reads, firing: nextFiring, outcome: outcome)
    let firing = FiringID(nextSeq)
    var event = TaskAnswered(
      answer: answer.map(Cargo.value), by: command.by, consumed: [.one(token.id)],
      note: command.note.map { SealedText($0) }, outcome: command.outcome, read: offer.read,
      request: command.request, task: offer.id, transition: transition.transition.name,
      workflow: offer.caseID == nil ? plan.id : nil)
    let reply = Reply.answered(firing, event: nextSeq)
    var following: [Draft] = []
    var effects: [Effect] = []
    do {
      let region = try cancelRegion(of: ended, at: now)
      event.cancelled = region.cancelled
      event.aborted = region.aborted
      (following, effects) = consequences(of: region, at: now)
      let made = try outputs(of: ended, at: now)
      event.tokens = made.tokens
      following = made.incidents(nextSeq, offer.caseID) + following
    } catch {
      following.insert(unsettled(firing, ended, error), at: 0)
    }
    return Decision(
      [Draft(offer.caseID, .taskAnswered(event))] + following, effects, reply: reply)
  }

  private func bound(_ ids: BoundTokens, _ caseID: CaseID?) -> Bound? {
    switch ids {
    case .one(let id): token(id, of: caseID).map(Bound.one)
    case .several(let ids): .several(ids.compactMap { token($0, of: caseID) })
    }
  }
}

extension TaskWork {
  /// The record that an outcome's form asks for.
  func form(of outcome: String) -> RecordColour? {
    forms.first { $0.outcome.hasSameBytes(as: outcome) }?.colour
  }
}
