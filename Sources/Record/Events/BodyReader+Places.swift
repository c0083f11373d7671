internal import Engine

extension TokenDeposited: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      by: try reader.subjectIfAny("by"),
      key: try reader.intIfAny("key"),
      messageKey: try reader.cargo("message_key"),
      request: try reader.request(),
      tokens: try reader.tokens(),
      why: try reader.freeIfAny("why"))
  }
}

extension MessageRepeated: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      by: try reader.subjectIfAny("by"),
      first: try reader.seq("first"),
      request: try reader.request())
  }
}

extension MessageExpired: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      withdrawn: try reader.ids("withdrawn"))
  }
}

extension TokensWithdrawn: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      by: try reader.subject("by"),
      request: try reader.request(),
      why: try reader.free("why"),
      withdrawn: try reader.ids("withdrawn"))
  }
}

extension PlaceFilled: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      place: try reader.place("place"),
      tokens: try reader.tokens(),
      workflow: try reader.definition("workflow"))
  }
}

extension WaitsSet: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      added: try reader.added(),
      workflow: try reader.definitionIfAny("workflow"))
  }
}

extension ScheduleSet: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      next: try reader.instantIfAny("next"),
      schedule: try reader.text("schedule"),
      workflow: try reader.definition("workflow"))
  }
}

extension ScheduleFired: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      due: try reader.instant("due"),
      missed: try reader.countIfAny("missed"),
      next: try reader.instant("next"),
      schedule: try reader.text("schedule"),
      tokens: try reader.tokensIfAny(),
      workflow: try reader.definition("workflow"))
  }
}

extension ScheduleSkipped: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      due: try reader.instant("due"),
      missed: try reader.count("missed"),
      next: try reader.instant("next"),
      schedule: try reader.text("schedule"),
      workflow: try reader.definition("workflow"))
  }
}

extension TokenSent: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      sent: try reader.ids("sent"),
      toShard: try reader.int("to_shard"))
  }
}

extension TokenReceived: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      fromSeq: try reader.seq("from_seq"),
      fromShard: try reader.int("from_shard"),
      index: try reader.count("i"),
      tokens: try reader.tokens())
  }
}
