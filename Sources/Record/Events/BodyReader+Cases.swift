internal import Engine

extension CaseOpened: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      businessKey: try reader.textIfAny("business_key"),
      by: try reader.subjectIfAny("by"),
      forked: try reader.seqIfAny("forked"),
      input: try reader.cargo("input"),
      key: try reader.int("key"),
      labels: try reader.labels(),
      parent: try reader.firingIfAny("parent"),
      request: try reader.request(),
      schedule: try reader.textIfAny("schedule"),
      tokens: try reader.tokens(),
      workflow: try reader.definition("workflow"))
  }
}

extension StartJoined: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      by: try reader.subjectIfAny("by"),
      parent: try reader.firingIfAny("parent"),
      request: try reader.request())
  }
}

extension CaseClosed: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      by: try reader.subjectIfAny("by"),
      endedIn: try reader.endedIn(),
      how: try reader.named("how", as: CaseEnding.self),
      request: try reader.request(),
      why: try reader.freeIfAny("why"))
  }
}

extension CaseMigrated: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      by: try reader.subject("by"),
      consumed: try reader.ids("consumed"),
      flying: try reader.flying(),
      from: try reader.definition("from"),
      input: try reader.cargo("input"),
      request: try reader.request(),
      to: try reader.definition("to"),
      tokens: try reader.tokens(),
      why: try reader.freeIfAny("why"))
  }
}
