#if Postgres
  internal import Engine
  internal import Foundation
  package import Orchestration
  internal import Record

  extension PostgresStore {
    package func append(_ group: AppendGroup) throws(StoreError) {
      guard !isBroken else { throw .broken }
      guard !group.events.isEmpty || !group.definitions.isEmpty else { return }
      do throws(StoreError) {
        try write(group)
      } catch {
        isBroken = true
        throw error
      }
      signing.noteAppend()
      signing.publish()
      if !writer.keysOfClosedSlots.isEmpty {
        slotExpiring = writer.slotClosed
        for key in writer.keysOfClosedSlots { try writer.keys.shred(key) }
        writer.keysOfClosedSlots = []
      }
    }

    private func write(_ group: AppendGroup) throws(StoreError) {
      writer.beginGroup()
      try completeTree()
      var rows = GroupRows()
      for event in group.events {
        let record = try writer.record(event) { (id) throws(StoreError) in
          try self.keyNumber(of: id)
        }
        signing.series.add(record.hash)
        rows.add(record, known: writer.kinds)
      }
      let entry = signing.isHeld ? nil : signing.series.entry(at: writer.last.at)
      try transaction("appending", proof: .lastRow) { (connection) throws(PostgresFailure) in
        try rows.insert(connection, self.shard)
        for definition in group.definitions { try self.insert(definition, connection) }
        if let slot = self.slotExpiring { try self.expire(slot, connection) }
        if let entry { try self.insert(entry, connection) }
      }
      signing.signed = entry ?? signing.signed
      for new in rows.kinds { writer.kinds.insert(new.kind) }
    }

    /// A transaction around `body`. When it returns, its rows are on the server's disk.
    ///
    /// A connection that is lost at COMMIT leaves open what was written: `proof` is then read back
    /// under the lock, which nobody has while the lost session may still commit.
    private func transaction(
      _ operation: String, proof: Proof,
      _ body: (PostgresConnection) throws(PostgresFailure) -> Void
    ) throws(StoreError) {
      guard let connection = session?.connection else { throw .broken }
      do throws(PostgresFailure) {
        try connection.script("BEGIN")
        try body(connection)
      } catch {
        if !connection.isLost { try? connection.script("ROLLBACK") }
        if error.state == PostgresFailure.isTaken, error.table.utf8.elementsEqual("log".utf8) {
          throw .fenced(writer.last.seq)
        }
        throw error.refusal(operation)
      }
      do throws(PostgresFailure) {
        try connection.script("COMMIT")
      } catch {
        try readBack(proof, after: error.refusal("committing"))
      }
    }

    /// What is in the log if a transaction was committed.
    private enum Proof {
      case lastRow
      case checkpoint(CheckpointSeries.Entry)
    }

    /// Finds out whether the last transaction was committed, and goes on if it was.
    ///
    /// - Throws: `problem` if it was not; `fenced` if another owner wrote in its place.
    private func readBack(_ proof: Proof, after problem: StoreError) throws(StoreError) {
      let (sql, place, hash): (String, Int64, Hash256) =
        switch proof {
        case .lastRow:
          (
            "SELECT hash FROM log WHERE shard=$1::int AND seq=$2", writer.last.seq,
            writer.last.hash
          )
        case .checkpoint(let entry):
          (
            "SELECT root FROM checkpoint WHERE shard=$1::int AND size=$2",
            entry.note.checkpoint.size, entry.note.checkpoint.root
          )
        }
      let until = Date(timeIntervalSinceNow: Double(options.secondsToReconnect))
      while true {
        do throws(StoreError) {
          session = try OwnerSession(options)
          let row = try using("reading the last row back") {
            (connection) throws(PostgresFailure) in
            try connection.run(sql, [self.shard, .int(place)])
          }
          guard row.count > 0 else { throw problem }
          guard Hash256(row.bytes(0, 0)) == hash else {
            throw .fenced(writer.last.seq)
          }
          return
        } catch {
          // A server that starts again refuses for a while; a log that somebody else has is over.
          guard error.kind == .failed, error != problem, Date() < until else {
            throw error.kind == .failed ? problem : error
          }
        }
        usleep(50_000)
      }
    }

    private func insert(
      _ definition: StoredDefinition, _ connection: PostgresConnection
    ) throws(PostgresFailure) {
      try connection.run(
        "INSERT INTO definition(shard,seq,kind,name,hash,text) VALUES($1::int,$2,$3,$4,$5,$6)",
        [
          shard, .int(definition.id.seq.number), .text(definition.kind.rawValue),
          .text(definition.name), .blob(definition.hash), .text(definition.text),
        ])
    }

    /// A few entries a commit, until none are left.
    private func expire(
      _ slot: Int64, _ connection: PostgresConnection
    ) throws(PostgresFailure) {
      let gone = try connection.run(
        """
        DELETE FROM request WHERE shard=$1::int AND (slot,key) IN
          (SELECT slot,key FROM request WHERE shard=$1::int AND slot<=$2 LIMIT 500)
        RETURNING 1::bigint
        """, [shard, .int(slot)])
      if gone.count == 0 { slotExpiring = nil }
    }

    private func insert(
      _ entry: CheckpointSeries.Entry, _ connection: PostgresConnection
    ) throws(PostgresFailure) {
      let checkpoint = entry.note.checkpoint
      try connection.run(
        """
        INSERT INTO checkpoint(shard,size,at,root,note) VALUES($1::int,$2,$3,$4,$5)
        ON CONFLICT(shard,size) DO UPDATE SET at=excluded.at, root=excluded.root, note=excluded.note
        """,
        [
          shard, .int(checkpoint.size), .int(entry.at), .blob(checkpoint.root.bytes),
          .text(entry.note.text),
        ])
    }

    private func keyNumber(of id: CaseID) throws(StoreError) -> Int64? {
      let found = try using("looking the key of a case up") {
        (connection) throws(PostgresFailure) in
        try connection.run(
          """
          SELECT petrel_int(body,'key') FROM log
          WHERE shard=$1::int AND kind='caseOpened' AND case_no=$2
          """, [self.shard, .int(id.seq.number)])
      }
      return found.count > 0 ? found.intIfAny(0, 0) : nil
    }
  }

  extension PostgresStore {
    package func settle() throws(StoreError) {
      guard !isBroken, signing.canSignAlone(last: writer.last.seq), signing.hasRested else {
        return
      }
      do throws(StoreError) {
        try signNow()
      } catch {
        isBroken = true
        throw error
      }
    }

    /// A checkpoint of all rows, in a transaction of its own.
    func signNow() throws(StoreError) {
      let entry = signing.series.entryNow(at: writer.last.at)
      try transaction("signing", proof: .checkpoint(entry)) {
        (connection) throws(PostgresFailure) in
        try self.insert(entry, connection)
      }
      signing.signed = entry
      signing.publish()
    }

    /// The tree of all rows, where they were not folded.
    private func completeTree() throws(StoreError) {
      while signing.series.tree.size < writer.last.seq {
        let size = signing.series.tree.size
        let rows = try using("reading the log") { (connection) throws(PostgresFailure) in
          try connection.run(
            "SELECT seq,hash FROM log WHERE shard=$1::int AND seq>$2 ORDER BY seq LIMIT 4096",
            [self.shard, .int(size)])
        }
        for row in 0..<rows.count {
          guard rows.int(row, 0) == signing.series.tree.size + 1,
            let hash = Hash256(rows.bytes(row, 1))
          else { break }
          signing.series.add(hash)
        }
        guard signing.series.tree.size > size else {
          throw StoreError(.unreadable, code: "S106", "row \(size + 1) is missing")
        }
      }
    }

    /// Shreds the keys, then deletes the payloads sealed under them: what the server still keeps of
    /// their bytes until it has vacuumed, and in its backups, nobody can open.
    package func erase(_ keys: [Int64]) throws(StoreError) {
      guard !isBroken else { throw .broken }
      try writer.keys.shred(keys)
      do throws(StoreError) {
        _ = try using("erasing") { (connection) throws(PostgresFailure) in
          try connection.run(
            "DELETE FROM payload WHERE shard=$1::int AND key_no=ANY($2::bigint[])",
            [self.shard, .ints(keys)])
        }
      } catch {
        isBroken = true
        throw error
      }
    }

    /// Written and deleted in two transactions, so that it really goes to the disk, into a table that
    /// nothing else uses.
    package func probe() throws(StoreError) {
      guard !isBroken else { throw .broken }
      do throws(StoreError) {
        try using("probing") { (connection) throws(PostgresFailure) in
          try connection.run(
            """
            INSERT INTO probe(shard,bytes) VALUES($1::int,$2)
            ON CONFLICT(shard) DO UPDATE SET bytes=excluded.bytes
            """, [self.shard, .blob([UInt8](repeating: 0, count: 65_536))])
          try connection.run("DELETE FROM probe WHERE shard=$1::int", [self.shard])
        }
      } catch {
        isBroken = true
        throw error
      }
    }
  }
#endif
