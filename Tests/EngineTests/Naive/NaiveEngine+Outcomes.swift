import CEL
import PetriNet

@testable import Engine

// MARK: Outcomes

extension NaiveEngine {
  mutating func record(_ command: RecordVerdict) {
    guard let firing = firings.first(where: { $0.id == command.firing }), firing.phase == .running,
      case .judge = transition(firing.binding).work
    else {
      log(
        command.caseID,
        .commandRefused(
          .init(
            by: .engine, command: .verdict, of: command.firing.seq, reason: .verdictNotAwaited)))
      return
    }
    end(firing, command.verdict)
  }

  private mutating func end(_ firing: Firing, _ verdict: Verdict) {
    var outcome = "fallback"
    var value = Value.null
    switch verdict {
    case .label(let label):
      outcome = label
      value = .string(label)
    case .fallback(let reason):
      value = .record(Record(type: ContextRecords.fallback, fields: [.string(reason.rawValue)]))
    }
    complete(firing, outcome, value) { made in
      .verdictRecorded(.init(firing: firing.id, verdict: verdict, tokens: made))
    }
  }

  mutating func endAttempt(_ command: EndAttempt) {
    guard let firing = firings.first(where: { $0.id == command.firing }), firing.phase == .running
    else {
      let caseID =
        firings.first { $0.id == command.firing }?.binding.caseID ?? command.caseID
      var event = LateOutcomeRecorded(firing: command.firing, outcome: "ok")
      if case .failed(let code, _, let happened, _, _) = command.outcome {
        event.code = code
        event.outcome = happened == .maybe ? "unknown" : "failed"
      }
      tally.use(.lateOutcome)
      let isLetGo = firings.contains { $0.id == command.firing && $0.phase == .letGo }
      log(caseID, .lateOutcomeRecorded(event))
      if isLetGo { release(command.firing) }
      return
    }
    switch command.outcome {
    case .ok(let value): end(firing, "ok", nil, value)
    case .failed(let code, _, let happened, _, _): fail(firing, code, happened == .maybe)
    }
  }

  private mutating func fail(_ firing: Firing, _ code: String, _ isMaybe: Bool) {
    guard case .action(let work) = transition(firing.binding).work else { return }
    let isUnknown = isMaybe && work.routes.contains { $0.outcome == "unknown" }
    if isUnknown { tally.use(.unknownOutcome) }
    end(firing, isUnknown ? "unknown" : "failed", code, .null)
  }

  private mutating func end(_ firing: Firing, _ outcome: String, _ code: String?, _ value: Value) {
    let read =
      outcome == "ok"
      ? value
      : .record(Record(type: ContextRecords.error, fields: [.string(code ?? ""), .int(1)]))
    complete(firing, outcome, read) { made in
      .firingCompleted(
        .init(attempts: 1, code: code, firing: firing.id, outcome: outcome, tokens: made))
    }
  }

  /// The deadline of a question or an attempt has passed.
  mutating func timeOut(_ id: FiringID) {
    guard let firing = firings.first(where: { $0.id == id }) else { return }
    switch (transition(firing.binding).work, firing.phase) {
    case (.judge, .running): end(firing, .fallback(.timeoutTotal))
    case (.action, .running): fail(firing, "timeout", true)
    case (.action, .letGo):
      tally.use(.lateOutcome)
      log(
        firing.binding.caseID,
        .lateOutcomeRecorded(.init(code: "timeout", firing: id, outcome: "unknown")))
      release(id)
    default: break
    }
    settle()
  }

  /// Ends a firing in flight with the tokens of its outcome; if they raise it stays unsettled.
  mutating func complete(
    _ firing: Firing, _ outcome: String, _ value: Value, _ row: ([MadeToken]?) -> Event
  ) {
    let frame = frame(firing.binding, firing.id.seq)
    frame.slots[Transition.Slots.outcome] = value
    let routes = transition(firing.binding).work.routes
    do throws(Failed) {
      guard let route = routes.first(where: { $0.outcome == outcome }) else {
        throw Failed(code: "no_route")
      }
      let made = try make(route.outputs, firing.binding, frame)
      firings.removeAll { $0.id == firing.id }
      put(firing.binding.caseID, made, version: firing.binding.version) { row($0) }
      left += firing.held.map(\.id)
    } catch {
      log(firing.binding.caseID, row(nil))
      unsettle(firing, error.code, (outcome, value, now))
    }
  }

