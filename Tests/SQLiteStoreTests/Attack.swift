import Foundation
import GRDB
import Record
import SQLiteStore

/// What may be done to a log's file, and what a verifier must say of it: the table of the log's
/// specification, each line at random places.
enum Attack: String, CaseIterable, Sendable {
  case body, time, hash, deleted, renumbered, swapped, tailCut
  case tailAndCheckpointsCut, rewrittenWithoutKey, rewrittenWithKey
  case prunedWithoutEvent, view, trigger, epochFalls, timeFalls, unknownKind, sameNowhere
  case payloadNowhere, definition, checkpoint

  /// Whether nothing in the file itself gives it away.
  var needsAnchor: Bool { self == .tailAndCheckpointsCut || self == .rewrittenWithKey }

  /// Does it; gives the finding that names the place.
  func perform(
    on thief: Thief, anchors: [Int64], _ draws: inout SeededDraws
  ) throws -> String {
    let head = try thief.head
    let row = Int64.random(in: 5...(head - 3), using: &draws)
    let sizes = try thief.sizes
    switch self {
    case .body: return try edit(thief, row, "body=replace(body, substr(body,3,1), 'q')")
    case .time: return try edit(thief, row, "at=at+\(Int64.random(in: 1...9_999, using: &draws))")
    case .hash:
      var bytes = Array(try thief.row(row)?.hash ?? Data())
      bytes[Int.random(in: 0..<32, using: &draws)] ^= 1 << UInt8.random(in: 0..<8, using: &draws)
      try thief.change {
        try $0.execute(
          sql: "UPDATE log SET hash=? WHERE seq=?", arguments: [Data(bytes), row])
      }
      return "rows \(row)…\(row + 1) do not match their hashes"
    case .deleted:
      let last = min(row + Int64.random(in: 0...3, using: &draws), head - 2)
      try thief.change {
        try $0.execute(sql: "DELETE FROM log WHERE seq BETWEEN ? AND ?", arguments: [row, last])
      }
      return "rows \(row)…\(last) missing"
    case .renumbered:
      try thief.change {
        try $0.execute(sql: "DELETE FROM log WHERE seq=?", arguments: [row])
        try $0.execute(sql: "UPDATE log SET seq=-(seq-1) WHERE seq>?", arguments: [row])
        try $0.execute(sql: "UPDATE log SET seq=-seq WHERE seq<0")
      }
      return "rows \(row)…\(head - 1) do not match their hashes"
    case .swapped:
      try thief.change {
        try $0.execute(sql: "UPDATE log SET seq=-1 WHERE seq=?", arguments: [row])
        try $0.execute(sql: "UPDATE log SET seq=? WHERE seq=?", arguments: [row, row + 1])
        try $0.execute(sql: "UPDATE log SET seq=? WHERE seq=-1", arguments: [row + 1])
      }
      return "rows \(row)…\(row + 2) do not match their hashes"
    case .tailCut:
      try cut(thief, behind: row)
      return "checkpoint \(sizes.first { $0 > row } ?? 0)"
    case .tailAndCheckpointsCut:
      try cut(thief, behind: row)
      try thief.change {
        try $0.execute(sql: "DELETE FROM checkpoint WHERE size>?", arguments: [row])
      }
      return "the tail was cut: anchor \(anchors.first { $0 > row } ?? 0)"
    default: return try rewrite(thief, row, sizes, anchors, &draws)
    }
  }

  private func edit(_ thief: Thief, _ row: Int64, _ what: String) throws -> String {
    try thief.change {
      try $0.execute(sql: "UPDATE log SET \(what) WHERE seq=?", arguments: [row])
    }
    return "row \(row) does not match its hash"
  }

  private func cut(_ thief: Thief, behind row: Int64) throws {
    try thief.change {
      try $0.execute(sql: "DELETE FROM log WHERE seq>?", arguments: [row])
      try $0.execute(sql: "DELETE FROM payload WHERE id>=?", arguments: [(row + 1) << 16])
    }
  }

