internal import Engine

extension Fired: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      aborted: try reader.aborted(),
      branch: try reader.textIfAny("branch"),
      cancelled: try reader.idsIfAny("cancelled"),
      consumed: try reader.bound("consumed"),
      read: try reader.boundIfAny("read"),
      tokens: try reader.tokens(),
      transition: try reader.transition("transition"),
      workflow: try reader.definitionIfAny("workflow"))
  }
}

extension VerdictRequested: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      consumed: try reader.bound("consumed"),
      deadline: try reader.instant("deadline"),
      guardID: try reader.definition("guard"),
      per: try reader.cargo("per"),
      read: try reader.boundIfAny("read"),
      transition: try reader.transition("transition"),
      workflow: try reader.definitionIfAny("workflow"))
  }
}

extension CallRecorded: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      call: try reader.call(),
      firing: try reader.firing("firing"),
      late: try reader.flag("late"),
      reason: try reader.namedIfAny("reason", as: FallbackReason.self))
  }
}

extension FiringStarted: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      action: try reader.action("action"),
      consumed: try reader.bound("consumed"),
      deadline: try reader.instant("deadline"),
      per: try reader.cargo("per"),
      read: try reader.boundIfAny("read"),
      transition: try reader.transition("transition"),
      with: try reader.cargo("with"),
      workflow: try reader.definitionIfAny("workflow"))
  }
}

extension AttemptFailed: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      attempt: try reader.count("attempt"),
      code: try reader.text("code"),
      deadline: try reader.instant("deadline"),
      error: try reader.freeIfAny("error"),
      firing: try reader.firing("firing"),
      maybe: try reader.flag("maybe"),
      next: try reader.instant("next"))
  }
}

extension FiringCompleted: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      attempts: try reader.count("attempts"),
      code: try reader.textIfAny("code"),
      error: try reader.freeIfAny("error"),
      firing: try reader.firing("firing"),
      outcome: try reader.text("outcome"),
      result: try reader.cargo("result"),
      tokens: try reader.tokensIfAny())
  }
}

extension LateOutcomeRecorded: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      code: try reader.textIfAny("code"),
      error: try reader.freeIfAny("error"),
      firing: try reader.firing("firing"),
      outcome: try reader.text("outcome"),
      result: try reader.cargo("result"))
  }
}

extension ChildStarted: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      callee: try reader.workflow("callee"),
      consumed: try reader.bound("consumed"),
      per: try reader.cargo("per"),
      read: try reader.boundIfAny("read"),
      transition: try reader.transition("transition"),
      workflow: try reader.definitionIfAny("workflow"))
  }
}

extension ChildEnded: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      child: try reader.caseIDIfAny("child"),
      code: try reader.textIfAny("code"),
      firing: try reader.firing("firing"),
      outcome: try reader.text("outcome"),
      result: try reader.cargo("result"),
      tokens: try reader.tokensIfAny())
  }
}

extension FiringSettled: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      by: try reader.subject("by"),
      firing: try reader.firing("firing"),
      how: try reader.named("how", as: Settlement.self),
      outcome: try reader.textIfAny("outcome"),
      request: try reader.request(),
      tokens: try reader.tokensIfAny(),
      why: try reader.freeIfAny("why"))
  }
}
