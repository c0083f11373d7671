package import CEL
package import Engine
package import PetriNet

/// The log. One owner, one writer: every call comes from the engine's thread.
///
/// Filled by SQLite and by memory, under one contract suite.
package protocol EventStore: AnyObject {
  /// What the log says of itself.
  var identity: LogIdentity { get }

  /// Reads all rows in order; called once, before anything is appended.
  ///
  /// Values come as canonical text (`Cargo.text`).
  func fold(_ body: (LoggedEvent) throws -> Void) throws(StoreError)

  /// The texts of the definitions registered in the log.
  func definitions() throws(StoreError) -> [StoredDefinition]

  /// Personal fields sealed at `reference` under key `key`; nil if erased.
  func open(_ reference: SealReference, key: Int64) throws(StoreError) -> [UInt8]?

  /// Appends a group in one transaction: all or nothing, on disk when it returns.
  ///
  /// Encodes, seals and hashes; rows, payloads, request keys, definitions and new kinds go together.
  func append(_ group: AppendGroup) throws(StoreError)

  /// The row that a request led to, if it was seen within the last 24 h.
  func request(_ identity: RequestIdentity) throws(StoreError) -> SeenRequest?

  /// Hashes an idempotency key for the slot of `at`; makes no row.
  func identify(route: String, by: Subject, key: [UInt8], body: [UInt8]?, at: Instant)
    throws(StoreError) -> RequestIdentity?

  /// One row, as it was logged.
  func event(at seq: Seq) throws(StoreError) -> LoggedEvent?

  /// Releases the file and its lock.
  func close()
}

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

  package init(events: [LoggedEvent], definitions: [StoredDefinition] = []) {
    self.events = events
    self.definitions = definitions
  }
}

package enum SeenRequest: Sendable {
  /// The same key with the same body led to this row.
  case same(LoggedEvent)
  /// The key was used with another body.
  case otherBody
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
