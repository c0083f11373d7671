internal import Engine

extension BodyWriter {
  mutating func write(_ event: TaskOffered, as kind: EventKind) -> EventKind {
    instant("due", event.due)
    text("for", event.group)
    subjects(event.notBy)
    bound("read", event.read)
    token("token", event.token)
    text("transition", event.transition.text)
    seq("workflow", event.workflow?.seq)
    return kind
  }

  mutating func write(_ event: TaskClaimed, as kind: EventKind) -> EventKind {
    text("by", event.by.text)
    text("holder", event.holder?.text)
    seq("task", event.task.seq)
    instant("until", event.until)
    return kind
  }

  mutating func write(_ event: TaskReleased, as kind: EventKind) -> EventKind {
    text("by", event.by.text)
    seq("task", event.task.seq)
    return kind
  }

  mutating func write(_ event: TaskWithdrawn, as kind: EventKind) -> EventKind {
    text("reason", event.reason.rawValue)
    seq("task", event.task.seq)
    return kind
  }

  mutating func write(_ event: TaskAnswered, as kind: EventKind) throws(EncodingProblem)
    -> EventKind
  {
    aborted(event.aborted)
    try cargo("answer", event.answer)
    text("by", event.by.text)
    ids("cancelled", event.cancelled)
    bound("consumed", event.consumed)
    try free("note", event.note)
    text("outcome", event.outcome)
    bound("read", event.read)
    request(event.request)
    seq("task", event.task.seq)
    try tokens(event.tokens)
    text("transition", event.transition.text)
    seq("workflow", event.workflow?.seq)
    return kind
  }
}
