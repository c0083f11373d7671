package import Orchestration

/// What a log says of itself beside its rows.
package struct LogMeta: Sendable, Equatable {
  package let origin: String
  package let logID: [UInt8]
  package let shard: Int64
  /// The rows that an archive was written for; nil for a log.
  package var archive: ClosedRange<Int64>?

  /// - Throws: `unreadable` for a log that does not say what it is, or was begun in the clear.
  package init(
    origin: String?, logID: String?, shard: Int64?, encryption: String?
  ) throws(StoreError) {
    guard let origin, let id = logID.flatMap({ Hexadecimal.bytes($0.utf8) }), id.count == 8,
      let shard
    else { throw StoreError(.unreadable, code: "S106", "the log does not say what it is") }
    guard encryption == "on" else {
      throw StoreError(
        .unreadable, code: "S103",
        "the log was begun without encryption, which this version does not read")
    }
    self.origin = origin
    self.logID = id
    self.shard = shard
  }

  /// A log that is made now; `id` is random if it is nil.
  ///
  /// - Precondition: `id` has 8 bytes.
  package init(host: String, id: [UInt8]?, shard: Int64) {
    var random = SystemRandomNumberGenerator()
    let id = id ?? withUnsafeBytes(of: random.next() as UInt64) { Array($0) }
    precondition(id.count == 8, "a log's id has 8 bytes")
    origin = "\(host)/\(Hexadecimal.text(id))/\(shard)"
    logID = id
    self.shard = shard
  }
}

extension EventKind {
  /// Refuses a log with a kind that this binary does not know, naming the first row of one.
  package static func require(
    _ kind: String, version: Int, firstSeq seq: Int64
  ) throws(StoreError) {
    guard EventKind(rawValue: kind) != nil, version == EventKind.version else {
      throw StoreError(
        .unreadable, code: "S105",
        "the log holds rows of kind \(kind), version \(version), from row \(seq) on, which "
          + "this version of Petrel does not know; use the version that wrote them")
    }
  }
}
