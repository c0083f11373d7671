internal import Engine
internal import PetriNet

/// The lines of a snapshot. Each is an object with one key, which says what it is.
extension BodyWriter {
  /// A line `{"kind":{…}}` whose keys `body` writes.
  mutating func line(
    _ kind: StaticString, _ body: (inout BodyWriter) throws(EncodingProblem) -> Void
  ) throws(EncodingProblem) {
    json.beginObject()
    json.key(kind)
    json.beginObject()
    try body(&self)
    json.endObject()
    json.endObject()
    json.endLine()
  }

  mutating func snapshotMeta(of state: State, _ rowHash: Hash256) {
    json.beginObject()
    json.key("meta")
    json.beginObject()
    instant("at", state.lastAt)
    int("epoch", state.epoch)
    int("format", SnapshotEncoding.format)
    hexadecimal("hash", rowHash.bytes)
    text("incarnation", state.incarnation)
    int("key", state.nextKey)
    seq("seq", state.lastSeq)
    int("shard", state.shard)
    json.endObject()
    json.endObject()
    json.endLine()
  }

  /// The keys of a token; `origin` only where another token wrote the value.
  mutating func snapshot(_ token: Token, of state: State) throws(EncodingProblem) {
    instant("available", token.available)
    self.token("id", token.id)
    int("key", token.key)
    if token.origin != token.id { self.token("origin", token.origin) }
    text("place", state.places[token.place].text)
    try cargo("value", token.content)
    if !token.waits.isEmpty { waits(ofSnapshot: token.waits) }
  }

  /// Of several instants for an arc the first holds.
  private mutating func waits(ofSnapshot waits: [ArcWait]) {
    var first: [ArcWait] = []
    for wait in waits where !first.contains(where: { $0.arc.hasSameBytes(as: wait.arc) }) {
      first.append(wait)
    }
    self.waits(first)
  }

  private mutating func tokens(
    _ key: StaticString, _ tokens: [Token], of state: State
  ) throws(EncodingProblem) {
    guard !tokens.isEmpty else { return }
    json.key(key)
    json.beginList()
    for token in tokens {
      json.beginObject()
      try snapshot(token, of: state)
      json.endObject()
    }
    json.endList()
  }

  mutating func snapshot(_ aside: Aside, of state: State) {
    seq("incident", aside.incident.seq)
    ids("tokens", aside.tokens)
    text("transition", state.transitions[aside.transition].text)
    seq("workflow", aside.workflow.seq)
  }

  mutating func snapshot(_ found: CaseState, of state: State) throws(EncodingProblem) {
    if !found.asides.isEmpty {
      json.key("asides")
      json.beginList()
      for aside in found.asides {
        json.beginObject()
        snapshot(aside, of: state)
        json.endObject()
      }
      json.endList()
    }
    text("business_key", found.businessKey)
    seq("cancelled", found.cancelled)
    seq("id", found.id.seq)
    try cargo("input", found.input)
    if found.inputOrigin.seq != found.id.seq { seq("input_at", found.inputOrigin.seq) }
    flag("joined", found.isJoined)
    ints(found.keys)
    instant("opened", found.opened)
    seq("parent", found.parent?.seq)
    seq("rested_by", found.restedBy?.seq)
    if found.stepsAt.microseconds != .min {
      int("steps", Int64(found.steps))
      instant("steps_at", found.stepsAt)
    }
    try tokens("tokens", found.marking.tokens, of: state)
    seq("workflow", found.workflow.seq)
  }

  mutating func snapshot(_ firing: Firing, of state: State) throws(EncodingProblem) {
    if case .action(let name) = firing.kind { text("action", name.text) }
    int("attempt", Int64(firing.attempt))
    if case .call(let name) = firing.kind { text("callee", name.text) }
    seq("case", firing.caseID?.seq)
    seq("child", firing.child?.seq)
    bound("consumed", firing.consumed)
    try tokens("copies", firing.copies, of: state)
    instant("deadline", firing.deadline)
    if case .judge(let guardID) = firing.kind { seq("guard", guardID.seq) }
    try tokens("held", firing.held, of: state)
    seq("id", firing.id.seq)
    text("incarnation", firing.text.incarnation)
    if firing.interruptions > 0 { int("interruptions", Int64(firing.interruptions)) }
    flag("let_go", firing.isLetGo)
    flag("maybe", firing.maybe)
    instant("next", firing.next)
    if case .unsettled(let outcome) = firing.phase { try snapshot(outcome) }
    try cargo("per", firing.per)
    bound("read", firing.read)
    instant("started", firing.started)
    text("transition", state.transitions[firing.transition].text)
    if !firing.votes.isEmpty { strings("votes", firing.votes) }
    try cargo("with", firing.with)
    seq("workflow", firing.workflow.seq)
  }

