/// A row with all that is written with it.
package struct LogRecord: Equatable, Sendable {
  /// A sealed payload.
  package struct Box: Equatable, Sendable {
    package var index: Int32
    package var keyNumber: Int64
    package var role: PayloadRole
    package var bytes: [UInt8]

    package init(index: Int32, keyNumber: Int64, role: PayloadRole, bytes: [UInt8]) {
      self.index = index
      self.keyNumber = keyNumber
      self.role = role
      self.bytes = bytes
    }
  }

  /// The entry of a request's key, for look-ups.
  package struct Request: Hashable, Sendable {
    package var slot: Int64
    /// 16 bytes.
    package var key: [UInt8]
  }

  package var seq: Int64
  package var epoch: Int64
  package var at: Int64
  package var caseNumber: Int64?
  package var kind: EventKind
  package var version: Int
  package var body: [UInt8]
  /// Commitments of its payloads, 32 bytes each.
  package var sealed: [UInt8]
  package var hash: Hash256
  package var boxes: [Box]
  package var blobs: [EncodedEvent.Blob]
  package var request: Request?
}
