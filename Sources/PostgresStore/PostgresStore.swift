#if Postgres
  package import Engine
  package import Orchestration
  package import Record

  /// One shard's log in PostgreSQL, owned by this process (LOG §7, §8).
  ///
  /// The rows, leaves and checkpoints are those that a file would have. Keys stay in a keys file: a
  /// table's row that is written over stays in the server's pages, WAL and backups, so that no key in
  /// it is ever shredded. All calls come from one thread. After a failure it answers nothing but
  /// refusals: close it, open it anew and fold.
  package final class PostgresStore: EventStore {
    /// What opening needs.
    package struct Options: Sendable {
      /// As libpq takes it; may hold a password and is never told.
      package var connection: String
      /// Where the tables are; made if need be.
      package var schema = "petrel"
      package var shard: Int64 = 0
      package var keysFile: String
      package var kek: KeyEncryptionKey
      package var keySource: KeySource = .random
      /// Host part of the origin; at creation only.
      package var host: String
      /// 8 bytes; at creation only. Random if nil.
      package var logID: [UInt8]?
      /// Wall clock, for `created_at` at creation.
      package var now: Instant
      /// Signs the checkpoints; nil: what `petrel.signer` beside the keys file holds.
      package var signer: SigningSeed?
      /// Where checkpoints are written down; nil: `petrel.anchors` beside the keys file.
      package var anchors: String?
      /// Takes the line of each checkpoint, and what went wrong with the anchors.
      package var announceCheckpoint: (@Sendable (String) -> Void)?
      /// A log to which nothing is appended for so long is signed to its last row.
      package var restNanoseconds: UInt64 = 1_000_000_000
      /// So long a connection that was lost is sought again before whether a group was written is
      /// left open.
      package var secondsToReconnect = 10
      /// What was opened with these options before: taken for this process's own.
      let last = LastSession()

      package init(
        connection: String, keysFile: String, kek: KeyEncryptionKey, host: String = "localhost",
        now: Instant
      ) {
        self.connection = connection
        self.keysFile = keysFile
        self.kek = kek
        self.host = host
        self.now = now
      }
    }

    let options: Options
    /// Holds the lock; nil once closed.
    var session: OwnerSession?
    var writer: LogWriter
    var signing: Signing
    /// Entries of request slots up to this one are being taken away.
    var slotExpiring: Int64?
    var isBroken = false

    init(options: Options, session: OwnerSession, writer: LogWriter, signing: Signing) {
      self.options = options
      self.session = session
      self.writer = writer
      self.signing = signing
    }

    package var identity: LogIdentity { writer.identity }

    /// Names the place where the service answers in the server's list of sessions.
    package func announce(url: String) {
      let name = PostgresValue.text("petrel at \(url)")
      _ = try? session?.connection.run("SELECT set_config('application_name',$1,false)", [name])
    }

    package func close() {
      guard session != nil else { return }
      if !isBroken, signing.canSignAlone(last: writer.last.seq) { try? signNow() }
      isBroken = true
      writer.keys.rest()
      // The server gives the lock up with the session.
      session = nil
    }

    /// Runs `body` on the owner's connection.
    func using<Result>(
      _ operation: String,
      _ body: (PostgresConnection) throws(PostgresFailure) -> Result
    ) throws(StoreError) -> Result {
      guard let session else { throw .broken }
      do throws(PostgresFailure) {
        return try body(session.connection)
      } catch {
        throw error.refusal(operation)
      }
    }

    /// Asked also while the writer is at work.
    var shard: PostgresValue { .int(options.shard) }
  }
#endif
