import CEL
import PetriNet

@testable import Engine

// MARK: Cases and calls

extension NaiveEngine {
  /// Opens a case, joins one or refuses; the row that says so, and the case.
  mutating func start(
    _ workflow: WorkflowName, _ given: Value, by: Subject?, parent: FiringID?,
    version pinned: DefinitionID? = nil, schedule: String? = nil
  ) {
    guard let version = pinned ?? current[workflow] else { return }
    let net = net(version)
    guard let place = net.starts.first.map({ net.places[$0] }) else { return }
    func refuse(_ reason: RefusalReason, _ caseID: CaseID? = nil) {
      if let parent {
        tally.use(.callRefused)
        return endCall(parent, nil, code: reason.rawValue)
      }
      log(caseID, .commandRefused(.init(by: by, command: .start, of: caseID?.seq, reason: reason)))
    }
    let value = place.colour.coerced(given)
    guard place.colour.contains(value) else { return refuse(.valueNotInColourSet) }
    let frame = Frame(count: Transition.Slots.firstArc)
    frame.slots[Transition.Slots.input] = value
    var key: String?
    if let program = net.caseRules.key {
      guard case .string(let text)? = try? program.value(in: frame) else { return refuse(.raised) }
      key = text
    }
    if let key, let existing = holder(of: key, net) {
      if index(of: existing) == nil { tally.use(.caseKeyKept) }
      if case .join = net.caseRules.again {
        tally.use(.caseJoined)
      } else {
        tally.use(.caseRefused)
      }
      guard case .join = net.caseRules.again else { return refuse(.caseExists, existing) }
      if let parent, let caller = firings.firstIndex(where: { $0.id == parent }) {
        if index(of: existing) == nil { return endCall(parent, nil, code: "case_closed") }
        if waits(existing, for: firings[caller].binding.caseID) {
          return endCall(parent, nil, code: "cycle")
        }
        firings[caller].child = existing
      }
      if let index = index(of: existing) { cases[index].isJoined = true }
      log(existing, .startJoined(.init(by: by, parent: parent)))
      return
    }
    if let capacity = place.capacity, count(in: place, net.name) + 1 > capacity {
      tally.use(.capacity)
      if parent != nil { refuse(.placeFull) }
      return
    }
    let id = CaseID(nextSeq)
    cases.append(
      Case(id: id, version: version, key: key, input: value, opened: now, parent: parent))
    if let parent, let index = firings.firstIndex(where: { $0.id == parent }) {
      firings[index].child = id
    }
    put(id, [(place.name, value, nil)], version: version) { made in
      .caseOpened(
        .init(
          businessKey: key, by: by, key: 0, parent: parent, schedule: schedule, tokens: made,
          workflow: version))
    }
  }

  private func holder(of key: String, _ net: Net) -> CaseID? {
    cases.last { $0.key == key && self.net($0.version).name == net.name }?.id
      ?? closed.last {
        $0.key == key && $0.workflow == net.name
          && $0.at > now.advanced(by: -net.caseRules.keepMicroseconds)
      }?.id
  }

  /// Whether a case waits, through calls, for another.
  private func waits(_ caseID: CaseID, for other: CaseID?) -> Bool {
    if caseID == other { return true }
    return firings.contains { firing in
      firing.binding.caseID == caseID && firing.phase == .running
        && firing.child.map { waits($0, for: other) } == true
    }
  }

  private func depth(_ caseID: CaseID?) -> Int {
    guard let caseID, let index = index(of: caseID), let parent = cases[index].parent,
      let firing = firings.first(where: { $0.id == parent })
    else { return 1 }
    return depth(firing.binding.caseID) + 1
  }

  /// The version of a workflow that a caller's version is bound to.
  private func pinned(_ name: WorkflowName, by caller: DefinitionID) -> DefinitionID? {
    let known = versions.filter { $0.net.name == name }.map(\.id)
    return known.last { $0 <= caller } ?? known.first
  }

  mutating func call(_ binding: Binding, _ work: CallWork, _ frame: Frame) throws(Failed) {
    let transition = transition(binding)
    let per = try per(transition, frame)
    let callee = pinned(work.workflow, by: binding.version)
    var argument = Value.null
    if let with = work.with, let callee, let input = net(callee).caseRules.input {
      argument = try construct(with, input, frame)
    }
    let seq = log(
      binding.caseID,
      .childStarted(
        .init(
          callee: work.workflow, consumed: consumed(binding), per: per.map(Cargo.value),
          read: read(binding), transition: transition.name,
          workflow: binding.caseID == nil ? binding.version : nil)))
    begin(binding, seq, per, nil)
    guard callee != nil else { return endCall(FiringID(seq), nil, code: "no_such_workflow") }
    guard depth(binding.caseID) < limits.callDepthMax else {
      return endCall(FiringID(seq), nil, code: "cycle")
    }
    start(work.workflow, argument, by: nil, parent: FiringID(seq), version: callee)
  }

