package import CEL
package import Engine
package import PetriNet

/// The log. One owner, one writer: every call comes from the engine's thread.
///
/// Filled by SQLite and by memory, under one contract suite.
package protocol EventStore: SnapshotKeeping {
  /// What the log says of itself.
  var identity: LogIdentity { get }

  /// Reads the rows behind the restored snapshot in order, or all of them; called once, before anything
  /// is appended.
  ///
  /// Values come as canonical text (`Cargo.text`).
  func fold(_ body: (LoggedEvent) throws -> Void) throws(StoreError)

  /// The texts of the definitions registered in the log.
  func definitions() throws(StoreError) -> [StoredDefinition]

  /// Plaintext of the payload sealed at `reference`; nil if its key was shredded.
  func open(_ reference: SealReference) throws(StoreError) -> [UInt8]?

  /// The value of `colour` that canonical text holds (`Cargo.text`), its sealed parts opened.
  ///
  /// Parts whose key was shredded are `.erased`; records keep their seal.
  func value(of text: [UInt8], in colour: ColourSet) throws(StoreError) -> Value

  /// Says with which events the next group begins, behind those said since the last `append`.
  ///
  /// The store may write them on another thread meanwhile, or do nothing: they are not in the log
  /// before `append` returns, whose group holds them too, and what goes wrong is told there.
  func prepare(_ events: [LoggedEvent])

  /// Appends a group in one transaction: all or nothing, on disk when it returns.
  ///
  /// Encodes, seals and hashes; rows, payloads, request keys, definitions and new kinds go together.
  /// After an error nothing more is accepted: close, open anew and fold.
  func append(_ group: AppendGroup) throws(StoreError)

  /// Called about once a second while nothing is appended: a store that signs its rows may sign the
  /// last ones now. The record is the same before and after.
  func settle() throws(StoreError)

  /// Shreds keys and takes what is sealed under them out of the file; on disk when it returns. Doing
  /// it again changes nothing.
  ///
  /// - Precondition: A row of the log says so, and nothing is being gathered.
  func erase(_ keys: [Int64]) throws(StoreError)

  /// Does one slice of what the ages of rows ask for, or says which row it needs first (LOG §5).
  ///
  /// Called between groups until it says `done`; a plan of another pass begins anew.
  func retire(_ plan: RetirementPlan) throws(StoreError) -> RetirementStep

  /// Writes something small, syncs it and takes it away again: whether a group has a chance.
  func probe() throws(StoreError)

  /// What an idempotency key is in the log at `at`, and whether it was seen within the last 24 h.
  ///
  /// Nil until a `requestSlotOpened` for the slot of `at` is appended. Knows rows that are appended,
  /// not those of a group being gathered: within one the caller compares identities.
  func identify(_ request: RequestKey, at: Instant) throws(StoreError) -> IdentifiedRequest?

  /// One row, as it was logged.
  func event(at seq: Seq) throws(StoreError) -> LoggedEvent?

  /// Bytes on disk that wait to be moved to where the log is read from: of SQLite the WAL.
  var bytesAhead: Int64 { get }

  /// Says beside the log where its owner answers, for those who find it held.
  func announce(url: String)

  /// Releases the file and its lock.
  func close()
}

extension EventStore {
  package func settle() throws(StoreError) {
    // What is signed by nobody is settled.
  }

  package func prepare(_ events: [LoggedEvent]) {}

  /// A store that keeps everything has nothing to do.
  package func retire(_ plan: RetirementPlan) throws(StoreError) -> RetirementStep { .done }

  package var bytesAhead: Int64 { 0 }
  package func announce(url: String) {}
}

/// A log and its last row.
package struct LogIdentity: Sendable, Equatable {
  /// `<host>/<log id, 16 hex>/<shard>`.
  package var origin: String
  package var shard: Int64
  package var lastSeq: Seq
  package var lastAt: Instant
  package var epoch: Int64

  package init(origin: String, shard: Int64, lastSeq: Seq, lastAt: Instant, epoch: Int64) {
    self.origin = origin
    self.shard = shard
    self.lastSeq = lastSeq
    self.lastAt = lastAt
    self.epoch = epoch
  }
}

package struct StoredDefinition: Sendable, Equatable {
  package var id: DefinitionID
  package var kind: DefinitionKind
  package var name: String
  /// 32 bytes.
  package var hash: [UInt8]
  package var text: [UInt8]

  package init(id: DefinitionID, kind: DefinitionKind, name: String, hash: [UInt8], text: [UInt8]) {
    self.id = id
    self.kind = kind
    self.name = name
    self.hash = hash
    self.text = text
  }
}

/// What one transaction writes.
package struct AppendGroup: Sendable {
  package var events: [LoggedEvent]
  /// Texts of the definitions that `events` register, by their row.
  package var definitions: [StoredDefinition]
  /// Rows that leave in this transaction; a `logPruned` of `events` says so.
  package var retiring: RetiringRows?

  package init(
    events: [LoggedEvent], definitions: [StoredDefinition] = [], retiring: RetiringRows? = nil
  ) {
    self.events = events
    self.definitions = definitions
    self.retiring = retiring
  }
}

/// A client's idempotency key, as it came.
package struct RequestKey: Sendable, Hashable {
  package var route: String
  package var by: Subject
  package var key: [UInt8]
  /// Canonical bytes of the request, if the same key with another body is to be told apart.
  package var body: [UInt8]?

  package init(route: String, by: Subject, key: [UInt8], body: [UInt8]? = nil) {
    self.route = route
    self.by = by
    self.key = key
    self.body = body
  }
}

package struct IdentifiedRequest: Sendable {
  /// What the row of a new request carries.
  package var identity: RequestIdentity
  /// What came of the key before.
  package var seen: SeenRequest?

  package init(identity: RequestIdentity, seen: SeenRequest? = nil) {
    self.identity = identity
    self.seen = seen
  }
}

package enum SeenRequest: Sendable {
  /// The same key with the same body led to this row.
  case same(LoggedEvent)
  /// The key was used with another body.
  case otherBody
  /// The row to which the key led has left by age.
  case pruned
}

extension RequestIdentity {
  /// Slots are six hours of the engine's time.
  package static let slotMicroseconds: Int64 = 6 * 3600 * 1_000_000
  /// A key is looked for in so many slots, the current one included: at least 24 h.
  package static let slotsLookedAt: Int64 = 5

  /// The number of the slot that holds `at`.
  package static func slot(of at: Instant) -> Int64 {
    let quotient = at.microseconds / slotMicroseconds
    return at.microseconds % slotMicroseconds < 0 ? quotient - 1 : quotient
  }
}

/// Why the log could not be read or written (LOG §7). Never holds contents.
package struct StoreError: Error, Equatable, Sendable {
  package enum Kind: String, Sendable {
    /// Nothing was written; memory must be folded anew.
    case failed
    /// Whether it was written is unknown: the process must end.
    case unknown
    /// Another owner has written: stop.
    case fenced
    /// The file is held by another process.
    case held
    /// Full disk: nothing was written.
    case full
    /// The file, or a row of it, is not what this version can read.
    case unreadable
    case keyMissing
  }

  package var kind: Kind
  /// Stable code, `S101`.
  package var code: String
  package var message: String

  package init(_ kind: Kind, code: String, _ message: String) {
    self.kind = kind
    self.code = code
    self.message = message
  }
}