  private func rewrite(
    _ thief: Thief, _ row: Int64, _ sizes: [Int64], _ anchors: [Int64], _ draws: inout SeededDraws
  ) throws -> String {
    let stranger = SigningSeed([UInt8](repeating: 66, count: 32))
    switch self {
    case .rewrittenWithoutKey, .rewrittenWithKey:
      _ = try edit(thief, row, "at=at+1")
      try thief.change {
        try $0.execute(sql: "UPDATE log SET at=at+1 WHERE seq>?", arguments: [row])
      }
      try thief.rehash(from: row)
      let key = self == .rewrittenWithKey ? AuditLog.signer : stranger
      if let key { try thief.sign(from: row, with: key) }
      let anchor = anchors.first { $0 >= row } ?? 0
      let before = anchors.last { $0 < row } ?? 0
      return self == .rewrittenWithKey
        ? "rows \(before + 1)…\(anchor) were rewritten"
        : "checkpoint \(sizes.first { $0 >= row } ?? 0)"
    case .prunedWithoutEvent: return try prune(thief, row, &draws)
    case .view:
      try thief.change {
        try $0.execute(sql: "DROP VIEW verdicts")
        try $0.execute(sql: "CREATE VIEW verdicts AS SELECT 1 AS seq, 'true' AS outcome")
      }
      return "the schema is not that of the log's format"
    case .trigger:
      try thief.queue.writeWithoutTransaction {
        try $0.execute(sql: "DROP TRIGGER log_no_update")
      }
      return "the schema is not that of the log's format"
    case .definition:
      try thief.change { try $0.execute(sql: "UPDATE definition SET text=text||'.'") }
      return "definition 2 is not the text that was registered"
    case .checkpoint:
      let size = sizes[Int.random(in: sizes.indices, using: &draws)]
      try thief.change {
        try $0.execute(
          sql: "UPDATE checkpoint SET root=randomblob(32) WHERE size=?", arguments: [size])
      }
      return "checkpoint \(size) does not match the rows before it"
    default: return try breakRule(thief, row)
    }
  }

  /// Under hashes and signatures that are all right.
  private func breakRule(_ thief: Thief, _ row: Int64) throws -> String {
    let expected: String
    switch self {
    case .epochFalls:
      _ = try edit(thief, row, "epoch=0")
      expected = "row \(row): epoch falls"
    case .timeFalls:
      _ = try edit(thief, row, "at=\(SampleLog.start - 1)")
      expected = "row \(row): time falls"
    case .unknownKind:
      _ = try edit(thief, row, "kind='tokenForged'")
      expected = "row \(row) is of unknown kind tokenForged, version 1"
    case .sameNowhere:
      let body =
        #"{"consumed":[],"tokens":[{"place":"p","same":"\#(row - 1).77"}],"transition":"t"}"#
      _ = try edit(thief, row, "kind='fired', sealed=x'', body='\(body)'")
      expected = "row \(row) names token \(row - 1).77, which no row wrote"
    default:
      let body = #"{"consumed":[],"tokens":[{"place":"p","value":{"~":"2.0"}}],"transition":"t"}"#
      _ = try edit(thief, row, "kind='fired', sealed=x'', body='\(body)'")
      expected = "row \(row) names payload 2.0, which no row has"
    }
    try thief.change {
      let range: [(any DatabaseValueConvertible)?] = [row << 16, (row + 1) << 16]
      // What the row sealed has gone with it.
      if try Data.fetchOne($0, sql: "SELECT sealed FROM log WHERE seq=?", arguments: [row])?.isEmpty
        ?? true
      {
        try $0.execute(
          sql: "DELETE FROM payload WHERE id>=? AND id<?", arguments: StatementArguments(range))
      }
    }
    try thief.rehash(from: row)
    if let key = AuditLog.signer { try thief.sign(from: row, with: key) }
    return expected
  }

  /// As the writer prunes, but for the event.
  private func prune(
    _ thief: Thief, _ row: Int64, _ draws: inout SeededDraws
  ) throws -> String {
    let sizes = try thief.sizes
    let border = sizes.first { $0 > row } ?? row
    let last = min(row + Int64.random(in: 0...9, using: &draws), max(border - 1, row))
    try Pruning.prune(row...last, by: row, in: thief)
    return "rows \(row)…\(last) were pruned without an event"
  }
}

/// Takes rows out of a log as LOG §5 says, with the subtrees that stand for them.
enum Pruning {
  static func prune(_ rows: ClosedRange<Int64>, by: Int64, in thief: Thief) throws {
    let hashes = try thief.queue.read { database in
      try Data.fetchAll(
        database, sql: "SELECT hash FROM log WHERE seq BETWEEN ? AND ? ORDER BY seq",
        arguments: [rows.lowerBound, rows.upperBound])
    }
    var start = rows.lowerBound - 1
    var subtrees = Data()
    for level in MerkleRange.levels(of: start..<rows.upperBound) {
      var part = MerkleRange(start: start)
      for _ in 0..<(1 << level) {
        if let leaf = Hash256(hashes[Int(part.end - rows.lowerBound + 1)]) { part.append(leaf) }
      }
      subtrees += Data(part.root.bytes)
      start = part.end
    }
    try thief.change {
      try $0.execute(
        sql: "INSERT INTO pruned VALUES(?,?,?,?,?)",
        arguments: [rows.lowerBound, rows.upperBound, subtrees, hashes.last, by])
      try $0.execute(
        sql: "DELETE FROM log WHERE seq BETWEEN ? AND ?",
        arguments: [rows.lowerBound, rows.upperBound])
      try $0.execute(
        sql: "DELETE FROM payload WHERE id>=? AND id<?",
        arguments: [rows.lowerBound << 16, (rows.upperBound + 1) << 16])
    }
  }
}