  private mutating func unsettle(
    _ firing: Firing, _ code: String, _ outcome: (name: String, value: Value, at: Instant)
  ) {
    tally.use(.unsettled)
    if let index = firings.firstIndex(where: { $0.id == firing.id }) {
      firings[index].phase = .unsettled
      firings[index].outcome = outcome
    }
    let binding = firing.binding
    let seq = log(
      binding.caseID,
      .incidentRaised(
        .init(
          code: code, firing: firing.id, transition: transition(binding).name,
          workflow: binding.caseID == nil ? binding.version : nil)))
    incidents.append(
      Incident(
        id: IncidentID(seq), caseID: binding.caseID, version: binding.version,
        transition: binding.transition, tokens: [], firing: firing.id))
    halts.append(
      TransitionPath(workflow: net(binding.version).name, transition: transition(binding).name))
  }

  // MARK: Tasks

  /// Withdraws offers that are no longer possible, then makes new ones, by transition in file order,
  /// then by the place's order.
  mutating func review(_ horizon: Horizon) {
    for offer in offers {
      let (reason, raised) = reasonToWithdraw(offer)
      if let raised { raise(raised) }
      guard let reason else { continue }
      offers.removeAll { $0.id == offer.id }
      tally.use(.offerWithdrawn)
      log(offer.binding.caseID, .taskWithdrawn(.init(reason: reason, task: offer.id)))
    }
    for (version, net) in versions {
      for (number, transition) in net.transitions.enumerated() {
        guard case .task = transition.work else { continue }
        let place = net.places[transition.inputs[0].place]
        for token in sorted(tokens.filter { $0.place == place.name }, in: place) {
          guard runs(version, token),
            !offers.contains(where: {
              $0.binding.version == version && $0.binding.transition == number
                && $0.binding.inputs[0][0].id == token.id
            })
          else { continue }
          do {
            guard let binding = try first(version, number, horizon, pin: token) else { continue }
            let seq = log(
              binding.caseID,
              .taskOffered(
                .init(
                  read: read(binding), token: token.id, transition: transition.name,
                  workflow: binding.caseID == nil ? version : nil)))
            offers.append(Offer(id: TaskID(seq), binding: binding))
          } catch {
            raise(error)
          }
        }
      }
    }
  }

  private func reasonToWithdraw(_ offer: Offer) -> (WithdrawalReason?, Raised?) {
    let binding = offer.binding
    let transition = transition(binding)
    guard tokens.contains(where: { $0.id == binding.inputs[0][0].id }) else { return (.taken, nil) }
    for token in binding.reads where !tokens.contains(where: { $0.id == token.id }) {
      return (.disabled, nil)
    }
    let frame = frame(binding, offer.id.seq)
    for arc in transition.inhibitors {
      let place = net(binding.version).places[arc.place]
      for token in sorted(at(place, binding.caseID), in: place) {
        frame.slots[arc.slot] = token.value
        guard let condition = arc.condition else { return (.disabled, nil) }
        let ids = [binding.inputs[0][0].id] + binding.reads.map(\.id) + [token.id]
        if isAside(binding.version, binding.transition, binding.caseID, ids) {
          return (.disabled, nil)
        }
        do {
          if try condition.holds(in: frame) { return (.disabled, nil) }
        } catch {
          var read = [TokenID]()
          if condition.slots.contains(transition.inputs[0].slot) {
            read.append(binding.inputs[0][0].id)
          }
          for (arc, token) in zip(transition.reads, binding.reads)
          where condition.slots.contains(arc.slot) {
            read.append(token.id)
          }
          return (
            .disabled,
            Raised(
              caseID: binding.caseID, version: binding.version, transition: binding.transition,
              tokens: read + [token.id], code: error.code.rawValue)
          )
        }
      }
    }
    return (nil, nil)
  }

