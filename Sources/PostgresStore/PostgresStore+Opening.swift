#if Postgres
  internal import Engine
  internal import Foundation
  package import Orchestration
  internal import Record

  extension PostgresStore {
    /// Opens the log, or makes it; takes its lock.
    ///
    /// - Throws: `held` while another session owns it.
    package static func open(_ options: Options) throws(StoreError) -> PostgresStore {
      let session = try OwnerSession(options)
      let connection = session.connection
      let (meta, kinds, last) = try settled(connection, options)
      let keys = try KeysFile.ofLog(
        path: options.keysFile, logID: meta.logID, kek: options.kek, source: options.keySource,
        hasRows: last != nil)
      let signing = try signing(connection, options, meta, last)
      var writer = LogWriter(origin: meta.origin, shard: meta.shard, keys: keys, last: last)
      writer.kinds = kinds
      return PostgresStore(options: options, session: session, writer: writer, signing: signing)
    }

    private static func settled(
      _ connection: PostgresConnection, _ options: Options
    ) throws(StoreError) -> (LogMeta, Set<EventKind>, LogWriter.Last?) {
      do throws(PostgresFailure) {
        if try !hasTables(connection, options) { try create(connection, options) }
        if try values(connection, options.shard).isEmpty { try begin(connection, options) }
      } catch {
        throw error.refusal("making the log")
      }
      let meta = try meta(connection, options.shard)
      do throws(PostgresFailure) {
        try connection.script("BEGIN; \(PostgresSchema.derived); COMMIT")
      } catch {
        throw error.refusal("putting the views back")
      }
      return (meta, try kinds(connection, options.shard), try lastRow(connection, options.shard))
    }

    private static func hasTables(
      _ connection: PostgresConnection, _ options: Options
    ) throws(PostgresFailure) -> Bool {
      let found = try connection.run(
        "SELECT 1::bigint FROM pg_tables WHERE schemaname=$1 AND tablename='meta'",
        [.text(options.schema)])
      return found.count > 0
    }

    /// All tables or none.
    private static func create(
      _ connection: PostgresConnection, _ options: Options
    ) throws(PostgresFailure) {
      do throws(PostgresFailure) {
        try connection.script("BEGIN; \(PostgresSchema.tables); COMMIT")
      } catch {
        if connection.isInTransaction { try connection.script("ROLLBACK") }
        throw error
      }
    }

    private static func begin(
      _ connection: PostgresConnection, _ options: Options
    ) throws(PostgresFailure) {
      let made = LogMeta(host: options.host, id: options.logID, shard: options.shard)
      let values = [
        ("origin", made.origin), ("log_id", Hexadecimal.text(made.logID)),
        ("shard", "\(made.shard)"), ("format", "\(PostgresSchema.format)"),
        ("created_at", "\(options.now.microseconds)"), ("encryption", "on"),
      ]
      try connection.run(
        "INSERT INTO meta SELECT $1::int,* FROM unnest($2::text[],$3::text[])",
        [
          .int(options.shard), .texts(values.map { Array($0.0.utf8) }),
          .texts(values.map { Array($0.1.utf8) }),
        ])
    }

    static func values(
      _ connection: PostgresConnection, _ shard: Int64
    ) throws(PostgresFailure) -> [String: String] {
      let rows = try connection.run(
        "SELECT name, value FROM meta WHERE shard=$1::int", [.int(shard)])
      var values: [String: String] = [:]
      for row in 0..<rows.count { values[rows.text(row, 0)] = rows.text(row, 1) }
      return values
    }

    /// What the log says of itself; refuses one of a newer format.
    static func meta(
      _ connection: PostgresConnection, _ shard: Int64
    ) throws(StoreError) -> LogMeta {
      let values: [String: String]
      do throws(PostgresFailure) {
        values = try Self.values(connection, shard)
      } catch {
        throw error.refusal("reading meta")
      }
      let format = values["format"].flatMap { Int64($0) } ?? .max
      guard format <= PostgresSchema.format else {
        throw StoreError(
          .unreadable, code: "S103",
          "the log has format \(format); this version of Petrel knows up to "
            + "\(PostgresSchema.format). Use the version that wrote it, or a newer one")
      }
      return try LogMeta(
        origin: values["origin"], logID: values["log_id"],
        shard: values["shard"].flatMap { Int64($0) }, encryption: values["encryption"])
    }

    private static func kinds(
      _ connection: PostgresConnection, _ shard: Int64
    ) throws(StoreError) -> Set<EventKind> {
      let rows: PostgresRows
      do throws(PostgresFailure) {
        rows = try connection.run(
          """
          SELECT kind, version::bigint, first_seq FROM event_kind WHERE shard=$1::int
          ORDER BY first_seq
          """, [.int(shard)])
      } catch {
        throw error.refusal("reading the kinds")
      }
      var kinds: Set<EventKind> = []
      for row in 0..<rows.count {
        let kind = rows.text(row, 0)
        try EventKind.require(kind, version: Int(rows.int(row, 1)), firstSeq: rows.int(row, 2))
        if let kind = EventKind(rawValue: kind) { kinds.insert(kind) }
      }
      return kinds
    }

    static func lastRow(
      _ connection: PostgresConnection, _ shard: Int64
    ) throws(StoreError) -> LogWriter.Last? {
      let rows: PostgresRows
      do throws(PostgresFailure) {
        rows = try connection.run(
          "SELECT seq,at,epoch,hash FROM log WHERE shard=$1::int ORDER BY seq DESC LIMIT 1",
          [.int(shard)])
      } catch {
        throw error.refusal("reading the last row")
      }
      guard rows.count > 0 else { return nil }
      guard let hash = Hash256(rows.bytes(0, 3)) else {
        throw StoreError(.unreadable, code: "S106", "the last row has no hash")
      }
      return LogWriter.Last(
        seq: rows.int(0, 0), at: rows.int(0, 1), epoch: rows.int(0, 2), hash: hash)
    }
  }

  extension PostgresStore {
    /// The key that signs, and the checkpoints so far; refuses a log that does not hold its last
    /// anchor, and a key that is not the log's.
    private static func signing(
      _ connection: PostgresConnection, _ options: Options, _ meta: LogMeta,
      _ last: LogWriter.Last?
    ) throws(StoreError) -> Signing {
      let folder = URL(fileURLWithPath: options.keysFile).deletingLastPathComponent()
      let anchors = AnchorFile(path: options.anchors ?? AnchorFile.path(beside: options.keysFile))
      func read<Result>(
        _ body: () throws(PostgresFailure) -> Result
      ) throws(StoreError) -> Result {
        do throws(PostgresFailure) {
          return try body()
        } catch {
          throw error.refusal("reading the checkpoints")
        }
      }
      let shard = PostgresValue.int(options.shard)
      let inForce = try read { () throws(PostgresFailure) in
        try verifier(connection, options.shard)
      }
      let key = try Signing.key(
        given: options.signer, file: folder.appendingPathComponent("petrel.signer").path,
        inForce: inForce, origin: meta.origin)
      if inForce == nil {
        _ = try read { () throws(PostgresFailure) in
          try connection.run(
            "INSERT INTO meta(shard,name,value) VALUES($1::int,'verifier_key',$2)",
            [shard, .text(key.verifier)])
        }
      }
      try anchors.requireLast(of: meta.origin, inLogEndingAt: last?.seq ?? 0) {
        (size) throws(StoreError) in
        let rows = try read { () throws(PostgresFailure) in
          try connection.run(
            "SELECT root FROM checkpoint WHERE shard=$1::int AND size=$2", [shard, .int(size)])
        }
        return rows.count > 0 ? Hash256(rows.bytes(0, 0)) : nil
      }
      let newest = try read { () throws(PostgresFailure) in
        try connection.run(
          "SELECT size,at FROM checkpoint WHERE shard=$1::int ORDER BY size DESC LIMIT 1", [shard])
      }
      return Signing(
        series: CheckpointSeries(
          origin: meta.origin, key: key,
          last: newest.count > 0 ? (newest.int(0, 0), newest.int(0, 1)) : nil),
        anchors: anchors, announce: options.announceCheckpoint, rest: options.restNanoseconds)
    }

    /// The verifier key of the signing key in force; nil in a log that was never signed.
    private static func verifier(
      _ connection: PostgresConnection, _ shard: Int64
    ) throws(PostgresFailure) -> String? {
      let changed = try connection.run(
        """
        SELECT body::json->>'new' FROM log WHERE shard=$1::int AND kind='signingKeyChanged'
          AND seq>=(SELECT first_seq FROM event_kind WHERE shard=$1::int
            AND kind='signingKeyChanged')
        ORDER BY seq DESC LIMIT 1
        """, [.int(shard)])
      if changed.count > 0 { return changed.text(0, 0) }
      return try values(connection, shard)["verifier_key"]
    }
  }
#endif
