internal import Engine

extension TaskOffered: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      due: try reader.instantIfAny("due"),
      group: try reader.textIfAny("for"),
      notBy: try reader.subjects(),
      read: try reader.boundIfAny("read"),
      token: try reader.token("token"),
      transition: try reader.transition("transition"),
      workflow: try reader.definitionIfAny("workflow"))
  }
}

extension TaskClaimed: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      by: try reader.subject("by"),
      holder: try reader.subjectIfAny("holder"),
      task: try reader.task("task"),
      until: try reader.instant("until"))
  }
}

extension TaskReleased: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      by: try reader.subject("by"),
      task: try reader.task("task"))
  }
}

extension TaskWithdrawn: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      reason: try reader.named("reason", as: WithdrawalReason.self),
      task: try reader.task("task"))
  }
}

extension TaskAnswered: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      aborted: try reader.aborted(),
      answer: try reader.cargo("answer"),
      by: try reader.subject("by"),
      cancelled: try reader.idsIfAny("cancelled"),
      consumed: try reader.bound("consumed"),
      note: try reader.freeIfAny("note"),
      outcome: try reader.text("outcome"),
      read: try reader.boundIfAny("read"),
      request: try reader.request(),
      task: try reader.task("task"),
      tokens: try reader.tokensIfAny(),
      transition: try reader.transition("transition"),
      workflow: try reader.definitionIfAny("workflow"))
  }
}
