internal import Engine

extension IncidentRaised: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      binding: try reader.idsIfAny("binding"),
      code: try reader.text("code"),
      firing: try reader.firingIfAny("firing"),
      position: try reader.textIfAny("position"),
      transition: try reader.transitionIfAny("transition"),
      workflow: try reader.definitionIfAny("workflow"))
  }
}

extension IncidentResolved: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      by: try reader.subject("by"),
      how: try reader.named("how", as: Resolution.self),
      incident: try reader.incident("incident"),
      why: try reader.freeIfAny("why"))
  }
}

extension Paused: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      by: try reader.subject("by"),
      code: try reader.textIfAny("code"),
      endpoint: try reader.textIfAny("endpoint"),
      name: try reader.workflowIfAny("name"),
      transition: try reader.transitionIfAny("transition"),
      why: try reader.freeIfAny("why"))
  }
}

extension LabelRecorded: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      blind: try reader.flag("blind"),
      by: try reader.subject("by"),
      label: try reader.text("label"),
      purpose: try reader.named("purpose", as: LabelPurpose.self),
      request: try reader.request(),
      verdict: try reader.seq("verdict"),
      why: try reader.freeIfAny("why"))
  }
}

extension CommandRefused: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      by: try reader.subjectIfAny("by"),
      command: try reader.named("command", as: CommandKind.self),
      of: try reader.seqIfAny("of"),
      reason: try reader.named("reason", as: RefusalReason.self),
      request: try reader.request())
  }
}

extension CommandQuarantined: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      digest: try reader.hexadecimal("digest"))
  }
}

extension DefinitionRegistered: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      by: try reader.subjectIfAny("by"),
      constants: try reader.constants(),
      hash: try reader.hexadecimal("hash"),
      kind: try reader.named("kind", as: DefinitionKind.self),
      name: try reader.text("name"),
      request: try reader.request())
  }
}

extension DefinitionActivated: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      by: try reader.subject("by"),
      definition: try reader.definition("definition"),
      request: try reader.request(),
      why: try reader.freeIfAny("why"))
  }
}
