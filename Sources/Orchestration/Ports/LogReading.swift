package import Engine
package import PetriNet

/// Reads the log beside its owner: what history, lists and audits are answered from.
///
/// Any number of threads; sees whole commits only. Filled by SQLite (a read-only connection, also
/// on a copy or beside a running service) and by memory.
package protocol LogReading: Sendable {
  /// Last row and its time.
  func head() throws(StoreError) -> (seq: Seq, at: Instant)

  /// Rows in order of `seq`, at most `limit`.
  func rows(_ query: RowQuery, limit: Int) throws(StoreError) -> [LogRow]

  /// Cases, newest first; from `before` down if given.
  func cases(_ query: CaseQuery, before: CaseID?, limit: Int) throws(StoreError) -> [CaseRow]

  /// One case, open or closed.
  func caseRow(_ id: CaseID) throws(StoreError) -> CaseRow?

  /// The version that a case has, or had in the end: another than it began under if it was migrated.
  func version(of row: CaseRow) throws(StoreError) -> DefinitionID

  /// The latest case of a workflow with this business key, open or closed.
  func caseID(workflow: WorkflowName, businessKey: String) throws(StoreError) -> CaseID?

  /// The plaintext of a sealed payload; nil if erased or if no keys are at hand.
  func payload(seq: Seq, index: Int32) throws(StoreError) -> [UInt8]?

  /// All definitions, by row.
  func definitions() throws(StoreError) -> [StoredDefinition]

  /// The event by which a row left the log by its age; nil if it did not.
  func pruning(of row: Seq) throws(StoreError) -> Seq?
}

extension LogReading {
  package func pruning(of row: Seq) throws(StoreError) -> Seq? { nil }
}

/// A row as stored: the body is its canonical JSON text.
package struct LogRow: Sendable, Equatable {
  package var seq: Seq
  package var epoch: Int64
  package var at: Instant
  package var caseID: CaseID?
  package var kind: String
  package var version: Int
  package var body: [UInt8]
  /// 32 bytes.
  package var hash: [UInt8]

  package init(
    seq: Seq, epoch: Int64, at: Instant, caseID: CaseID?, kind: String, version: Int,
    body: [UInt8], hash: [UInt8]
  ) {
    self.seq = seq
    self.epoch = epoch
    self.at = at
    self.caseID = caseID
    self.kind = kind
    self.version = version
    self.body = body
    self.hash = hash
  }
}

/// Which rows; all parts must hold.
package struct RowQuery: Sendable, Equatable {
  /// Only rows behind this one.
  package var after: Seq
  package var caseID: CaseID?
  package var kinds: [String]
  package var isNewestFirst: Bool

  package init(
    after: Seq = Seq(0), caseID: CaseID? = nil, kinds: [String] = [], isNewestFirst: Bool = false
  ) {
    self.after = after
    self.caseID = caseID
    self.kinds = kinds
    self.isNewestFirst = isNewestFirst
  }
}

package struct CaseQuery: Sendable, Equatable {
  package enum Status: String, Sendable, CaseIterable {
    case open, completed, cancelled, terminated, erased
  }

  package var workflow: WorkflowName?
  package var status: Status?
  package var businessKey: String?

  package init(
    workflow: WorkflowName? = nil, status: Status? = nil, businessKey: String? = nil
  ) {
    self.workflow = workflow
    self.status = status
    self.businessKey = businessKey
  }
}

package struct CaseRow: Sendable, Equatable {
  package var id: CaseID
  package var workflow: WorkflowName
  /// The registration it began under.
  package var version: DefinitionID
  package var businessKey: String?
  package var status: CaseQuery.Status
  package var opened: Instant
  package var closed: Instant?
  /// End place to number of tokens, by name; empty while open.
  package var endedIn: [EndCount]
  package var lastSeq: Seq

  package init(
    id: CaseID, workflow: WorkflowName, version: DefinitionID, businessKey: String?,
    status: CaseQuery.Status, opened: Instant, closed: Instant?, endedIn: [EndCount], lastSeq: Seq
  ) {
    self.id = id
    self.workflow = workflow
    self.version = version
    self.businessKey = businessKey
    self.status = status
    self.opened = opened
    self.closed = closed
    self.endedIn = endedIn
    self.lastSeq = lastSeq
  }
}
