internal import Engine

extension BodyWriter {
  mutating func write(_ event: Fired, as kind: EventKind) throws(EncodingProblem) -> EventKind {
    aborted(event.aborted)
    text("branch", event.branch)
    ids("cancelled", event.cancelled)
    bound("consumed", event.consumed)
    bound("read", event.read)
    try tokens(event.tokens)
    text("transition", event.transition.text)
    seq("workflow", event.workflow?.seq)
    return kind
  }

  mutating func write(_ event: VerdictRequested, as kind: EventKind) throws(EncodingProblem)
    -> EventKind
  {
    bound("consumed", event.consumed)
    instant("deadline", event.deadline)
    seq("guard", event.guardID.seq)
    try cargo("per", event.per)
    bound("read", event.read)
    text("transition", event.transition.text)
    seq("workflow", event.workflow?.seq)
    return kind
  }

  mutating func write(_ event: CallRecorded, as kind: EventKind) throws(EncodingProblem)
    -> EventKind
  {
    try call(event.call)
    seq("firing", event.firing.seq)
    flag("late", event.late)
    text("reason", event.reason?.rawValue)
    return kind
  }

  mutating func write(_ event: FiringStarted, as kind: EventKind) throws(EncodingProblem)
    -> EventKind
  {
    text("action", event.action.text)
    bound("consumed", event.consumed)
    instant("deadline", event.deadline)
    try cargo("per", event.per)
    bound("read", event.read)
    text("transition", event.transition.text)
    try cargo("with", event.with)
    seq("workflow", event.workflow?.seq)
    return kind
  }

  mutating func write(_ event: AttemptFailed, as kind: EventKind) throws(EncodingProblem)
    -> EventKind
  {
    int("attempt", Int64(event.attempt))
    text("code", event.code)
    instant("deadline", event.deadline)
    try free("error", event.error)
    seq("firing", event.firing.seq)
    flag("maybe", event.maybe)
    instant("next", event.next)
    return kind
  }

  mutating func write(_ event: FiringCompleted, as kind: EventKind) throws(EncodingProblem)
    -> EventKind
  {
    int("attempts", Int64(event.attempts))
    text("code", event.code)
    try free("error", event.error)
    seq("firing", event.firing.seq)
    text("outcome", event.outcome)
    try cargo("result", event.result)
    try tokens(event.tokens)
    return kind
  }

  mutating func write(_ event: LateOutcomeRecorded, as kind: EventKind) throws(EncodingProblem)
    -> EventKind
  {
    text("code", event.code)
    try free("error", event.error)
    seq("firing", event.firing.seq)
    text("outcome", event.outcome)
    try cargo("result", event.result)
    return kind
  }

  mutating func write(_ event: ChildStarted, as kind: EventKind) throws(EncodingProblem)
    -> EventKind
  {
    text("callee", event.callee.text)
    bound("consumed", event.consumed)
    try cargo("per", event.per)
    bound("read", event.read)
    text("transition", event.transition.text)
    seq("workflow", event.workflow?.seq)
    return kind
  }

  mutating func write(_ event: ChildEnded, as kind: EventKind) throws(EncodingProblem) -> EventKind
  {
    seq("child", event.child?.seq)
    text("code", event.code)
    seq("firing", event.firing.seq)
    text("outcome", event.outcome)
    try cargo("result", event.result)
    try tokens(event.tokens)
    return kind
  }

  mutating func write(_ event: FiringSettled, as kind: EventKind) throws(EncodingProblem)
    -> EventKind
  {
    text("by", event.by.text)
    seq("firing", event.firing.seq)
    text("how", event.how.rawValue)
    text("outcome", event.outcome)
    request(event.request)
    try tokens(event.tokens)
    try free("why", event.why)
    return kind
  }
}
