import CEL
import PetriNet

extension State {
  /// Moves a case to another version: every token at rest must have a place of its name there (or
  /// the one that the command names) whose colour set takes its value, every firing in flight a
  /// transition of its name that does the same with the same arcs.
  func decide(_ command: MigrateCase, at now: Instant) -> Decision {
    func refuse(
      _ reason: RefusalReason, of: Seq? = nil, name: String? = nil,
      _ problems: [AdmissionProblem] = []
    ) -> Decision {
      let caseID = cases[command.caseID] == nil ? nil : command.caseID
      return self.refuse(
        Refusal(
          .migrate, reason, of: of ?? command.caseID.seq, name: name, problems: problems), caseID,
        by: command.by, request: command.request)
    }
    guard let found = cases[command.caseID], let old = index.plans[found.workflow] else {
      return refuse(.caseClosed, name: spelling(of: command.caseID))
    }
    guard let wanted = command.to ?? current[old.name], let plan = index.plans[wanted],
      plan.name == old.name
    else { return refuse(.noSuchWorkflow, of: command.to?.seq, name: old.name.text) }
    guard plan.id != old.id else { return Decision(reply: .done(event: nil)) }
    var event = CaseMigrated(
      by: command.by, consumed: found.marking.tokens.map(\.id), from: old.id,
      request: command.request, to: plan.id, tokens: [], why: command.why.map { SealedText($0) })
    var moved = found
    if let colour = plan.net.caseRules.input {
      let input = colour.coerced(found.inputValue)
      guard colour.contains(input) else {
        return refuse(.valueNotInColourSet, name: "input", colour.admits(input))
      }
      if input != found.inputValue {
        event.input = .value(input)
        moved.input = .value(input)
      }
    }
    var made = Made()
    for token in found.marking.tokens {
      guard let place = target(of: token, old, plan, command) else {
        return refuse(.noSuchPlace, name: placeName(token.place).text)
      }
      let described = plan.net.places[place.index]
      let value = described.colour.coerced(token.value)
      guard described.colour.contains(value) else {
        return refuse(
          .valueNotInColourSet, name: described.title, described.colour.admits(value))
      }
      var own = MadeToken(
        place: described.name, content: token.content == nil ? .unit : .same(token.origin),
        ready: token.available)
      if value != token.value { own.content = value == .null ? .unit : .value(.value(value)) }
      setWaits(&own, value, place, plan, moved, now, &made)
      made.tokens.append(own)
    }
    event.tokens = made.tokens
    for id in found.firings {
      guard let firing = firings[id], let transition = counterpart(of: firing, old, plan) else {
        return refuse(
          .noSuchFiring, of: id.seq,
          name: firings[id].map { transitionName($0.transition).text })
      }
      event.flying = (event.flying ?? []) + [FlyingFiring(firing: id, transition: transition)]
    }
    let withdrawn = found.offers.map { task in
      Draft(command.caseID, .taskWithdrawn(TaskWithdrawn(reason: .migrated, task: task)))
    }
    let seq = Seq(lastSeq.number + Int64(withdrawn.count) + 1)
    return Decision(
      withdrawn + [Draft(command.caseID, .caseMigrated(event))]
        + made.incidents(seq, command.caseID), reply: .done(event: seq))
  }

  /// Where a token goes.
  private func target(
    of token: Token, _ old: VersionPlan, _ plan: VersionPlan, _ command: MigrateCase
  ) -> PlacePlan? {
    guard let number = old.index(of: token.place) else { return nil }
    let title = old.net.places[number].title
    let move = command.places.first { $0.from.hasSameBytes(as: title) }
    return plan.place(titled: move?.to ?? title).flatMap { $0.isShared ? nil : $0 }
  }

  /// The transition under which a firing in flight goes on: of the same name, with the same arcs and
  /// the same work.
  private func counterpart(
    of firing: Firing, _ old: VersionPlan, _ plan: VersionPlan
  ) -> TransitionName? {
    guard let before = old.transition(firing.transition)?.transition,
      let number = plan.net.transition(named: before.name)
    else { return nil }
    let after = plan.net.transitions[number]
    let arcs = (before.inputs.map(\.place) + before.reads.map(\.place)).map {
      old.net.places[$0]
    }
    let others = (after.inputs.map(\.place) + after.reads.map(\.place)).map {
      plan.net.places[$0]
    }
    guard arcs.map(\.name) == others.map(\.name), before.inputs.count == after.inputs.count,
      zip(before.inputs, after.inputs).allSatisfy({ $0.count.isSingle == $1.count.isSingle }),
      (firing.held + firing.copies).allSatisfy({ token in
        guard let place = others.first(where: { $0.name == placeName(token.place) }) else {
          return false
        }
        return place.colour.contains(token.value)
      })
    else { return nil }
    switch (before.work, after.work) {
    case (.judge(let one), .judge(let other)):
      let prompts = (old.net.prompts[one.prompt], plan.net.prompts[other.prompt])
      guard prompts.0.name.hasSameBytes(as: prompts.1.name), prompts.0.labels == prompts.1.labels
      else { return nil }
    case (.action(let one), .action(let other)):
      let actions = (old.net.actions[one.action], plan.net.actions[other.action])
      guard actions.0.name == actions.1.name, actions.0.effect == actions.1.effect else {
        return nil
      }
    case (.task, .task): break
    case (.call(let one), .call(let other)):
      guard one.workflow == other.workflow else { return nil }
    default: return nil
    }
    return after.name
  }
}

extension InputArc.Count {
  fileprivate var isSingle: Bool { if case .one = self { true } else { false } }
}
