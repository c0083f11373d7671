/// A row as it lies in the store; its bytes live until the next one is read.
package struct RawRow {
  package var seq: Int64
  package var epoch: Int64
  package var at: Int64
  /// 0 in a row without case.
  package var caseNumber: Int64
  package var version: Int64
  package var kind: UnsafeRawBufferPointer
  package var body: UnsafeRawBufferPointer
  package var sealed: UnsafeRawBufferPointer
  package var hash: Hash256?

  package init(
    seq: Int64, epoch: Int64, at: Int64, caseNumber: Int64, version: Int64,
    kind: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer, sealed: UnsafeRawBufferPointer,
    hash: Hash256?
  ) {
    self.seq = seq
    self.epoch = epoch
    self.at = at
    self.caseNumber = caseNumber
    self.version = version
    self.kind = kind
    self.body = body
    self.sealed = sealed
    self.hash = hash
  }
}

/// What other rows may name of a row.
package struct RowShape: Equatable, Sendable {
  package var tokens: UInt16
  package var payloads: UInt16
  /// Of its first 32 tokens, those with a value of their own.
  package var values: UInt32

  /// Whether the row wrote the value of this token.
  package func wrote(token index: Int64) -> Bool {
    index < tokens && (index >= 32 || values & (1 << UInt32(index)) != 0)
  }
}

/// A row of the log's own, by which later rules go.
package struct NotedRow: Equatable, Sendable {
  package var seq: Int64
  package var kind: EventKind
  package var caseNumber: Int64
  package var body: [UInt8]
}
