package import CEL
package import Engine
package import Orchestration
package import PetriNet
internal import Record

extension SQLiteStore {
  /// So many rows are read at once; `body` of `fold` runs between.
  private static let batch = 4096

  package func fold(_ body: (LoggedEvent) throws -> Void) throws(StoreError) {
    var after = snapshots.restored
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
    try settleKeys()
  }

  /// Adds to a refusal which program wrote the row.
  private func named<Result>(
    _ row: LogRow, _ body: (LogRow) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    do throws(StoreError) {
      return try body(row)
    } catch {
      guard error.kind == .unreadable else { throw error }
      let binary = try? using("reading the log") { statements in
        let statement = statements.binary
        statement.bind(1, row.seq.number)
        defer { statement.reset() }
        return try statement.next() ? statement.text(0) : nil
      }
      guard let binary else { throw error }
      throw StoreError(error.kind, code: error.code, error.message + " (written by \(binary))")
    }
  }

  private func rows(after: Int64, limit: Int) throws(StoreError) -> [LogRow] {
    try using("reading the log") { statements in
      let statement = statements.rowsAfter
      statement.bind(1, after)
      statement.bind(2, Int64(limit))
      defer { statement.reset() }
      var rows: [LogRow] = []
      while try statement.next() { rows.append(statement.logRow) }
      return rows
    }
  }

  package func event(at seq: Seq) throws(StoreError) -> LoggedEvent? {
    guard let row = try rows(after: seq.number - 1, limit: 1).first, row.seq == seq else {
      return nil
    }
    return try LoggedEvent(row)
  }

  package func definitions() throws(StoreError) -> [StoredDefinition] {
    try using("reading the definitions") { statements in
      let statement = statements.definitions
      defer { statement.reset() }
      var definitions: [StoredDefinition] = []
      while try statement.next() {
        guard let kind = DefinitionKind(rawValue: statement.text(1)) else {
          throw StoreError(
            .unreadable, code: "S105",
            "definition \(statement.int(0)) is of a kind that this version does not know")
        }
        definitions.append(
          StoredDefinition(
            id: DefinitionID(Seq(statement.int(0))), kind: kind, name: statement.text(2),
            hash: statement.bytes(3), text: statement.bytes(4)))
      }
      return definitions
    }
  }

  package func open(_ reference: SealReference) throws(StoreError) -> [UInt8]? {
    let found = try using("reading a payload") { statements -> (Int64, [UInt8], [UInt8])? in
      let statement = statements.payload
      statement.bind(1, reference.seq)
      statement.bind(2, Int64(reference.index))
      defer { statement.reset() }
      guard try statement.next() else { return nil }
      return (statement.int(0), statement.bytes(1), statement.bytes(2))
    }
    guard let (key, box, sealed) = found else {
      try requireShredded(reference)
      return nil
    }
    guard let commitment = Hash256(sealed),
      case .present(let dataKey) = try writer.keys.key(key)
    else { return nil }
    return try Sealing.open(
      box, commitment: commitment, under: dataKey, shard: writer.shard, seq: reference.seq,
      index: reference.index)
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
    try using("reading a blob") { statements in
      let statement = statements.blob
      return try digest.withUnsafeBytes { digest in
        statement.bind(1, blob: digest)
        defer { statement.reset() }
        return try statement.next() ? statement.bytes(0) : nil
      }
    }
  }

  package func identify(
    _ request: RequestKey, at: Instant
  ) throws(StoreError) -> IdentifiedRequest? {
    let known = try using("looking a request up") { _ in
      try self.writer.candidates(for: request, at: at)
    }
    guard let candidates = known else { return nil }
    let identity = RequestIdentity(slot: candidates[0].slot, bytes: candidates[0].bytes)
    for candidate in candidates {
      guard let seq = try row(of: candidate) else { continue }
      let seen = try event(at: seq).map { LogWriter.seen(candidate, $0) } ?? .pruned
      return IdentifiedRequest(identity: identity, seen: seen)
    }
    return IdentifiedRequest(identity: identity)
  }

  private func row(of candidate: LogWriter.Candidate) throws(StoreError) -> Seq? {
    let key = Array(candidate.bytes.prefix(16))
    return try using("looking a request up") { statements in
      let statement = statements.request
      return try key.withUnsafeBytes { key in
        statement.bind(1, candidate.slot)
        statement.bind(2, blob: key)
        defer { statement.reset() }
        return try statement.next() ? Seq(statement.int(0)) : nil
      }
    }
  }
}
