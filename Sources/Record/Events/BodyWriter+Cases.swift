internal import Engine

extension BodyWriter {
  mutating func write(_ event: CaseOpened, as kind: EventKind) throws(EncodingProblem) -> EventKind
  {
    text("business_key", event.businessKey)
    text("by", event.by?.text)
    seq("forked", event.forked)
    try cargo("input", event.input)
    int("key", event.key)
    labels(event.labels)
    seq("parent", event.parent?.seq)
    request(event.request)
    text("schedule", event.schedule)
    try tokens(event.tokens)
    seq("workflow", event.workflow.seq)
    return kind
  }

  mutating func write(_ event: StartJoined, as kind: EventKind) -> EventKind {
    text("by", event.by?.text)
    seq("parent", event.parent?.seq)
    request(event.request)
    return kind
  }

  mutating func write(_ event: CaseClosed, as kind: EventKind) throws(EncodingProblem) -> EventKind
  {
    text("by", event.by?.text)
    endedIn(event.endedIn)
    text("how", event.how.rawValue)
    request(event.request)
    try free("why", event.why)
    return kind
  }

  mutating func write(_ event: CaseMigrated, as kind: EventKind) throws(EncodingProblem)
    -> EventKind
  {
    text("by", event.by.text)
    ids("consumed", event.consumed)
    flying(event.flying)
    seq("from", event.from.seq)
    try cargo("input", event.input)
    request(event.request)
    seq("to", event.to.seq)
    try tokens(event.tokens)
    try free("why", event.why)
    return kind
  }
}
