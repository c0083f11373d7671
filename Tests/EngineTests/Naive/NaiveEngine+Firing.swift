import CEL
import PetriNet

@testable import Engine

extension NaiveEngine {
  struct Failed: Error { let code: String }

  typealias Made = (place: PlaceName, value: Value, ready: Instant?)

  /// Fires until nothing is enabled, then looks at offers.
  mutating func advance(_ horizon: Horizon) {
    var count = 0
    repeat {
      settle()
      do {
        while !isFull, let binding = try candidate(horizon) {
          try fire(binding)
          settle()
        }
      } catch {
        raise(error)
        count = -1
        continue
      }
      if isFull { return }
      count = rows.count
      review(horizon)
    } while rows.count != count
  }

  mutating func raise(_ raised: Raised) {
    tally.use(.incident)
    let tokens = raised.tokens.sorted()
    let seq = log(
      raised.caseID,
      .incidentRaised(
        .init(
          binding: tokens, code: raised.code,
          transition: net(raised.version).transitions[raised.transition].name,
          workflow: raised.caseID == nil ? raised.version : nil)))
    let incident = Incident(
      id: IncidentID(seq), caseID: raised.caseID, version: raised.version,
      transition: raised.transition, tokens: tokens, firing: nil)
    incidents.append(incident)
    noteHalt(incident)
    asides.append(incident)
  }

  /// What follows from an event by itself: cases close, incidents end whose tokens are gone, and
  /// transitions halt.
  mutating func settle() {
    var count: Int
    repeat {
      count = rows.count
      if !orphans.isEmpty {
        let (firing, how) = orphans.removeFirst()
        cancelChild(firing, how)
        count = -1
        continue
      }
      // First the one whose last event came first.
      let over = cases.filter(isOver).sorted { lastRow(of: $0.id) < lastRow(of: $1.id) }
      for found in over { close(found) }
      for token in left {
        for incident in incidents where incident.firing == nil && incident.tokens.contains(token) {
          tally.use(.incidentGone)
          lift(incident, .gone, by: .engine)
        }
      }
      left = []
      let paths = halts
      halts = []
      for path in paths { haltOrResume(path) }
    } while rows.count != count
  }

  private func lastRow(of caseID: CaseID) -> Int {
    rows.lastIndex { $0.caseID == caseID } ?? -1
  }

  private mutating func haltOrResume(_ path: TransitionPath) {
    let open = incidents.count { incident in
      let net = net(incident.version)
      return net.name == path.workflow
        && incident.transition.map { net.transitions[$0].name } == path.transition
    }
    let pause = Paused(
      by: .engine, code: Paused.incidents, name: path.workflow, transition: path.transition)
    if open >= limits.incidentsMax, !halted.contains(path) {
      halted.append(path)
      tally.use(.halted)
      log(nil, .paused(pause))
    } else if open < limits.incidentsMax, halted.contains(path) {
      halted.removeAll { $0 == path }
      log(nil, .resumed(pause))
    }
  }

  // MARK: One firing

  mutating func fire(_ binding: Binding) throws(Raised) {
    let transition = transition(binding)
    let workflow = binding.caseID == nil ? binding.version : nil
    let frame = frame(binding, nextSeq)
    note(binding)
    do throws(Failed) {
      switch transition.work {
      case .plain, .choose:
        let (branch, region, made) = try outputs(of: binding)
        let (consumed, read) = (consumed(binding), read(binding))
        take(binding)
        let (cancelled, aborted) = remove(region)
        put(binding.caseID, made, version: binding.version) { tokens in
          .fired(
            .init(
              aborted: aborted, branch: branch, cancelled: cancelled, consumed: consumed,
              read: read, tokens: tokens, transition: transition.name, workflow: workflow))
        }
        conclude(region)
        countStep(binding)
        stopRunaway(binding)
      case .judge(let work):
        _ = try work.with.map { program throws(Failed) in try value(program, frame) }
        let deadline = now.advanced(by: work.timeoutMicroseconds)
        let per = try per(transition, frame)
        let seq = log(
          binding.caseID,
          .verdictRequested(
            .init(
              consumed: consumed(binding), deadline: deadline,
              guardID: DefinitionID(Seq(0)), per: per.map(Cargo.value), read: read(binding),
              transition: transition.name, workflow: workflow)))
        begin(binding, seq, per, deadline)
      case .action(let work):
        let action = net(binding.version).actions[work.action]
        let argument = try construct(work.with, action.takes, frame)
        let deadline = now.advanced(by: work.timeoutMicroseconds)
        let per = try per(transition, frame)
        let seq = log(
          binding.caseID,
          .firingStarted(
            .init(
              action: action.name, consumed: consumed(binding), deadline: deadline,
              per: per.map(Cargo.value), read: read(binding), transition: transition.name,
              with: argument == .null ? nil : .value(argument), workflow: workflow)))
        begin(binding, seq, per, deadline)
      case .call(let work):
        try call(binding, work, frame)
        stopRunaway(binding)
      case .task: preconditionFailure("a task is offered")
      }
    } catch {
      throw raised(binding, error)
    }
  }

