internal import Engine

extension BodyWriter {
  mutating func write(_ event: IncidentRaised, as kind: EventKind) -> EventKind {
    ids("binding", event.binding)
    text("code", event.code)
    seq("firing", event.firing?.seq)
    text("position", event.position)
    text("transition", event.transition?.text)
    seq("workflow", event.workflow?.seq)
    return kind
  }

  mutating func write(_ event: IncidentResolved, as kind: EventKind) throws(EncodingProblem)
    -> EventKind
  {
    text("by", event.by.text)
    text("how", event.how.rawValue)
    seq("incident", event.incident.seq)
    try free("why", event.why)
    return kind
  }

  mutating func write(_ event: Paused, as kind: EventKind) throws(EncodingProblem) -> EventKind {
    text("by", event.by.text)
    text("code", event.code)
    text("endpoint", event.endpoint)
    text("name", event.name?.text)
    text("transition", event.transition?.text)
    try free("why", event.why)
    return kind
  }

  mutating func write(_ event: LabelRecorded, as kind: EventKind) throws(EncodingProblem)
    -> EventKind
  {
    flag("blind", event.blind)
    text("by", event.by.text)
    text("label", event.label)
    text("purpose", event.purpose.rawValue)
    request(event.request)
    seq("verdict", event.verdict)
    try free("why", event.why)
    return kind
  }

  mutating func write(_ event: CommandRefused, as kind: EventKind) -> EventKind {
    text("by", event.by?.text)
    text("command", event.command.rawValue)
    seq("of", event.of)
    text("reason", event.reason.rawValue)
    request(event.request)
    return kind
  }

  mutating func write(_ event: CommandQuarantined, as kind: EventKind) -> EventKind {
    hexadecimal("digest", event.digest)
    return kind
  }

  mutating func write(_ event: DefinitionRegistered, as kind: EventKind) -> EventKind {
    text("by", event.by?.text)
    constants(event.constants)
    hexadecimal("hash", event.hash)
    text("kind", event.kind.rawValue)
    text("name", event.name)
    request(event.request)
    return kind
  }

  mutating func write(_ event: DefinitionActivated, as kind: EventKind) throws(EncodingProblem)
    -> EventKind
  {
    text("by", event.by.text)
    seq("definition", event.definition.seq)
    request(event.request)
    try free("why", event.why)
    return kind
  }
}