  /// Ends a call by what its case came to; without one it was refused.
  mutating func endCall(
    _ id: FiringID, _ child: (id: CaseID, outcome: String, value: Value)?, code: String?
  ) {
    guard let firing = firings.first(where: { $0.id == id }) else { return }
    let outcome = child?.outcome ?? "cancelled"
    if firing.phase == .letGo {
      tally.use(.lateOutcome)
      log(
        firing.binding.caseID,
        .lateOutcomeRecorded(.init(code: code, firing: id, outcome: outcome)))
      release(id)
      return
    }
    guard firing.phase == .running else { return }
    if firing.started == now { countStep(firing.binding) }
    complete(firing, outcome, child?.value ?? .null) { made in
      .childEnded(
        .init(child: child?.id, code: code, firing: id, outcome: outcome, tokens: made))
    }
  }

  // MARK: Ending

  func isOver(_ found: Case) -> Bool {
    let net = net(found.version)
    return !firings.contains { $0.binding.caseID == found.id && $0.phase != .letGo }
      && tokens.allSatisfy { token in
        guard token.caseID == found.id, let index = net.place(named: token.place) else {
          return true
        }
        if case .end = net.places[index].kind { return true }
        return net.caseRules.cancelPlace == index
      }
  }

  mutating func close(_ found: Case) {
    for offer in offers where offer.binding.caseID == found.id {
      let isAtRest = tokens.contains { $0.id == offer.binding.inputs[0][0].id }
      offers.removeAll { $0.id == offer.id }
      log(
        found.id,
        .taskWithdrawn(.init(reason: isAtRest ? .caseClosed : .taken, task: offer.id)))
    }
    finish(found, .completed, by: nil)
  }

  mutating func end(_ caseID: CaseID, _ how: CaseEnding, by: Subject) {
    guard let index = index(of: caseID) else {
      log(
        nil,
        .commandRefused(
          .init(
            by: by, command: how == .terminated ? .terminate : .cancel, of: caseID.seq,
            reason: .caseClosed)))
      return
    }
    for offer in offers where offer.binding.caseID == caseID {
      offers.removeAll { $0.id == offer.id }
      log(caseID, .taskWithdrawn(.init(reason: .caseClosed, task: offer.id)))
    }
    finish(cases[index], how, by: by)
  }

  private mutating func finish(_ found: Case, _ how: CaseEnding, by: Subject?) {
    let net = net(found.version)
    let ends = tokens.filter { token in
      guard token.caseID == found.id, let index = net.place(named: token.place) else {
        return false
      }
      if case .end = net.places[index].kind { return true }
      return false
    }.sorted { $0.id < $1.id }
    var counts: [EndCount] = []
    for place in Set(ends.map(\.place)).sorted() {
      counts.append(EndCount(place: place, count: ends.count { $0.place == place }))
    }
    let flying = firings.filter { $0.binding.caseID == found.id && $0.phase != .letGo }
    log(
      found.id,
      .caseClosed(.init(by: by, endedIn: counts.isEmpty ? nil : counts, how: how)))
    cases.removeAll { $0.id == found.id }
    tokens.removeAll { $0.caseID == found.id }
    for incident in incidents where incident.caseID == found.id { noteHalt(incident) }
    incidents.removeAll { $0.caseID == found.id }
    asides.removeAll { $0.caseID == found.id }
    if let key = found.key {
      closed.append(Closed(key: key, workflow: net.name, id: found.id, at: now))
    }
    for firing in flying { letGo(firing, lost: firing.held.filter { !$0.place.isOwned }.map(\.id)) }
    orphans += flying.map { ($0, how) }
    var result: (String, Value) = ("cancelled", .null)
    if how == .completed, let first = ends.first, let index = net.place(named: first.place) {
      var value = first.value
      if case .end(many: true) = net.places[index].kind {
        value = .list(ends.filter { $0.place == first.place }.map(\.value))
      }
      result = (net.places[index].title, value)
    }
    for firing in firings where firing.child == found.id && firing.phase != .unsettled {
      endCall(firing.id, (found.id, result.0, result.1), code: nil)
    }
  }