  func raised(_ binding: Binding, _ failed: Failed) -> Raised {
    Raised(
      caseID: binding.caseID, version: binding.version, transition: binding.transition,
      tokens: binding.inputs.joined().map(\.id) + binding.reads.map(\.id), code: failed.code)
  }

  mutating func begin(
    _ binding: Binding, _ seq: Seq, _ per: Value?, _ deadline: Instant?
  ) {
    take(binding)
    firings.append(
      Firing(
        id: FiringID(seq), binding: binding, per: per, started: now, deadline: deadline,
        held: Array(binding.inputs.joined())))
  }

  /// Counts what the transition has, and what decided on this binding.
  func note(_ binding: Binding) {
    let net = net(binding.version)
    let known = versions.filter { $0.net.name == net.name }.map(\.id)
    tally.fires(
      net.name.text, version: known.firstIndex(of: binding.version) ?? 0,
      transition(binding).name.text)
    for (arc, held) in zip(transition(binding).inputs, binding.inputs) {
      let place = net.places[arc.place]
      for token in held {
        if case .placeFilled = rows[Int(token.id.seq.number) - 1].event { tally.use(.initial) }
      }
      if !place.order.isEmpty, held.count == 1,
        at(place, binding.caseID).contains(where: {
          ($0.available, $0.id) < (held[0].available, held[0].id)
        })
      {
        tally.use(.order)
      }
      guard !place.isOfCase else { continue }
      let isContested = cases.contains {
        $0.version != binding.version && self.net($0.version).name == net.name
      }
      if isContested { tally.use(.contestedPlace) }
    }
  }

  func per(_ transition: Transition, _ frame: Frame) throws(Failed) -> Value? {
    guard let program = transition.limit?.per else { return nil }
    return try value(program, frame)
  }

  func consumed(_ binding: Binding) -> [BoundTokens] {
    zip(transition(binding).inputs, binding.inputs).map { arc, tokens in
      if case .one = arc.count { return .one(tokens[0].id) }
      return .several(tokens.map(\.id))
    }
  }

  func read(_ binding: Binding) -> [BoundTokens]? {
    binding.reads.isEmpty ? nil : binding.reads.map { .one($0.id) }
  }

  mutating func take(_ binding: Binding) { remove(binding.inputs.joined().map(\.id)) }

  mutating func remove(_ ids: [TokenID]) {
    tokens.removeAll { ids.contains($0.id) }
    left += ids
  }

  mutating func countStep(_ binding: Binding) {
    guard let caseID = binding.caseID else {
      let name = net(binding.version).name
      steps[name] = (now, steps[name].map { $0.at == now ? $0.count + 1 : 1 } ?? 1)
      return
    }
    guard let index = index(of: caseID) else { return }
    cases[index].steps = cases[index].stepsAt == now ? cases[index].steps + 1 : 1
    cases[index].stepsAt = now
  }

  private mutating func stopRunaway(_ binding: Binding) {
    let transition = transition(binding)
    let path = TransitionPath(
      workflow: net(binding.version).name, transition: transition.name)
    if let caseID = binding.caseID {
      guard let index = index(of: caseID), cases[index].stepsAt == now,
        cases[index].steps >= limits.stepsAtOneInstantMax, cases[index].restedBy == nil
      else { return }
      let seq = log(
        caseID,
        .incidentRaised(.init(code: IncidentRaised.runaway, transition: transition.name)))
      cases[index].restedBy = IncidentID(seq)
      tally.use(.runaway)
      incidents.append(
        Incident(
          id: IncidentID(seq), caseID: caseID, version: binding.version,
          transition: binding.transition, tokens: [], firing: nil))
      halts.append(path)
      return
    }
    let name = net(binding.version).name
    guard let taken = steps[name], taken.at == now, taken.count >= limits.stepsAtOneInstantMax,
      !pausedWorkflows.contains(name)
    else { return }
    let seq = log(
      nil,
      .incidentRaised(
        .init(
          code: IncidentRaised.runaway, transition: transition.name, workflow: binding.version)))
    incidents.append(
      Incident(
        id: IncidentID(seq), caseID: nil, version: binding.version,
        transition: binding.transition, tokens: [], firing: nil))
    halts.append(path)
    pausedWorkflows.append(name)
    tally.use(.pausedWorkflow)
    log(nil, .paused(.init(by: .engine, code: IncidentRaised.runaway, name: name)))
  }
}
