internal import Engine
internal import GRDBSQLite
internal import Orchestration
internal import Record

/// Whether there is a payload for each commitment and a commitment for each payload, but for those
/// that left with an event; with keys, whether they open.
struct PayloadAudit {
  private(set) var findings: [AuditFinding] = []
  private(set) var found: Int64 = 0
  private(set) var erased: Int64 = 0
  private(set) var opened: Int64 = 0

  private let stretches: [StretchVerification]
  private let shard: Int64
  private let keysErased: Set<Int64>
  /// Through which row payloads of a role left, by role.
  private let expiredThrough: [String: Int64]
  private var missing: [Place] = []
  private var strays: [Place] = []

  private struct Place {
    var row: Int64
    var index: Int64
  }

  init(_ stretches: [StretchVerification], _ noted: [NotedRow], _ shard: Int64) {
    self.stretches = stretches
    self.shard = shard
    keysErased = Set(noted.compactMap { $0.event(\.erasure)?.keys }.joined())
    expiredThrough = Dictionary(
      noted.compactMap { $0.event(\.expiry) }.map { ($0.role, $0.through.number) },
      uniquingKeysWith: max)
  }

  mutating func count(_ connection: OpaquePointer) throws(StoreError) {
    let statement = try PreparedStatement(
      connection, "SELECT id FROM payload ORDER BY id", "reading the payloads")
    var hasMore = try statement.next()
    for stretch in stretches {
      for (place, shape) in stretch.shapes.enumerated() where shape.payloads > 0 {
        // The row does not match its hash: what it holds is not known.
        if shape.payloads == .max { continue }
        let row = stretch.rows.lowerBound + Int64(place)
        while hasMore, statement.int(0) < row << 16 { hasMore = try stray(statement) }
        for index in 0..<Int64(shape.payloads) {
          if hasMore, statement.int(0) == row << 16 | index {
            found += 1
            hasMore = try statement.next()
          } else {
            missing.append(Place(row: row, index: index))
          }
        }
      }
    }
    while hasMore { hasMore = try stray(statement) }
    try excuse(connection)
    tell(missing, "is missing")
    tell(strays, "has no commitment in the log")
  }

  /// A payload that no commitment names, unless its row does not match its hash.
  private mutating func stray(_ statement: PreparedStatement) throws(StoreError) -> Bool {
    let (row, index) = (statement.int(0) >> 16, statement.int(0) & 0xFFFF)
    let stretch = stretches.first { $0.rows.contains(row) }
    let shape = stretch.map { $0.shapes[Int(row - $0.rows.lowerBound)] }
    if shape?.payloads != .max { strays.append(Place(row: row, index: index)) }
    return try statement.next()
  }

  /// Payloads under a key that an event erased, of a role and a time that an event let go, or of a
  /// case whose other rows have left, left in order.
  private mutating func excuse(_ connection: OpaquePointer) throws(StoreError) {
    let key = try PreparedStatement(
      connection,
      """
      SELECT coalesce((SELECT o.body->>'$.key' FROM log o WHERE o.seq=l.case_no),
        l.body->>'$.key'),
        CASE ?1||'.'||?2 WHEN l.body->>'$.call.question' THEN 'request'
          WHEN l.body->>'$.call.reply' THEN 'reply' END,
        l.case_no<l.seq AND EXISTS(SELECT 1 FROM pruned p
          WHERE p.first_seq<=l.case_no AND p.last_seq>=l.case_no)
      FROM log l WHERE l.seq=?1
      """, "looking the key of a payload up")
    var left: [Place] = []
    for place in missing {
      key.bind(1, place.row)
      key.bind(2, place.index)
      let isThere = try key.next()
      let number = isThere ? key.intIfAny(0) : nil
      let through = isThere ? expiredThrough[key.text(1)] ?? 0 : 0
      let isOfPruned = isThere && key.int(2) == 1
      key.reset()
      if number.map({ keysErased.contains($0) }) ?? false || place.row <= through || isOfPruned {
        erased += 1
      } else {
        left.append(place)
      }
    }
    missing = left
  }

  private mutating func tell(_ places: [Place], _ what: String) {
    guard let first = places.first else { return }
    let more = places.count > 1 ? " (and \(places.count - 1) more)" : ""
    findings.append(
      AuditFinding(row: first.row, "payload \(first.row).\(first.index)\(more) \(what)"))
  }

  mutating func open(_ connection: OpaquePointer, _ keys: KeysFile) throws(StoreError) {
    let statement = try PreparedStatement(
      connection,
      """
      SELECT p.id, p.key_no, p.box, substr(l.sealed, (p.id&65535)*32+1, 32)
      FROM payload p JOIN log l ON l.seq=p.id>>16 ORDER BY p.id
      """, "opening the payloads")
    while try statement.next() {
      let (row, index) = (statement.int(0) >> 16, Int32(statement.int(0) & 0xFFFF))
      guard case .present(let key)? = try? keys.key(statement.int(1)) else {
        if !keysErased.contains(statement.int(1)) {
          findings.append(
            AuditFinding(
              row: row, "the key of payload \(row).\(index) is gone and no event erased it"))
        }
        continue
      }
      guard let commitment = Hash256(statement.bytes(3)),
        (try? Sealing.open(
          statement.bytes(2), commitment: commitment, under: key, shard: shard, seq: row,
          index: index)) != nil
      else {
        findings.append(
          AuditFinding(row: row, "payload \(row).\(index) does not open to its commitment"))
        continue
      }
      opened += 1
    }
  }
}
