import PetriNet

extension State {
  func decide(_ command: ResolveIncident, at now: Instant) -> Decision {
    guard let incident = incidents[command.incident] else {
      return refuse(
        Refusal(.resolve, .incidentResolved, of: command.incident.seq), by: command.by)
    }
    if let firing = incident.firing, command.how == .retry {
      return decide(
        SettleFiring(firing: firing, how: .retry, by: command.by, why: command.why), at: now)
    }
    if incident.firing != nil {
      return refuse(
        Refusal(.resolve, .outcomeNotAwaited, of: command.incident.seq), incident.caseID,
        by: command.by)
    }
    let event = IncidentResolved(
      by: command.by, how: command.how == .retry ? .retried : .ignored, incident: incident.id,
      why: command.why.map { SealedText($0) })
    let (waits, failed) = waitsRetried(incident, command.how)
    let drafts = waits + [Draft(incident.caseID, .incidentResolved(event))]
    return Decision(
      drafts + failed.map(\.draft), reply: .done(event: Seq(lastSeq.number + Int64(drafts.count))))
  }

  /// The waits that a token lacks because they raised, computed again; one that still raises is an
  /// incident again.
  private func waitsRetried(
    _ incident: Incident, _ how: ResolveIncident.How
  ) -> (waits: [Draft], failed: [Raised]) {
    guard how == .retry, let binding = incident.binding, binding.count == 1,
      let workflow = incident.workflow, let plan = index.plans[workflow],
      let name = incident.transition, let token = token(binding[0], of: incident.caseID),
      let number = plan.index(of: token.place)
    else { return ([], []) }
    let found = incident.caseID.flatMap { cases[$0] }
    var waits: [ArcWait] = []
    var failed: [Raised] = []
    for arc in plan.computedWaits[number]
    where arc.transition.transition.name == name
      && !token.waits.contains(where: { $0.arc.utf8.elementsEqual(arc.arc.utf8) })
    {
      do {
        let ready = try ready(arc, token.value, found, token.available)
        waits.append(ArcWait(arc: arc.arc, ready: ready))
      } catch {
        failed.append(
          Raised(
            caseID: incident.caseID, plan: plan, transition: arc.transition, tokens: binding,
            failure: error))
      }
    }
    guard !waits.isEmpty else { return ([], failed) }
    let event = WaitsSet(
      added: [AddedWaits(token: token.id, waits: waits)],
      workflow: incident.caseID == nil ? workflow : nil)
    return ([Draft(incident.caseID, .waitsSet(event))], failed)
  }

  func decide(_ command: SettleFiring, at now: Instant) -> Decision {
    func refuse(_ reason: RefusalReason, _ caseID: CaseID? = nil, message: String? = nil)
      -> Decision
    {
      self.refuse(
        Refusal(.settle, reason, of: command.firing.seq, message: message), caseID,
        by: command.by, request: command.request)
    }
    guard let firing = firings[command.firing], case .unsettled(var outcome) = firing.phase else {
      return refuse(.noSuchFiring)
    }
    var event = FiringSettled(
      by: command.by, firing: firing.id, how: .retried, request: command.request,
      why: command.why.map { SealedText($0) })
    switch command.how {
    case .retry: break
    case .choose(let name):
      event.how = .chosen
      event.outcome = name
      outcome.outcome = name
      if !name.utf8.elementsEqual("fallback".utf8) { outcome.reason = nil }
    case .drop: event.how = .dropped
    }
    var drafts: [Draft] = []
    if event.how == .dropped {
      drafts = [Draft(firing.caseID, .firingSettled(event))]
    } else {
      do {
        let made = try outputs(of: ended(firing, outcome), at: now)
        event.tokens = made.tokens
        drafts = [Draft(firing.caseID, .firingSettled(event))]
        drafts += made.incidents(nextSeq, firing.caseID)
      } catch {
        return refuse(
          error.code == "no_route" ? .noSuchOutcome : .raised, firing.caseID,
          message: error.message)
      }
    }
    let open = incidents.values.filter { $0.firing == firing.id }.map(\.id).sorted()
    for incident in open {
      drafts.append(
        Draft(
          firing.caseID,
          .incidentResolved(
            IncidentResolved(by: command.by, how: .settled, incident: incident))))
    }
    return Decision(drafts, reply: .done(event: nextSeq))
  }

  func decide(_ command: LabelVerdict) -> Decision {
    guard command.verdict <= lastSeq else {
      return refuse(
        Refusal(.label, .noSuchFiring, of: command.verdict), command.caseID, by: command.by,
        request: command.request)
    }
    let event = LabelRecorded(
      blind: command.isBlind, by: command.by, label: command.label, purpose: command.purpose,
      request: command.request, verdict: command.verdict,
      why: command.why.map { SealedText($0) })
    return Decision(
      [Draft(command.caseID, .labelRecorded(event))], reply: .done(event: nextSeq))
  }

  func decide(_ command: SetPause, isPause: Bool) -> Decision {
    var event = Paused(by: command.by, why: command.why.map { SealedText($0) })
    let isPaused: Bool
    switch command.target {
    case .workflow(let name):
      isPaused = pausedWorkflows.contains(name)
      event.name = name
    case .transition(let name, let transition):
      let path = TransitionPath(workflow: name, transition: transition)
      isPaused = pausedTransitions.contains(path)
      event.name = name
      event.transition = transition
    case .endpoint(let endpoint):
      isPaused = pausedEndpoints.contains(endpoint)
      event.endpoint = endpoint
    }
    guard isPaused != isPause else { return Decision(reply: .done(event: nil)) }
    return Decision(
      [Draft(nil, isPause ? .paused(event) : .resumed(event))], reply: .done(event: nextSeq))
  }

  func decide(_ command: Activate) -> Decision {
    guard let definition = definitions[command.definition], definition.kind == .workflow,
      index.plans[command.definition] != nil
    else {
      return refuse(
        Refusal(.activate, .noSuchWorkflow, of: command.definition.seq), by: command.by,
        request: command.request)
    }
    guard current[WorkflowName(definition.name)] != command.definition else {
      return Decision(reply: .done(event: nil))
    }
    let event = DefinitionActivated(
      by: command.by, definition: command.definition, request: command.request,
      why: command.why.map { SealedText($0) })
    return Decision([Draft(nil, .definitionActivated(event))], reply: .done(event: nextSeq))
  }

  func decide(_ command: StartOwner, at now: Instant) -> Decision {
    let event = OwnerStarted(binary: command.binary, incarnation: command.incarnation)
    return Decision([Draft(nil, .ownerStarted(event))], reply: .done(event: nextSeq))
  }

  func decideSlot(opening slot: Int64) -> Decision {
    if let key = slots[slot] { return Decision(reply: .slotOpened(key: key, event: nil)) }
    let event = RequestSlotOpened(key: nextKey, slot: slot)
    return Decision(
      [Draft(nil, .requestSlotOpened(event))],
      reply: .slotOpened(key: nextKey, event: nextSeq))
  }

  func decideSlot(closing slot: Int64) -> Decision {
    guard let key = slots[slot] else { return Decision(reply: .done(event: nil)) }
    return Decision(
      [Draft(nil, .requestSlotClosed(RequestSlotClosed(key: key, slot: slot)))],
      reply: .done(event: nextSeq))
  }
}
