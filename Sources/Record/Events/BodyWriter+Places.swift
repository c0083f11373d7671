internal import Engine

extension BodyWriter {
  mutating func write(_ event: TokenDeposited, as kind: EventKind) throws(EncodingProblem)
    -> EventKind
  {
    text("by", event.by?.text)
    int("key", event.key)
    try cargo("message_key", event.messageKey)
    request(event.request)
    try tokens(event.tokens)
    try free("why", event.why)
    return kind
  }

  mutating func write(_ event: MessageRepeated, as kind: EventKind) -> EventKind {
    text("by", event.by?.text)
    seq("first", event.first)
    request(event.request)
    return kind
  }

  mutating func write(_ event: MessageExpired, as kind: EventKind) -> EventKind {
    ids("withdrawn", event.withdrawn)
    return kind
  }

  mutating func write(_ event: TokensWithdrawn, as kind: EventKind) throws(EncodingProblem)
    -> EventKind
  {
    text("by", event.by.text)
    request(event.request)
    try free("why", event.why)
    ids("withdrawn", event.withdrawn)
    return kind
  }

  mutating func write(_ event: PlaceFilled, as kind: EventKind) throws(EncodingProblem) -> EventKind
  {
    text("place", event.place.text)
    try tokens(event.tokens)
    seq("workflow", event.workflow.seq)
    return kind
  }

  mutating func write(_ event: WaitsSet, as kind: EventKind) -> EventKind {
    added(event.added)
    seq("workflow", event.workflow?.seq)
    return kind
  }

  mutating func write(_ event: ScheduleSet, as kind: EventKind) -> EventKind {
    instant("next", event.next)
    text("schedule", event.schedule)
    seq("workflow", event.workflow.seq)
    return kind
  }

  mutating func write(_ event: ScheduleFired, as kind: EventKind) throws(EncodingProblem)
    -> EventKind
  {
    instant("due", event.due)
    int("missed", event.missed.map { Int64($0) })
    instant("next", event.next)
    text("schedule", event.schedule)
    try tokens(event.tokens)
    seq("workflow", event.workflow.seq)
    return kind
  }

  mutating func write(_ event: ScheduleSkipped, as kind: EventKind) -> EventKind {
    instant("due", event.due)
    int("missed", Int64(event.missed))
    instant("next", event.next)
    text("schedule", event.schedule)
    seq("workflow", event.workflow.seq)
    return kind
  }

  mutating func write(_ event: TokenSent, as kind: EventKind) -> EventKind {
    ids("sent", event.sent)
    int("to_shard", event.toShard)
    return kind
  }

  mutating func write(_ event: TokenReceived, as kind: EventKind) throws(EncodingProblem)
    -> EventKind
  {
    seq("from_seq", event.fromSeq)
    int("from_shard", event.fromShard)
    int("i", Int64(event.index))
    try tokens(event.tokens)
    return kind
  }
}
