#if Postgres
  package import Engine
  package import Orchestration
  package import Record
  internal import Synchronization

  /// Reads a log in PostgreSQL beside its owner. Never writes.
  ///
  /// Any number of threads, one after another. A connection that was lost is made anew by the next
  /// call.
  package final class PostgresReader: LogReading {
    private struct State: ~Copyable {
      var connection: PostgresConnection?
    }

    package let origin: String
    package let shard: Int64
    private let conninfo: String
    private let schema: String
    private let keys: KeysFile?
    private let state: Mutex<State>

    /// - Parameter keys: The keys file and what opens it; without it personal parts stay sealed.
    package init(
      connection conninfo: String, schema: String = "petrel", shard: Int64 = 0,
      keys: (file: String, kek: KeyEncryptionKey)? = nil
    ) throws(StoreError) {
      self.conninfo = conninfo
      self.schema = schema
      self.shard = shard
      let connection: PostgresConnection
      do throws(PostgresFailure) {
        connection = try Self.connect(conninfo, schema)
      } catch {
        throw error.refusal("opening the database for reading")
      }
      let meta = try PostgresStore.meta(connection, shard)
      origin = meta.origin
      self.keys = try keys.map { (keys) throws(StoreError) in
        try KeysFile.open(path: keys.file, logID: meta.logID, kek: keys.kek, isReadOnly: true)
      }
      state = Mutex(State(connection: nil))
    }

    private static func connect(
      _ conninfo: String, _ schema: String
    ) throws(PostgresFailure) -> PostgresConnection {
      let connection = try PostgresConnection(conninfo)
      try connection.script(
        """
        SET search_path TO \(OwnerSession.quoted(schema)); SET default_transaction_read_only TO on
        """)
      return connection
    }

    /// Another connection, as this reader's own.
    func connect() throws(PostgresFailure) -> PostgresConnection {
      try Self.connect(conninfo, schema)
    }

    /// Runs a statement that reads, which nobody else does meanwhile.
    func rows(
      _ operation: String, _ sql: String, _ parameters: [PostgresValue]
    ) throws(StoreError) -> Answer {
      try state.withLock { (state) throws(StoreError) in
        do throws(PostgresFailure) {
          if state.connection?.isLost ?? true {
            state.connection = try Self.connect(conninfo, schema)
          }
          guard let connection = state.connection else { throw PostgresFailure.gone }
          return Answer(rows: try connection.run(sql, parameters))
        } catch {
          throw error.refusal(operation)
        }
      }
    }

    /// `@unchecked Sendable`: what a statement gave is read by the thread that asked for it only.
    struct Answer: @unchecked Sendable {
      let rows: PostgresRows
    }

    static let columns = """
      SELECT seq,epoch,at,case_no,kind,version::bigint,body,hash FROM log
      """
    static let definitions = """
      SELECT seq,kind,name,hash,text FROM definition WHERE shard=$1::int ORDER BY seq
      """
    static let payload = """
      SELECT p.key_no, p.box, substr(l.sealed,($3*32+1)::int,32) FROM payload p
      JOIN log l ON l.shard=p.shard AND l.seq=p.seq WHERE p.shard=$1::int AND p.seq=$2 AND p.i=$3
      """

    package func head() throws(StoreError) -> (seq: Seq, at: Instant) {
      let found = try rows(
        "reading the head", "SELECT seq,at FROM log WHERE shard=$1::int ORDER BY seq DESC LIMIT 1",
        [.int(shard)]
      ).rows
      guard found.count > 0 else { return (Seq(0), Instant(microseconds: 0)) }
      return (Seq(found.int(0, 0)), Instant(microseconds: found.int(0, 1)))
    }

    package func rows(_ query: RowQuery, limit: Int) throws(StoreError) -> [LogRow] {
      var sql = Self.columns + " WHERE shard=$1::int AND seq>$2"
      var parameters: [PostgresValue] = [.int(shard), .int(query.after.number)]
      if let id = query.caseID {
        parameters.append(.int(id.seq.number))
        sql += " AND case_no=$\(parameters.count)"
      }
      if !query.kinds.isEmpty {
        parameters.append(.texts(query.kinds.map { Array($0.utf8) }))
        sql += " AND kind=ANY($\(parameters.count)::text[])"
      }
      parameters.append(.int(Int64(limit)))
      sql += " ORDER BY seq\(query.isNewestFirst ? " DESC" : "") LIMIT $\(parameters.count)"
      return try rows("reading the log", sql, parameters).rows.logRows
    }

    package func payload(seq: Seq, index: Int32) throws(StoreError) -> [UInt8]? {
      guard let keys else { return nil }
      let found = try rows(
        "reading a payload", Self.payload, [.int(shard), .int(seq.number), .int(Int64(index))]
      ).rows
      guard found.count > 0, let commitment = Hash256(found.bytes(0, 2)),
        case .present(let key) = try keys.key(found.int(0, 0))
      else { return nil }
      return try Sealing.open(
        found.bytes(0, 1), commitment: commitment, under: key, shard: shard, seq: seq.number,
        index: index)
    }

    package func definitions() throws(StoreError) -> [StoredDefinition] {
      try rows("reading the definitions", Self.definitions, [.int(shard)]).rows.definitions()
    }

    /// Runs one statement that reads: each field as its text, nil for NULL.
    package func query(_ sql: String) throws(StoreError) -> [[String?]] {
      let rows = try rows("the query", sql, []).rows
      return (0..<rows.count).map { row in
        (0..<rows.columns).map { rows.textIfAny(row, $0) }
      }
    }
  }

  extension PostgresFailure {
    static let gone = PostgresFailure(
      state: "", message: "the connection is gone", table: "", isLost: true)
  }

  extension PostgresRows {
    /// Of `PostgresReader.columns`.
    var logRows: [LogRow] {
      (0..<count).map { row in
        LogRow(
          seq: Seq(int(row, 0)), epoch: int(row, 1), at: Instant(microseconds: int(row, 2)),
          caseID: intIfAny(row, 3).map { CaseID(Seq($0)) }, kind: text(row, 4),
          version: Int(int(row, 5)), body: bytes(row, 6), hash: bytes(row, 7))
      }
    }

    /// Of `PostgresReader.definitions`.
    func definitions() throws(StoreError) -> [StoredDefinition] {
      var definitions: [StoredDefinition] = []
      for row in 0..<count {
        guard let kind = DefinitionKind(rawValue: text(row, 1)) else {
          throw StoreError(
            .unreadable, code: "S105",
            "definition \(int(row, 0)) is of a kind that this version does not know")
        }
        definitions.append(
          StoredDefinition(
            id: DefinitionID(Seq(int(row, 0))), kind: kind, name: text(row, 2),
            hash: bytes(row, 3), text: bytes(row, 4)))
      }
      return definitions
    }
  }
#endif