  mutating func answer(_ command: AnswerTask) {
    func refuse(_ reason: RefusalReason, _ caseID: CaseID?) -> Event {
      .commandRefused(
        .init(by: command.by, command: .answer, of: command.task.seq, reason: reason))
    }
    guard let offer = offers.first(where: { $0.id == command.task }) else {
      log(nil, refuse(.taskWithdrawn, nil))
      return
    }
    let binding = offer.binding
    let transition = transition(binding)
    let frame = frame(binding, nextSeq)
    frame.slots[Transition.Slots.outcome] = .record(
      Record(
        type: ContextRecords.answer(form: nil),
        fields: [.string(command.by.text), .timestamp(now.timestamp)]))
    guard let route = transition.work.routes.first(where: { $0.outcome == command.outcome }) else {
      log(binding.caseID, refuse(.noSuchOutcome, binding.caseID))
      return
    }
    note(binding)
    var event = TaskAnswered(
      by: command.by, consumed: consumed(binding), outcome: command.outcome, read: read(binding),
      task: offer.id, transition: transition.name,
      workflow: binding.caseID == nil ? binding.version : nil)
    offers.removeAll { $0.id == offer.id }
    var region = Region()
    do throws(Failed) {
      region = try self.region(of: binding, frame)
      let made = try make(route.outputs, binding, frame)
      take(binding)
      (event.cancelled, event.aborted) = remove(region)
      put(binding.caseID, made, version: binding.version) { tokens in
        event.tokens = tokens
        return .taskAnswered(event)
      }
    } catch {
      take(binding)
      (event.cancelled, event.aborted) = remove(region)
      let seq = log(binding.caseID, .taskAnswered(event))
      let firing = Firing(
        id: FiringID(seq), binding: binding, per: nil, started: now, deadline: nil,
        held: binding.inputs[0])
      firings.append(firing)
      unsettle(
        firing, error.code, (command.outcome, frame.slots[Transition.Slots.outcome], now))
    }
    conclude(region)
  }
}

// MARK: Room

extension NaiveEngine {
  /// Tokens at rest and reservations of a place with capacity, of all versions.
  func count(in place: Place, _ workflow: WorkflowName) -> Int {
    let atRest = tokens.count { token in
      guard token.place == place.name else { return false }
      guard let caseID = token.caseID, let index = index(of: caseID) else { return true }
      return net(cases[index].version).name == workflow
    }
    var reserved = 0
    for firing in firings where firing.phase != .letGo {
      reserved += reservation(firing.binding, place, workflow)
    }
    for offer in offers {
      let own = offer.binding.inputs[0][0].place == place.name ? 1 : 0
      reserved += max(reservation(offer.binding, place, workflow) - own, 0)
    }
    return atRest + reserved
  }

  private func reservation(
    _ binding: Binding, _ place: Place, _ workflow: WorkflowName
  ) -> Int {
    let net = net(binding.version)
    if place.isOfCase && net.name != workflow { return 0 }
    return transition(binding).work.routes.map { route in
      route.outputs.puts.count { net.places[$0.place].name == place.name }
    }.max() ?? 0
  }

  func hasRoom(_ binding: Binding) throws(Raised) -> Bool {
    let net = net(binding.version)
    let transition = transition(binding)
    var region = Region()
    var puts: [PlaceName: Int] = [:]
    if transition.work.isOneStep {
      let isLimited = transition.work.outputs.flatMap(\.puts).contains {
        net.places[$0.place].capacity != nil
      }
      guard isLimited else { return true }
      do {
        let (_, cancelled, made) = try outputs(of: binding)
        region = cancelled
        for token in made { puts[token.place, default: 0] += 1 }
      } catch {
        throw raised(binding, error)
      }
    } else {
      for place in net.places { puts[place.name] = reservation(binding, place, net.name) }
    }
    for place in net.places {
      guard let capacity = place.capacity, let count = puts[place.name], count > 0 else { continue }
      let taken = binding.inputs.joined().count { $0.place == place.name }
      let cancelled = region.tokens.count { $0.place == place.name }
      var change = count - taken - cancelled
      for (firing, lost) in region.firings {
        var isLetGo = false
        switch self.transition(firing.binding).work {
        case .action, .call: isLetGo = firing.phase == .running
        default: break
        }
        if place.isOfCase || !isLetGo {
          change += firing.held.count { $0.place == place.name && !lost.contains($0.id) }
        }
        change -= reservation(firing.binding, place, net.name)
      }
      if self.count(in: place, net.name) + change > capacity { return false }
    }
    return true
  }
}

extension Work {
  var routes: [Route] {
    switch self {
    case .plain, .choose: []
    case .judge(let work): work.routes
    case .action(let work): work.routes
    case .task(let work): work.routes
    case .call(let work): work.routes
    }
  }
}
