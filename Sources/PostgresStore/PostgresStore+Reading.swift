#if Postgres
  package import CEL
  package import Engine
  package import Orchestration
  package import PetriNet
  internal import Record

  extension PostgresStore {
    /// So many rows are read at once; `body` of `fold` runs between.
    private static let batch = 4096

    package func fold(_ body: (LoggedEvent) throws -> Void) throws(StoreError) {
      var after: Int64 = 0
      while true {
        let rows = try rows(after: after, limit: Self.batch)
        for row in rows {
          let event = try named(row) { (row) throws(StoreError) in try LoggedEvent(row) }
          try writer.note(event)
          writer.beginGroup()
          signing.addLeaf(of: row)
          try named(row) { (row) throws(StoreError) in
            do {
              try body(event)
            } catch {
              throw StoreError.unfolded(row.seq, row.kind, error)
            }
          }
        }
        guard rows.count == Self.batch, let last = rows.last else { break }
        after = last.seq.number
      }
      slotExpiring = try writer.shredClosedSlots()
      let census = try writer.keys.census()
      try writer.shredKeysGone(census)
      let missing = writer.keysMissing(of: census)
      if !missing.isEmpty { throw .keysMissing(missing, ofCases: try cases(of: missing)) }
    }

    /// Adds to a refusal which program wrote the row.
    private func named<Result>(
      _ row: LogRow, _ body: (LogRow) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
      do throws(StoreError) {
        return try body(row)
      } catch {
        guard error.kind == .unreadable else { throw error }
        let found = try? using("reading the log") { (connection) throws(PostgresFailure) in
          try connection.run(
            """
            SELECT body::json->>'binary' FROM log
            WHERE shard=$1::int AND kind='ownerStarted' AND seq<=$2 ORDER BY seq DESC LIMIT 1
            """, [self.shard, .int(row.seq.number)])
        }
        guard let found, found.count > 0 else { throw error }
        throw StoreError(
          error.kind, code: error.code, error.message + " (written by \(found.text(0, 0)))")
      }
    }

    private func cases(of keys: [Int64]) throws(StoreError) -> [Int64] {
      let rows = try using("looking cases up by their keys") {
        (connection) throws(PostgresFailure) in
        try connection.run(
          """
          SELECT case_no FROM log WHERE shard=$1::int AND kind='caseOpened'
            AND petrel_int(body,'key')=ANY($2::bigint[]) ORDER BY case_no
          """, [self.shard, .ints(keys)])
      }
      return (0..<rows.count).map { rows.int($0, 0) }
    }

    private func rows(after: Int64, limit: Int) throws(StoreError) -> [LogRow] {
      try using("reading the log") { (connection) throws(PostgresFailure) in
        try connection.run(
          PostgresReader.columns + " WHERE shard=$1::int AND seq>$2 ORDER BY seq LIMIT $3",
          [self.shard, .int(after), .int(Int64(limit))]
        ).logRows
      }
    }

    package func event(at seq: Seq) throws(StoreError) -> LoggedEvent? {
      guard let row = try rows(after: seq.number - 1, limit: 1).first, row.seq == seq else {
        return nil
      }
      return try LoggedEvent(row)
    }

    package func definitions() throws(StoreError) -> [StoredDefinition] {
      let rows = try using("reading the definitions") { (connection) throws(PostgresFailure) in
        try connection.run(PostgresReader.definitions, [self.shard])
      }
      return try rows.definitions()
    }

    package func open(_ reference: SealReference) throws(StoreError) -> [UInt8]? {
      let found = try using("reading a payload") { (connection) throws(PostgresFailure) in
        try connection.run(
          PostgresReader.payload,
          [self.shard, .int(reference.seq), .int(Int64(reference.index))])
      }
      guard found.count > 0 else {
        try requireShredded(reference)
        return nil
      }
      guard let commitment = Hash256(found.bytes(0, 2)),
        case .present(let key) = try writer.keys.key(found.int(0, 0))
      else { return nil }
      return try Sealing.open(
        found.bytes(0, 1), commitment: commitment, under: key, shard: writer.shard,
        seq: reference.seq, index: reference.index)
    }

    /// Allows a payload that a row sealed to be gone only where its key was shredded.
    private func requireShredded(_ reference: SealReference) throws(StoreError) {
      let found = try using("looking the key of a payload up") {
        (connection) throws(PostgresFailure) in
        try connection.run(
          """
          SELECT coalesce((SELECT petrel_int(o.body,'key') FROM log o
            WHERE o.shard=l.shard AND o.seq=l.case_no), petrel_int(l.body,'key'))
          FROM log l WHERE l.shard=$1::int AND l.seq=$2 AND length(l.sealed)>$3*32
          """, [self.shard, .int(reference.seq), .int(Int64(reference.index))])
      }
      // The row sealed nothing there.
      guard found.count > 0 else { return }
      if let number = found.intIfAny(0, 0), case .shredded = try writer.keys.key(number) { return }
      throw StoreError(
        .unreadable, code: "S106",
        "the payload \(reference.seq).\(reference.index) is missing and no event says that it left")
    }

    package func value(of text: [UInt8], in colour: ColourSet) throws(StoreError) -> Value {
      try StoreError.reading {
        try ValueText.value(
          of: text, in: colour,
          sources: ValueText.Sources(
            personal: { try self.open($0) }, blob: { try self.blob($0) }))
      }
    }

    private func blob(_ digest: [UInt8]) throws(StoreError) -> [UInt8]? {
      let found = try using("reading a blob") { (connection) throws(PostgresFailure) in
        try connection.run(
          "SELECT bytes FROM blob WHERE shard=$1::int AND hash=$2", [self.shard, .blob(digest)])
      }
      return found.count > 0 ? found.bytes(0, 0) : nil
    }

    package func identify(
      _ request: RequestKey, at: Instant
    ) throws(StoreError) -> IdentifiedRequest? {
      guard let candidates = try writer.candidates(for: request, at: at) else { return nil }
      let identity = RequestIdentity(slot: candidates[0].slot, bytes: candidates[0].bytes)
      for candidate in candidates {
        let found = try using("looking a request up") { (connection) throws(PostgresFailure) in
          try connection.run(
            "SELECT seq FROM request WHERE shard=$1::int AND slot=$2 AND key=$3",
            [self.shard, .int(candidate.slot), .blob(Array(candidate.bytes.prefix(16)))])
        }
        if found.count > 0, let event = try event(at: Seq(found.int(0, 0))) {
          return IdentifiedRequest(identity: identity, seen: LogWriter.seen(candidate, event))
        }
      }
      return IdentifiedRequest(identity: identity)
    }
  }
#endif
