/// What verifying a log has shown (LOG §4).
package struct AuditReport: Equatable, Sendable {
  /// The last row.
  package var head: Int64 = 0
  package var rowsRead: Int64 = 0
  package var rowsPruned: Int64 = 0
  /// Time of the first and the last row that hold, in microseconds.
  package var from: Int64?
  package var to: Int64?
  /// By row, then by text; empty if nothing is wrong.
  package var findings: [AuditFinding] = []
  package var checkpoints = 0
  /// Checkpoints that could not be compared, because rows before them are missing.
  package var checkpointsUncompared = 0
  /// Size of the greatest checkpoint that matches the rows and is signed.
  package var signed: Int64 = 0
  /// The key in force at the end.
  package var verifier: String?
  package var anchors = 0
  /// Size of the greatest anchor that matches the rows.
  package var anchored: Int64 = 0
  /// Anchors of rows that a restore gave up, in the words of the log.
  package var anchorsGivenUp = 0
  /// Anchors among rows that have left, whose tree cannot be told any more.
  package var anchorsUncompared = 0
  /// The rows that an archive was written for; nil for a log.
  package var archive: ClosedRange<Int64>?
  /// Rows that say so, with the number of rows that were lost.
  package var restored: [Restoration] = []
  package var payloads: Int64 = 0
  /// Payloads that left with an event.
  package var payloadsErased: Int64 = 0
  /// Payloads that were opened to their commitment; nil if keys were not asked for.
  package var payloadsOpened: Int64?

  package struct Restoration: Equatable, Sendable {
    package var row: Int64
    package var lost: Int64
  }

  package init() {}
}

/// A checkpoint as it is stored.
package struct StoredCheckpoint: Equatable, Sendable {
  package var size: Int64
  package var root: Hash256?
  package var note: String

  package init(size: Int64, root: Hash256?, note: String) {
    self.size = size
    self.root = root
    self.note = note
  }
}
