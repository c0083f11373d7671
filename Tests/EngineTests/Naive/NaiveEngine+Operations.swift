import CEL
import PetriNet

@testable import Engine

// MARK: What an operator does

extension NaiveEngine {
  mutating func settle(_ command: SettleFiring) {
    guard let firing = firings.first(where: { $0.id == command.firing }),
      firing.phase == .unsettled, var outcome = firing.outcome
    else {
      refuse(.settle, .noSuchFiring, of: command.firing.seq, by: command.by)
      return
    }
    let caseID = firing.binding.caseID
    var event = FiringSettled(by: command.by, firing: firing.id, how: .retried)
    switch command.how {
    case .drop:
      tally.use(.settledByDrop)
      firings.removeAll { $0.id == firing.id }
      event.how = .dropped
      log(caseID, .firingSettled(event))
      tokens += firing.held.filter(\.place.isOwned)
      left += firing.held.filter { !$0.place.isOwned }.map(\.id)
      return endIncidents(of: firing.id, by: command.by)
    case .retry: tally.use(.settledByRetry)
    case .choose(let name):
      tally.use(.settledByChoice)
      event.how = .chosen
      event.outcome = name
      outcome.name = name
    }
    let frame = frame(firing.binding, firing.id.seq)
    frame.slots[Transition.Slots.outcome] = outcome.value
    let routes = transition(firing.binding).work.routes
    guard let route = routes.first(where: { $0.outcome == outcome.name }) else {
      refuse(.settle, .noSuchOutcome, of: command.firing.seq, by: command.by, caseID)
      return
    }
    do throws(Failed) {
      let made = try make(route.outputs, firing.binding, frame)
      firings.removeAll { $0.id == firing.id }
      put(caseID, made, version: firing.binding.version) { tokens in
        event.tokens = tokens
        return .firingSettled(event)
      }
      left += firing.held.map(\.id)
      endIncidents(of: firing.id, by: command.by)
    } catch {
      refuse(.settle, .raised, of: command.firing.seq, by: command.by, caseID)
    }
  }

  private mutating func endIncidents(of firing: FiringID, by: Subject) {
    for incident in incidents where incident.firing == firing { lift(incident, .settled, by: by) }
  }

  private mutating func refuse(
    _ kind: CommandKind, _ reason: RefusalReason, of: Seq?, by: Subject, _ caseID: CaseID? = nil
  ) {
    log(caseID, .commandRefused(.init(by: by, command: kind, of: of, reason: reason)))
  }

  mutating func withdraw(_ command: WithdrawToken) {
    guard tokens.contains(where: { $0.id == command.token && $0.place.isOwned }) else {
      let holder = firings.first { $0.held.contains { $0.id == command.token } }
      return refuse(
        .withdraw, holder == nil ? .noSuchToken : .tokenHeld, of: holder?.id.seq, by: command.by)
    }
    tally.use(.tokenWithdrawn)
    log(
      nil,
      .tokensWithdrawn(
        .init(by: command.by, why: SealedText(command.why), withdrawn: [command.token])))
    remove([command.token])
  }

  mutating func set(_ command: SetPause, isPause: Bool) {
    guard case .workflow(let name) = command.target, pausedWorkflows.contains(name) != isPause
    else { return }
    if isPause {
      tally.use(.pausedWorkflow)
      pausedWorkflows.append(name)
      log(nil, .paused(.init(by: command.by, name: name)))
    } else {
      pausedWorkflows.removeAll { $0 == name }
      log(nil, .resumed(.init(by: command.by, name: name)))
    }
  }

  mutating func resolve(_ command: ResolveIncident) {
    guard let incident = incidents.first(where: { $0.id == command.incident }),
      incident.firing == nil
    else { return }
    guard command.how == .retry else {
      tally.use(.incidentIgnored)
      return lift(incident, .ignored, by: command.by)
    }
    tally.use(.incidentRetried)
    let failed = retriedWaits(of: incident)
    lift(incident, .retried, by: command.by)
    for raised in failed { raise(raised) }
  }

  /// Waits that raised are computed again; as they read nothing that changes, they raise again.
  private func retriedWaits(of incident: Incident) -> [Raised] {
    guard let number = incident.transition, incident.tokens.count == 1,
      let token = tokens.first(where: { $0.id == incident.tokens[0] })
    else { return [] }
    let net = net(incident.version)
    let transition = net.transitions[number]
    var failed: [Raised] = []
    for arc in transition.inputs where net.places[arc.place].name == token.place {
      let name = name(of: arc, transition, incident.version, isShared: token.caseID == nil)
      guard let program = arc.wait?.program, token.waits[name] == nil else { continue }
      do {
        _ = try wait(
          program, arc, transition, (token.place, token.value, token.available), token.caseID)
      } catch {
        failed.append(
          Raised(
            caseID: token.caseID, version: incident.version, transition: number,
            tokens: [token.id], code: error.code))
      }
    }
    return failed
  }

  /// Ends an incident; what was set aside stays so only if it is ignored.
  mutating func lift(_ incident: Incident, _ how: Resolution, by: Subject) {
    incidents.removeAll { $0.id == incident.id }
    noteHalt(incident)
    if how == .retried || how == .gone {
      asides.removeAll { $0.id == incident.id }
      for index in cases.indices where cases[index].restedBy == incident.id {
        cases[index].restedBy = nil
        cases[index].steps = 0
      }
    }
    log(
      incident.caseID, .incidentResolved(.init(by: by, how: how, incident: incident.id)))
  }
}

// MARK: Tokens at rest

extension NaiveEngine {
  /// The tokens at rest of a place, of a case place those of the case.
  func at(_ place: Place, _ caseID: CaseID?) -> [Token] {
    tokens.filter { $0.place == place.name && (!place.isOfCase || $0.caseID == caseID) }
  }

  /// By the place's order, then since when they are available, then arrival.
  func sorted(_ tokens: [Token], in place: Place) -> [Token] {
    tokens.sorted { left, right in
      for term in place.order {
        switch term {
        case .available:
          if left.available != right.available { return left.available < right.available }
        case .ascending(let field), .descending(let field):
          guard case .record(let one) = left.value, case .record(let other) = right.value,
            case .int(let low) = one.fields[field], case .int(let high) = other.fields[field],
            low != high
          else { continue }
          if case .ascending = term { return low < high }
          return low > high
        }
      }
      return left.available == right.available
        ? left.id < right.id : left.available < right.available
    }
  }
}
