import PetriNet

extension Machine {
  /// Numbers an event, applies it and brings the index up to date.
  @discardableResult
  mutating func log(_ draft: Draft, _ step: inout Step) -> Seq {
    let seq = state.nextSeq
    var epoch = state.epoch
    var caseID = draft.caseID
    switch draft.event {
    case .ownerStarted: epoch += 1
    case .caseOpened: caseID = CaseID(seq)
    default: break
    }
    let event = state.sealed(draft.event, at: seq, caseID)
    let row = LoggedEvent(seq: seq, epoch: epoch, at: step.now, caseID: caseID, event: event)
    let orphans = orphans(of: event, caseID)
    var closing: (callers: [FiringID], result: ChildResult)?
    if case .caseClosed(let event) = event, let caseID, let found = state.cases[caseID],
      !found.callers.isEmpty
    {
      closing = (found.callers, state.result(of: found, event.how))
    }
    apply(row, to: &state)
    state.absorb()
    if keepsEvents { step.events.append(row) }
    step.orphans += orphans
    if let (callers, result) = closing, let caseID {
      for firing in callers where state.firings[firing]?.child == caseID {
        end(firing, (caseID, result), &step)
      }
    }
    return seq
  }

  mutating func log(_ decision: Decision, _ step: inout Step) -> Reply {
    for draft in decision.drafts { log(draft, &step) }
    step.effects += decision.effects
    return decision.reply
  }
}
