internal import Engine
internal import PetriNet

extension BodyReader {
  /// Reads an object that stands next; `body` asks for its keys.
  mutating func record<Result>(
    _ body: (inout BodyReader) throws(Problem) -> Result
  ) throws(Problem) -> Result {
    let (at, hasCase) = (at, hasCase)
    return try json.object { (json) throws(Problem) in
      var reader = BodyReader(json: json, at: at, hasCase: hasCase)
      defer { json = reader.json }
      return try body(&reader)
    }
  }

  /// A list of objects; empty if the key is not next.
  private mutating func records<Result>(
    _ key: StaticString, _ body: (inout BodyReader) throws(Problem) -> Result
  ) throws(Problem) -> [Result] {
    guard json.has(key) else { return [] }
    let (at, hasCase) = (at, hasCase)
    let found = try json.list { (json) throws(Problem) in
      try json.object { (json) throws(Problem) in
        var reader = BodyReader(json: json, at: at, hasCase: hasCase)
        defer { json = reader.json }
        return try body(&reader)
      }
    }
    guard !found.isEmpty else { throw json.problem("\(key): an empty list is left out") }
    return found
  }

  /// The keys of a token.
  mutating func snapshotToken(_ restoration: inout Restoration) throws(Problem) -> Token {
    let available = try instant("available")
    let id = try token("id")
    let key = try intIfAny("key")
    let origin = try tokenIfAny("origin")
    let place = restoration.symbol(of: try place("place"))
    let value = try cargo("value")
    var waits: [ArcWait] = []
    if json.has("waits") {
      try json.entries { (json, arc) throws(Problem) in
        waits.append(ArcWait(arc: arc, ready: Instant(microseconds: try json.int())))
      }
    }
    return Token(
      id, place: place, origin: origin ?? id, content: value, available: available, waits: waits,
      key: key)
  }

  private mutating func tokenIfAny(_ key: StaticString) throws(Problem) -> TokenID? {
    guard json.has(key) else { return nil }
    let place = try json.reference()
    return TokenID(Seq(place.seq), place.index)
  }

  private mutating func snapshotTokens(
    _ key: StaticString, _ restoration: inout Restoration
  ) throws(Problem) -> [Token] {
    try records(key) { (reader) throws(Problem) in try reader.snapshotToken(&restoration) }
  }

  mutating func snapshotAside(_ restoration: inout Restoration) throws(Problem) -> Aside {
    let incident = try incident("incident")
    let tokens = try ids("tokens")
    let transition = restoration.symbol(of: try transition("transition"))
    return Aside(
      incident, workflow: try definition("workflow"), transition: transition, tokens: tokens)
  }

  mutating func snapshotCase(_ restoration: inout Restoration) throws(Problem) -> CaseState {
    try record { (reader) throws(Problem) in
      let asides = try reader.records("asides") { (reader) throws(Problem) in
        try reader.snapshotAside(&restoration)
      }
      let businessKey = try reader.textIfAny("business_key")
      let cancelled = try reader.seqIfAny("cancelled")
      let id = CaseID(try reader.seq("id"))
      let input = try reader.cargo("input")
      let inputAt = try reader.seqIfAny("input_at")
      let joined = try reader.flag("joined")
      let keys = try reader.integers()
      let opened = try reader.instant("opened")
      let parent = try reader.firingIfAny("parent")
      let restedBy = try reader.seqIfAny("rested_by").map { IncidentID($0) }
      let steps = try reader.countIfAny("steps")
      let stepsAt = try reader.instantIfAny("steps_at")
      let tokens = try reader.snapshotTokens("tokens", &restoration)
      var found = CaseState(
        id, opened: opened, workflow: try reader.definition("workflow"), businessKey: businessKey,
        keys: keys, parent: parent)
      found.setInput(input, writtenAs: inputAt.map { TokenID($0, -1) } ?? TokenID(id.seq, 0))
      found.setMarking(tokens, asides: asides)
      found.setCourse(joined: joined, cancelled: cancelled, restedBy: restedBy)
      if let steps, let stepsAt { found.setSteps(steps, at: stepsAt) }
      return found
    }
  }

  mutating func snapshotFiring(_ restoration: inout Restoration) throws(Problem) -> Firing {
    try record { (reader) throws(Problem) in
      let action = try reader.textIfAny("action").map { ActionName($0) }
      let attempt = try reader.count("attempt")
      let callee = try reader.workflowIfAny("callee")
      let caseID = try reader.caseIDIfAny("case")
      let child = try reader.caseIDIfAny("child")
      let consumed = try reader.bound("consumed")
      let copies = try reader.snapshotTokens("copies", &restoration)
      let deadline = try reader.instant("deadline")
      let guardID = try reader.definitionIfAny("guard")
      let held = try reader.snapshotTokens("held", &restoration)
      let id = FiringID(try reader.seq("id"))
      let incarnation = try reader.text("incarnation")
      let interruptions = try reader.countIfAny("interruptions") ?? 0
      let letGo = try reader.flag("let_go")
      let maybe = try reader.flag("maybe")
      let next = try reader.instant("next")
      let outcome = try reader.snapshotOutcome()
      let per = try reader.cargo("per")
      let read = try reader.boundIfAny("read")
      let started = try reader.instant("started")
      let transition = restoration.symbol(of: try reader.transition("transition"))
      let votes = try reader.snapshotVotes()
      let with = try reader.cargo("with")
      let kind: Firing.Kind
      switch (action, callee, guardID) {
      case (let action?, nil, nil): kind = .action(action)
      case (nil, let callee?, nil): kind = .call(callee)
      case (nil, nil, let guardID?): kind = .judge(guardID: guardID)
      case (nil, nil, nil): kind = .task
      default: throw reader.json.problem("a firing is of several kinds")
      }
      var firing = Firing(
        id, kind, caseID: caseID, workflow: try reader.definition("workflow"),
        transition: transition, started: started, consumed: consumed, read: read,
        text: FiringText(restoration.shard, id.seq, incarnation), deadline: deadline, next: next)
      firing.set(held: held, copies: copies, with: with, per: per)
      firing.set(
        phase: letGo ? .letGo : outcome.map { .unsettled($0) } ?? .running, attempt: attempt,
        interruptions: interruptions, maybe: maybe, votes: votes, child: child)
      return firing
    }
  }

