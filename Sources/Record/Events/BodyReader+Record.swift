internal import Engine

extension OwnerStarted: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      binary: try reader.text("binary"),
      incarnation: try reader.hexadecimal("incarnation"))
  }
}

extension RequestSlotOpened: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      key: try reader.int("key"),
      slot: try reader.int("slot"))
  }
}

extension RequestSlotClosed: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      key: try reader.int("key"),
      slot: try reader.int("slot"))
  }
}

extension ErasureRequested: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      by: try reader.subject("by"),
      keys: try reader.integers(),
      reason: try reader.text("reason"),
      request: try reader.request())
  }
}

extension ErasureCompleted: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      erasure: try reader.seq("erasure"))
  }
}

extension KeysRotated: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      by: try reader.subject("by"),
      kek: try reader.text("kek"))
  }
}

extension PayloadsExpired: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      role: try reader.text("role"),
      through: try reader.seq("through"))
  }
}

extension LogPruned: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      closedBefore: try reader.instant("closed_before"),
      first: try reader.seq("first"),
      last: try reader.seq("last"),
      rows: try reader.int("rows"))
  }
}

extension SnapshotTaken: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      seq: try reader.seq("seq"),
      stateHash: try reader.hexadecimal("state_hash"))
  }
}

extension SigningKeyChanged: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      new: try reader.text("new"),
      old: try reader.text("old"))
  }
}

extension Restored: BodyReadable {
  init(_ reader: inout BodyReader) throws(CanonicalProblem) {
    self.init(
      anchor: try reader.text("anchor"),
      lost: try reader.int("lost"))
  }
}