  private mutating func snapshot(_ outcome: RecordedOutcome) throws(EncodingProblem) {
    json.key("outcome")
    json.beginObject()
    instant("at", outcome.at)
    int("attempts", outcome.attempts.map { Int64($0) })
    text("by", outcome.by?.text)
    text("code", outcome.code)
    text("outcome", outcome.outcome)
    text("reason", outcome.reason?.rawValue)
    try cargo("value", outcome.value)
    json.endObject()
  }

  private mutating func strings(_ key: StaticString, _ texts: [String]) {
    json.key(key)
    json.beginList()
    for text in texts { json.string(text) }
    json.endList()
  }

  mutating func snapshot(_ offer: Offer, of state: State) {
    seq("case", offer.caseID?.seq)
    instant("due", offer.due)
    text("for", offer.group)
    text("holder", offer.holder?.text)
    seq("id", offer.id.seq)
    subjects(offer.notBy)
    instant("offered", offer.offered)
    bound("read", offer.read)
    token("token", offer.token)
    text("transition", state.transitions[offer.transition].text)
    instant("until", offer.until)
    seq("workflow", offer.workflow.seq)
  }

  mutating func snapshot(_ incident: Incident) {
    ids("binding", incident.binding)
    seq("case", incident.caseID?.seq)
    text("code", incident.code)
    seq("firing", incident.firing?.seq)
    seq("id", incident.id.seq)
    text("position", incident.position)
    text("transition", incident.transition?.text)
    seq("workflow", incident.workflow?.seq)
  }
}

// MARK: The rest of the fold

extension BodyWriter {
  /// Registrations, current versions, places filled, what is paused, schedules, slots, erasures, steps.
  mutating func snapshotRest(of state: State) throws(EncodingProblem) {
    for id in state.definitions.keys.sorted() {
      guard let known = state.definitions[id] else { continue }
      try line("definition") { (writer) throws(EncodingProblem) in
        writer.hexadecimal("hash", known.hash)
        writer.seq("id", id.seq)
        writer.text("kind", known.kind.rawValue)
        writer.text("name", known.name)
      }
    }
    for name in state.current.keys.sorted() {
      try line("current") { (writer) throws(EncodingProblem) in
        writer.seq("definition", state.current[name]?.seq)
        writer.text("name", name.text)
      }
    }
    for place in state.filled.sorted() {
      try line("filled") { (writer) throws(EncodingProblem) in
        writer.text("place", place.text)
      }
    }
    try snapshotPauses(of: state)
    for key in state.schedules.keys.sorted() {
      try line("schedule") { (writer) throws(EncodingProblem) in
        writer.instant("next", state.schedules[key])
        writer.text("schedule", key.schedule)
        writer.text("workflow", key.workflow.text)
      }
    }
    for slot in state.slots.keys.sorted() {
      try line("slot") { (writer) throws(EncodingProblem) in
        writer.int("key", state.slots[slot])
        writer.int("slot", slot)
      }
    }
    for row in state.erasures.keys.sorted() {
      try line("erasure") { (writer) throws(EncodingProblem) in
        writer.ints(state.erasures[row] ?? [])
        writer.seq("row", row)
      }
    }
    for name in state.steps.keys.sorted() {
      try line("steps") { (writer) throws(EncodingProblem) in
        writer.instant("at", state.steps[name]?.at)
        writer.int("count", state.steps[name].map { Int64($0.count) })
        writer.text("workflow", name.text)
      }
    }
  }

  private mutating func snapshotPauses(of state: State) throws(EncodingProblem) {
    for endpoint in state.pausedEndpoints.sorted(by: { $0.comesBefore($1) }) {
      try line("paused") { (writer) throws(EncodingProblem) in
        writer.text("endpoint", endpoint)
      }
    }
    for name in state.pausedWorkflows.sorted() {
      try line("paused") { (writer) throws(EncodingProblem) in
        writer.text("workflow", name.text)
      }
    }
    for path in state.pausedTransitions.sorted() {
      try line("paused") { (writer) throws(EncodingProblem) in
        writer.flag("halted", state.halted.contains(path))
        writer.text("transition", path.transition.text)
        writer.text("workflow", path.workflow.text)
      }
    }
  }
}