  private mutating func snapshotVotes() throws(Problem) -> [String] {
    guard json.has("votes") else { return [] }
    return try json.list { (json) throws(Problem) in try json.string() }
  }

  private mutating func snapshotOutcome() throws(Problem) -> RecordedOutcome? {
    guard json.has("outcome") else { return nil }
    return try record { (reader) throws(Problem) in
      let at = try reader.instant("at")
      let attempts = try reader.countIfAny("attempts")
      let by = try reader.subjectIfAny("by")
      let code = try reader.textIfAny("code")
      var outcome = RecordedOutcome(try reader.text("outcome"), at: at)
      outcome.attempts = attempts
      outcome.by = by
      outcome.code = code
      outcome.reason = try reader.namedIfAny("reason", as: FallbackReason.self)
      outcome.set(value: try reader.cargo("value"))
      return outcome
    }
  }

  mutating func snapshotOffer(_ restoration: inout Restoration) throws(Problem) -> Offer {
    try record { (reader) throws(Problem) in
      let caseID = try reader.caseIDIfAny("case")
      let due = try reader.instantIfAny("due")
      let group = try reader.textIfAny("for")
      let holder = try reader.subjectIfAny("holder")
      let id = TaskID(try reader.seq("id"))
      let notBy = try reader.subjects()
      let offered = try reader.instant("offered")
      let read = try reader.boundIfAny("read")
      let token = try reader.token("token")
      let transition = restoration.symbol(of: try reader.transition("transition"))
      let until = try reader.instantIfAny("until")
      return Offer(
        id, caseID: caseID, workflow: try reader.definition("workflow"), transition: transition,
        offered: offered, token: token, read: read, due: due, group: group, notBy: notBy,
        holder: holder, until: until)
    }
  }

  mutating func snapshotIncident() throws(Problem) -> Incident {
    try record { (reader) throws(Problem) in
      let binding = try reader.idsIfAny("binding")
      let caseID = try reader.caseIDIfAny("case")
      let code = try reader.text("code")
      let firing = try reader.firingIfAny("firing")
      let id = IncidentID(try reader.seq("id"))
      let position = try reader.textIfAny("position")
      let transition = try reader.transitionIfAny("transition")
      return Incident(
        id, caseID: caseID, code: code, position: position, transition: transition,
        workflow: try reader.definitionIfAny("workflow"), binding: binding, firing: firing)
    }
  }
}

extension BodyReader {
  /// A line of what has no numbers to be sorted by.
  mutating func snapshotRest(_ restoration: inout Restoration) throws(Problem) {
    if json.has("definition") {
      restoration.add(
        try record { (reader) throws(Problem) in
          let hash = try reader.hexadecimal("hash")
          let id = try reader.definition("id")
          let kind = try reader.named("kind", as: DefinitionKind.self)
          return Definition(id, kind, name: try reader.text("name"), hash: hash)
        })
    } else if json.has("current") {
      try record { (reader) throws(Problem) in
        let definition = try reader.definition("definition")
        restoration.setCurrent(definition, of: try reader.workflow("name"))
      }
    } else if json.has("filled") {
      try record { (reader) throws(Problem) in
        restoration.addFilled(try reader.place("place"))
      }
    } else if json.has("paused") {
      try record { (reader) throws(Problem) in try reader.snapshotPause(&restoration) }
    } else if json.has("schedule") {
      try record { (reader) throws(Problem) in
        let next = try reader.instant("next")
        let schedule = try reader.text("schedule")
        let key = ScheduleKey(try reader.workflow("workflow"), schedule)
        restoration.set(key, to: next)
      }
    } else if json.has("slot") {
      try record { (reader) throws(Problem) in
        let key = try reader.int("key")
        restoration.addSlot(try reader.int("slot"), key: key)
      }
    } else if json.has("erasure") {
      try record { (reader) throws(Problem) in
        let keys = try reader.integers()
        restoration.addErasure(try reader.seq("row"), keys: keys)
      }
    } else if json.has("steps") {
      try record { (reader) throws(Problem) in
        let at = try reader.instant("at")
        let count = try reader.count("count")
        restoration.set(StepCount(count, at: at), of: try reader.workflow("workflow"))
      }
    }
  }

  private mutating func snapshotPause(_ restoration: inout Restoration) throws(Problem) {
    if let endpoint = try textIfAny("endpoint") { return restoration.addPaused(endpoint: endpoint) }
    let isHalted = try flag("halted")
    guard let transition = try transitionIfAny("transition") else {
      return restoration.addPaused(try workflow("workflow"))
    }
    let path = TransitionPath(try workflow("workflow"), transition)
    restoration.addPaused(path, isHalted: isHalted)
  }
}
