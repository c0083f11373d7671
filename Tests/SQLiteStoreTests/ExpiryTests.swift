import Engine
import Foundation
import GRDB
import Orchestration
import Record
import SQLiteStore
import Testing

/// What leaves by age beside rows: questions, replies, checkpoints, blobs, pages.
struct ExpiryTests {
  private static func log(_ seed: UInt64 = 5, rows: Int64 = 500) throws -> AgedLog {
    let log = try AgedLog(seed: seed)
    try log.grow(by: rows)
    return log
  }

  private static func counts(_ log: AgedLog) throws -> [String: Int] {
    let queue = try DatabaseQueue(path: log.fixture.database)
    defer { try? queue.close() }
    return try queue.read { database in
      Dictionary(
        uniqueKeysWithValues: try Row.fetchAll(
          database, sql: "SELECT role, count(*) FROM payload GROUP BY role"
        ).map { ($0[0] as String, $0[1] as Int) })
    }
  }

  private static func head(_ log: AgedLog) throws -> Int64 {
    try #require(log.store).identity.lastSeq.number
  }

  @Test func `questions leave when their time is over, replies and values stay`() throws {
    let log = try Self.log()
    let before = try Self.counts(log)
    let rows = try MayGo(log.fixture.database)
    let retention = Retention(requestsMicroseconds: 5 * 24 * AgedLog.hour)
    let cutoff = log.now.microseconds - 5 * 24 * AgedLog.hour
    let late = rows.rows.filter { $0.kind == "verdictRecorded" && $0.caseNumber != nil }
      .filter { $0.at >= cutoff }.count

    let now = log.now
    try RetentionPass(log, kept: 0, rows, held: [], retention: retention).run()

    let after = try Self.counts(log)
    #expect(after["request"] ?? 0 == late)
    #expect(after["reply"] == before["reply"] && after["value"] == before["value"])
    let told = try MayGo(log.fixture.database).rows.filter { $0.kind == "payloadsExpired" }
    #expect(told.count == 1 && told.first?.body["role"] as? String == "request")
    // A pass without anything to do says nothing.
    let head = try Self.head(log)
    try RetentionPass(log, kept: 0, rows, held: [], retention: retention, now: now).run()
    #expect(try Self.head(log) == head)
    log.end()
    #expect(try verifiersAgree(log))
  }

  @Test func `a payload of another role that is missing is a finding`() throws {
    for (role, isFound) in [("request", false), ("reply", true), ("value", true)] {
      let log = try Self.log(rows: 120)
      let row = try Self.head(log)
      try log.append(.payloadsExpired(PayloadsExpired(role: "request", through: Seq(row))))
      log.end()
      let thief = try Thief(log.fixture.database)
      try thief.change {
        try $0.execute(
          sql: "DELETE FROM payload WHERE id=(SELECT min(id) FROM payload WHERE role=?)",
          arguments: [role])
      }
      try thief.queue.close()
      let report = try LogAudit.report(of: log.fixture.database, LogAudit.Options(cores: 1))
      #expect(report.findings.isEmpty != isFound, "\(role): \(report.findings)")
    }
  }

  @Test func `old checkpoints are thinned, given out ones and the newest stay`() throws {
    let log = try Self.log()
    let queue = try DatabaseQueue(path: log.fixture.database)
    func sizes() throws -> [Int64] {
      try queue.read { try Int64.fetchAll($0, sql: "SELECT size FROM checkpoint ORDER BY 1") }
    }
    let before = try sizes()
    let pinned = before[before.count / 3]
    try queue.write {
      try $0.execute(sql: "UPDATE checkpoint SET pinned=1 WHERE size=?", arguments: [pinned])
    }
    try RetentionPass(
      log, kept: 0, try MayGo(log.fixture.database), held: [], retention: Retention()
    ).run()
    let after = try sizes()
    #expect(after.contains(pinned) && after.last == before.last)
    let crowded = try queue.read {
      try Int.fetchOne(
        $0,
        sql: """
          SELECT count(*) FROM checkpoint a JOIN checkpoint b ON a.size<b.size
            AND NOT EXISTS(SELECT 1 FROM checkpoint c WHERE c.size>a.size AND c.size<b.size)
          WHERE a.pinned=0 AND b.pinned=0 AND b.at<?1-30*24*3600000000
            AND a.at/86400000000=b.at/86400000000
          """, arguments: [log.now.microseconds])
    }
    #expect(crowded == 0 && after.count < before.count)
    try queue.close()
    log.end()
    try log.begin()
    log.end()
    #expect(try verifiersAgree(log))
  }

  @Test func `pages are given back, and few bytes stay of each row that went`() throws {
    let log = try Self.log(9, rows: 1_500)
    try log.takeSnapshot()
    log.end()
    let before = try FileManager.default.attributesOfItem(atPath: log.fixture.database)[.size]
    try log.begin()
    let pass = try RetentionPass(log, kept: 0, try MayGo(log.fixture.database), held: [])
    try pass.run()
    let queue = try DatabaseQueue(path: log.fixture.database)
    let (free, stays, runs) = try queue.read { database in
      (
        try Int.fetchOne(database, sql: "PRAGMA freelist_count"),
        try Int64.fetchOne(
          database,
          sql: """
            SELECT coalesce(sum(length(subtrees)+length(last_hash)+24),0)
              +(SELECT coalesce(sum(length(body)+32+24),0) FROM log WHERE kind='logPruned')
            FROM pruned
            """) ?? 0, try Int.fetchOne(database, sql: "SELECT count(*) FROM pruned") ?? 0
      )
    }
    try queue.close()
    log.end()
    let after = try FileManager.default.attributesOfItem(atPath: log.fixture.database)[.size]
    let (old, new) = (before as? Int ?? 0, after as? Int ?? 0)
    print(
      "retention: \(pass.rows) rows in \(runs) runs, \(Double(stays) / Double(pass.rows)) bytes stay a "
        + "row, \(old) -> \(new) bytes of file")
    #expect(free == 0)
    #expect(new < old * 4 / 5)
    #expect(Double(stays) / Double(pass.rows) < 40)
    #expect(try verifiersAgree(log))
  }
}