  mutating func cancel(_ caseID: CaseID, by: Subject, why: String?) {
    guard let index = index(of: caseID) else { return end(caseID, .cancelled, by: by) }
    let net = net(cases[index].version)
    guard let number = net.caseRules.cancelPlace else { return end(caseID, .cancelled, by: by) }
    if cases[index].isCancelled { return }
    tally.use(.casePlaceCancelled)
    cases[index].isCancelled = true
    let place = net.places[number]
    let given = MapValue([
      .init(.string("by"), .string(by.text)), .init(.string("why"), .string(why ?? "")),
    ])
    let value = place.colour.coerced(given.map(Value.map) ?? .null)
    put(caseID, [(place.name, value, nil)], version: cases[index].version) { made in
      .tokenDeposited(.init(by: by, tokens: made, why: why.map { SealedText($0) }))
    }
  }

  /// A firing in flight goes on without its case, or ends: of what it held `lost` is gone.
  mutating func letGo(_ firing: Firing, lost: [TokenID]) {
    guard let index = firings.firstIndex(where: { $0.id == firing.id }) else { return }
    let kept = firing.held.filter { !lost.contains($0.id) }
    var isLetGo = false
    switch transition(firing.binding).work {
    case .action, .call: isLetGo = firing.phase == .running
    default: break
    }
    if isLetGo {
      firings[index].phase = .letGo
      firings[index].held = kept.filter(\.place.isOwned)
      tokens += kept.filter { !$0.place.isOwned }
    } else {
      firings.remove(at: index)
      tokens += kept
    }
  }

  /// A let-go firing has ended: its shared tokens go back.
  mutating func release(_ id: FiringID) {
    guard let index = firings.firstIndex(where: { $0.id == id }) else { return }
    tokens += firings.remove(at: index).held
  }

  /// A called case that nobody else asked for ends with its call.
  mutating func cancelChild(_ firing: Firing, _ how: CaseEnding) {
    guard let child = firing.child, let index = index(of: child),
      cases[index].parent == firing.id, !cases[index].isJoined
    else { return }
    tally.use(.childCancelled)
    if how == .terminated {
      end(child, .terminated, by: .engine)
    } else {
      cancel(child, by: .engine, why: nil)
    }
  }

  // MARK: Cancel regions

  struct Region {
    var tokens: [Token] = []
    var firings: [(firing: Firing, lost: [TokenID])] = []
  }

  func region(of binding: Binding, _ frame: Frame) throws(Failed) -> Region {
    let transition = transition(binding)
    var region = Region()
    let taken = binding.inputs.joined().map(\.id)
    func matches(_ token: Token, _ arc: TestArc) throws(Failed) -> Bool {
      guard let condition = arc.condition else { return true }
      frame.slots[arc.slot] = token.value
      return try value(condition, frame) == .bool(true)
    }
    for arc in transition.cancels {
      let place = net(binding.version).places[arc.place]
      for token in sorted(at(place, binding.caseID), in: place) where !taken.contains(token.id) {
        if region.tokens.contains(where: { $0.id == token.id }) { continue }
        if try matches(token, arc) { region.tokens.append(token) }
      }
    }
    for firing in firings where firing.phase != .letGo && firing.binding.caseID != nil {
      guard firing.binding.caseID == binding.caseID else { continue }
      var lost: [TokenID] = []
      for token in firing.held where !token.place.isOwned {
        for arc in transition.cancels
        where net(binding.version).places[arc.place].name == token.place {
          if !lost.contains(token.id), try matches(token, arc) { lost.append(token.id) }
        }
      }
      if !lost.isEmpty { region.firings.append((firing, lost)) }
    }
    return region
  }

  /// Takes a region away, as rows tell it.
  mutating func remove(_ region: Region) -> ([TokenID]?, [AbortedFiring]?) {
    if !region.tokens.isEmpty { tally.use(.cancelArc) }
    if !region.firings.isEmpty { tally.use(.cancelAbort) }
    remove(region.tokens.map(\.id))
    for (firing, lost) in region.firings { letGo(firing, lost: lost) }
    return (
      region.tokens.isEmpty ? nil : region.tokens.map(\.id),
      region.firings.isEmpty
        ? nil : region.firings.map { AbortedFiring(firing: $0.firing.id, lost: $0.lost) }
    )
  }

  /// What follows a region's row.
  mutating func conclude(_ region: Region) {
    for (firing, _) in region.firings {
      for incident in incidents where incident.firing == firing.id {
        lift(incident, .gone, by: .engine)
      }
      orphans.append((firing, .cancelled))
    }
  }
}
