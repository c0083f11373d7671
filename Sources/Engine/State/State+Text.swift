import PetriNet

extension State {
  /// The fold in a fixed order, one line for each thing: equal logs give equal texts, whether values
  /// are open or not. Values are named by the tokens that wrote them.
  package var text: String {
    var lines = StateLines(self)
    lines.register()
    for id in shared.keys.sorted() {
      if let token = shared[id] { lines.token(token, "shared") }
    }
    for aside in sharedAsides { lines.aside(aside, "shared") }
    for id in cases.keys.sorted() {
      if let found = cases[id] { lines.found(found) }
    }
    for id in firings.keys.sorted() {
      if let firing = firings[id] { lines.firing(firing) }
    }
    for id in offers.keys.sorted() {
      if let offer = offers[id] { lines.offer(offer) }
    }
    for id in incidents.keys.sorted() {
      if let incident = incidents[id] { lines.incident(incident) }
    }
    return lines.lines.joined(separator: "\n")
  }
}

private struct StateLines {
  let state: State
  var lines: [String] = []

  init(_ state: State) { self.state = state }

  mutating func add(_ parts: Any?...) {
    lines.append(parts.map { $0.map { "\($0)" } ?? "-" }.joined(separator: " "))
  }

  mutating func register() {
    add("last", state.lastSeq.number, "at", state.lastAt.microseconds, "epoch", state.epoch)
    add("incarnation", state.incarnation, "shard", state.shard, "key", state.nextKey)
    for id in state.definitions.keys.sorted() {
      if let known = state.definitions[id] {
        add("definition", id.seq.number, known.kind.rawValue, known.name, known.hash.hex)
      }
    }
    for name in state.current.keys.sorted() {
      add("current", name.text, state.current[name]?.seq.number)
    }
    for place in state.filled.sorted() { add("filled", place.text) }
    for name in state.pausedWorkflows.sorted() { add("paused", name.text) }
    for path in state.pausedTransitions.sorted() {
      add(
        "paused", path.workflow.text, path.transition.text,
        state.halted.contains(path) ? "halted" : nil)
    }
    for endpoint in state.pausedEndpoints.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    { add("paused endpoint", endpoint) }
    for key in state.schedules.keys.sorted() {
      add("schedule", key.workflow.text, key.schedule, state.schedules[key]?.microseconds)
    }
    for slot in state.slots.keys.sorted() { add("slot", slot, state.slots[slot]) }
    for seq in state.erasures.keys.sorted() { add("erasure", seq.number, state.erasures[seq]) }
    for name in state.steps.keys.sorted() {
      add("steps", name.text, state.steps[name]?.at.microseconds, state.steps[name]?.count)
    }
  }

  func name(_ id: TokenID) -> String { "\(id.seq.number).\(id.index)" }

  mutating func token(_ token: Token, _ owner: String) {
    let waits = token.waits.map { "\($0.arc)=\($0.ready.microseconds)" }.joined(separator: ",")
    add(
      owner, "token", name(token.id), state.places[token.place].text,
      token.content == nil ? "unit" : name(token.origin), token.available.microseconds,
      waits.isEmpty ? nil : waits, token.key)
  }

  mutating func aside(_ aside: Aside, _ owner: String) {
    add(
      owner, "aside", aside.incident.seq.number, aside.workflow.seq.number,
      state.transitions[aside.transition].text, aside.tokens.map(name).joined(separator: ","))
  }

  mutating func found(_ found: CaseState) {
    let owner = "case \(found.id.seq.number)"
    add(
      owner, found.workflow.seq.number, found.businessKey, found.keys,
      found.parent?.seq.number, "opened", found.opened.microseconds, "input",
      found.input == nil ? "unit" : name(found.inputOrigin), found.cancelled?.number,
      found.restedBy?.seq.number)
    add(owner, "steps", found.stepsAt.microseconds, found.steps)
    add(
      owner, "firings", found.firings.map(\.seq.number), "offers", found.offers.map(\.seq.number),
      "incidents", found.incidents.map(\.seq.number))
    for token in found.marking.tokens { self.token(token, owner) }
    for aside in found.asides { self.aside(aside, owner) }
  }

  mutating func firing(_ firing: Firing) {
    let owner = "firing \(firing.id.seq.number)"
    add(
      owner, "\(firing.kind)", firing.caseID?.seq.number, firing.workflow.seq.number,
      state.transitions[firing.transition].text, firing.started.microseconds, firing.text.text)
    add(
      owner, "deadline", firing.deadline.microseconds, "attempt", firing.attempt, "next",
      firing.next.microseconds, firing.interruptions, firing.maybe, firing.votes,
      firing.child?.seq.number, firing.with == nil ? nil : "with", firing.per == nil ? nil : "per")
    switch firing.phase {
    case .running: add(owner, "running")
    case .letGo: add(owner, "let go")
    case .unsettled(let outcome):
      add(
        owner, "unsettled", outcome.outcome, outcome.reason?.rawValue, outcome.code,
        outcome.attempts, outcome.value == nil ? nil : "value", outcome.by?.text,
        outcome.at.microseconds)
    }
    for token in firing.held { self.token(token, owner) }
    for token in firing.copies { self.token(token, "\(owner) copy") }
  }

  mutating func offer(_ offer: Offer) {
    add(
      "offer", offer.id.seq.number, offer.caseID?.seq.number, offer.workflow.seq.number,
      state.transitions[offer.transition].text, offer.offered.microseconds, name(offer.token),
      offer.due?.microseconds, offer.group, offer.notBy?.map(\.text), offer.holder?.text,
      offer.until?.microseconds)
  }

  mutating func incident(_ incident: Incident) {
    add(
      "incident", incident.id.seq.number, incident.caseID?.seq.number, incident.code,
      incident.position, incident.transition?.text, incident.workflow?.seq.number,
      incident.binding?.map(name).joined(separator: ","), incident.firing?.seq.number)
  }
}
