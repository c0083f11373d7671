import CEL
import Engine
import Foundation
import GRDB
import Orchestration
import PetriNet
import Record
import Testing

@testable import SQLiteStore

struct SQLiteFileTests {
  private func filled(_ fixture: StoreFixture) throws -> SQLiteStore {
    let store = try SQLiteStore.open(fixture.options())
    try store.append(SampleLog.opening)
    try store.append(SampleLog.running(nil))
    return store
  }

  private func error(_ body: () throws(StoreError) -> Void) -> StoreError? {
    do throws(StoreError) {
      try body()
      return nil
    } catch {
      return error
    }
  }

  private func raw<Result>(
    _ path: String, _ body: (Database) throws -> Result
  ) throws -> Result {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    return try queue.writeWithoutTransaction(body)
  }

  @Test func `a file is made as the specification says`() throws {
    let fixture = try StoreFixture(.sqlite)
    try filled(fixture).close()

    let found = try raw(fixture.database) { database in
      try [
        "page_size", "auto_vacuum", "encoding", "journal_mode", "application_id", "user_version",
      ]
      .map { try String.fetchOne(database, sql: "PRAGMA \($0)") ?? "" }
    }

    #expect(found == ["4096", "2", "UTF-8", "wal", "1347703372", "1"])
  }

  @Test func `rows cannot be changed or removed`() throws {
    let fixture = try StoreFixture(.sqlite)
    try filled(fixture).close()

    #expect(throws: DatabaseError.self) {
      try raw(fixture.database) { try $0.execute(sql: "UPDATE log SET at=at+1 WHERE seq=5") }
    }
    #expect(throws: DatabaseError.self) {
      try raw(fixture.database) { try $0.execute(sql: "DELETE FROM log WHERE seq=5") }
    }
  }

  @Test(
    arguments: [
      ("cases", #"4|환불-분류|completed|{"done":1}|labelRecorded"#),
      ("verdicts", "6|4|의도_분석_전이|true|stub-1|41"),
      ("firings", "5|verdictRequested, 7|firingStarted, 11|taskAnswered"),
      ("effects", "7|4|payments.refund|ok|0-7-8f14"), ("tasks", "9|4|review|approve"),
      ("incidents", "10|4|pay|raised|12"), ("events", "15"),
      (
        "tokens",
        "4.0|requested|A-1, 6.0|waiting|A-1, 8.0|done|-, 14.0|w/inbox|B-2"
      ),
    ])
  func `auditors read the log through its views`(view: String, expected: String) throws {
    let fixture = try StoreFixture(.sqlite)
    try filled(fixture).close()
    let columns = [
      "cases": #""case", workflow, state, ended_in, last_event"#,
      "verdicts": #"seq, "case", transition, outcome, model, ms"#,
      "firings": "firing, kind",
      "effects": #"firing, "case", action, outcome, idempotency_key"#,
      "tasks": #"task, "case", transition, outcome"#,
      "incidents": #"incident, "case", transition, code, resolved_by"#,
      "events": "count(*)",
      "tokens": "token, place, coalesce(value->>'$.order','-')",
    ]

    let found = try raw(fixture.database) { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT \(try #require(columns[view])) FROM \(view)")
      return rows.map { row in
        row.databaseValues.map { value in
          Int64.fromDatabaseValue(value).map { String($0) }
            ?? String.fromDatabaseValue(value) ?? "-"
        }
        .joined(separator: "|")
      }
      .joined(separator: ", ")
    }

    #expect(found == expected)
  }

  @Test func `nothing personal stands in the file`() throws {
    let fixture = try StoreFixture(.sqlite)
    let store = try filled(fixture)
    let files = try FileManager.default.contentsOfDirectory(atPath: fixture.folder)

    for file in files {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: fixture.folder + "/" + file))
      for secret in ["Kim", "Lee", "she called", "is it?"] {
        #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret) in \(file)")
      }
      let isLog = file.hasPrefix("petrel.db-wal")
      #expect((bytes.range(of: Data("B-2".utf8)) != nil) == isLog)
    }
    store.close()
  }

  @Test func `equal inputs give files with equal rows and payloads`() throws {
    let contents = try (0..<2).map { _ in
      let fixture = try StoreFixture(.sqlite)
      try filled(fixture).close()
      return try raw(fixture.database) { database in
        try ["log", "payload", "blob", "definition"].map {
          try Row.fetchAll(database, sql: "SELECT * FROM \($0)").map(\.description)
        }
      }
    }

    #expect(contents[0] == contents[1])
  }

  @Test func `a second owner is told who holds the log`() throws {
    let fixture = try StoreFixture(.sqlite)
    let store = try filled(fixture)
    OwnerLock.announce(url: "http://127.0.0.1:7", database: fixture.database, pid: 1)
    store.announce(url: "http://127.0.0.1:1")
    OwnerLock.announce(
      url: "http://127.0.0.1:7875", database: fixture.database, pid: 4121)

    let options = try fixture.options()
    let held = error { () throws(StoreError) in _ = try SQLiteStore.open(options) }

    #expect(held?.kind == .held)
    #expect(held?.code == "S101")
    #expect(
      held?.message.hasPrefix("pid 4121 holds ") == true
        && held?.message.hasSuffix(" and answers at http://127.0.0.1:7875") == true)
    #expect(
      OwnerLock.holder(ofDatabase: fixture.database)
        == OwnerLock.Holder(pid: 4121, url: "http://127.0.0.1:7875", started: StoreFixture.now))
    store.close()
  }

  @Test func `the lock is free once the owner is gone`() throws {
    let fixture = try StoreFixture(.sqlite)
    do {
      let store = try filled(fixture)
      store.close()
    }

    #expect(OwnerLock.holder(ofDatabase: fixture.database) == nil)
    try SQLiteStore.open(fixture.options()).close()
  }

  @Test func `a row of another owner fences this one`() throws {
    let fixture = try StoreFixture(.sqlite)
    let store = try filled(fixture)
    try raw(fixture.database) {
      try $0.execute(
        sql: """
          INSERT INTO log(seq,epoch,at,kind,version,body,hash)
          VALUES(16,2,0,'ownerStarted',1,'{}',zeroblob(32))
          """)
    }

    let fenced = error { () throws(StoreError) in
      try store.append(
        AppendGroup(events: [
          SampleLog.row(16, case: 4, .taskReleased(TaskReleased(by: .local, task: TaskID(Seq(9)))))
        ]))
    }

    #expect(fenced?.kind == .fenced)
    store.close()
  }

  @Test(arguments: 16...45)
  func `the row that fences is named, wherever it stands in the group`(taken: Int64) throws {
    let fixture = try StoreFixture(.sqlite)
    let store = try filled(fixture)
    try raw(fixture.database) {
      try $0.execute(
        sql: """
          INSERT INTO log(seq,epoch,at,kind,version,body,hash)
          VALUES(\(taken),2,0,'ownerStarted',1,'{}',zeroblob(32))
          """)
    }

    let fenced = error { () throws(StoreError) in
      try store.append(AppendGroup(events: (Int64(16)...45).map { Self.released($0) }))
    }
    store.close()

    #expect(fenced?.kind == .fenced)
    #expect(fenced?.message.hasPrefix("row \(taken) is in the log already") == true)
    let left = try raw(fixture.database) { try Int.fetchOne($0, sql: "SELECT max(seq) FROM log") }
    #expect(left == Int(taken))
  }

  @Test(arguments: 1...40)
  func `groups of every size are written whole`(size: Int64) throws {
    let fixture = try StoreFixture(.sqlite)
    let store = try filled(fixture)
    try store.append(AppendGroup(events: (16..<16 + size).map { Self.released($0) }))
    store.close()

    let rows = try fixture.reader().rows(RowQuery(after: Seq(15)), limit: 100)

    #expect(rows.map(\.seq.number) == Array(16..<16 + size))
    #expect(
      rows.map { String(decoding: $0.body, as: UTF8.self) }
        == (16..<16 + size).map { #"{"by":"local:\#($0)","task":9}"# })
  }

  /// A row that needs nothing but its case.
  private static func released(_ seq: Int64) -> LoggedEvent {
    SampleLog.row(
      seq, case: 4,
      .taskReleased(TaskReleased(by: Subject("local:\(seq)"), task: TaskID(Seq(9)))))
  }

  @Test func `room for the WAL is on the disk before it is needed, and given back`() throws {
    let fixture = try StoreFixture(.sqlite)
    let store = try filled(fixture)
    let size = {
      try FileManager.default.attributesOfItem(atPath: fixture.database + "-wal")[.size] as? Int
    }

    let open = try #require(try size())
    store.close()

    #expect(open >= Int(WALSpace.step))
    #expect(try size() == 0)
  }

  @Test func `a full disk loses nothing that was acknowledged`() throws {
    let fixture = try StoreFixture(.sqlite)
    try filled(fixture).close()
    let pages = try raw(fixture.database) {
      try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0
    }
    let store = try SQLiteStore.open(fixture.options(pagesMax: pages + 4))
    try store.fold { _ in }

    var acknowledged: Int64 = 15
    var failure: StoreError?
    while failure == nil && acknowledged < 100_000 {
      failure = error { () throws(StoreError) in
        try store.append(
          AppendGroup(
            events: (1...10).map {
              SampleLog.row(
                acknowledged + $0, case: 4,
                .taskReleased(
                  TaskReleased(
                    by: Subject(String(repeating: "x", count: 200)), task: TaskID(Seq(9)))))
            }))
      }
      if failure == nil { acknowledged += 10 }
    }
    store.close()

    #expect(failure?.kind == .full)
    let again = try SQLiteStore.open(fixture.options())
    defer { again.close() }
    var rows = 0
    try again.fold { _ in rows += 1 }
    #expect(again.identity.lastSeq == Seq(acknowledged))
    #expect(Int64(rows) == acknowledged)
    try again.append(
      AppendGroup(events: [
        SampleLog.row(
          acknowledged + 1, case: 4,
          .taskReleased(TaskReleased(by: .local, task: TaskID(Seq(9)))))
      ]))
  }

  @Test func `what was committed is there after a process vanished`() throws {
    let fixture = try StoreFixture(.sqlite)
    let store = try filled(fixture)
    let copy = try StoreFixture(.sqlite)
    for file in ["petrel.db", "petrel.db-wal", "petrel.keys", "petrel.signer"] {
      try FileManager.default.copyItem(
        atPath: fixture.folder + "/" + file, toPath: copy.folder + "/" + file)
    }

    let again = try SQLiteStore.open(copy.options())

    var rows = 0
    try again.fold { _ in rows += 1 }
    #expect(rows == 15)
    again.close()
    store.close()
  }

  @Test func `what is no log is refused and left as it was`() throws {
    let fixture = try StoreFixture(.sqlite)
    try raw(fixture.database) { try $0.execute(sql: "CREATE TABLE t(x)") }
    let before = try Data(contentsOf: URL(fileURLWithPath: fixture.database))

    let refused = error { () throws(StoreError) in
      _ = try LogReader(path: fixture.database)
    }
    #expect(throws: StoreError.self) { try SQLiteStore.open(fixture.options()) }

    #expect(refused?.code == "S102")
    #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.database)) == before)
  }

  @Test func `a newer format is refused, also for reading`() throws {
    let fixture = try StoreFixture(.sqlite)
    try filled(fixture).close()
    try raw(fixture.database) { try $0.execute(sql: "PRAGMA user_version=2") }

    #expect(throws: StoreError.self) { try SQLiteStore.open(fixture.options()) }
    #expect(throws: StoreError.self) { try LogReader(path: fixture.database) }
  }

  @Test func `a log with a kind of a later version is not opened`() throws {
    let fixture = try StoreFixture(.sqlite)
    try filled(fixture).close()
    try raw(fixture.database) {
      try $0.execute(sql: "INSERT INTO event_kind VALUES('tokenTeleported',1,99)")
    }

    #expect {
      try SQLiteStore.open(fixture.options())
    } throws: { error in
      let error = error as? StoreError
      return error?.code == "S105"
        && error?.message.contains("tokenTeleported, version 1, from row 99") == true
    }
  }

  @Test func `a row that cannot be read stops the fold, naming who wrote it`() throws {
    let fixture = try StoreFixture(.sqlite)
    try filled(fixture).close()
    try raw(fixture.database) {
      try $0.execute(
        sql: """
          INSERT INTO log(seq,epoch,at,kind,version,body,hash)
          VALUES(16,1,1795132900000000,'snapshotTaken',1,'{"seq":3}',zeroblob(32))
          """)
    }
    let store = try SQLiteStore.open(fixture.options())
    defer { store.close() }

    let refused = error { () throws(StoreError) in try store.fold { _ in } }

    #expect(refused?.kind == .unreadable)
    #expect(refused?.message.contains("row 16 (snapshotTaken)") == true)
    #expect(refused?.message.hasSuffix("(written by petrel 1)") == true)
  }

  @Test func `a log without its keys file is not opened`() throws {
    let fixture = try StoreFixture(.sqlite)
    try filled(fixture).close()
    try FileManager.default.removeItem(atPath: fixture.folder + "/petrel.keys")

    #expect {
      try SQLiteStore.open(fixture.options())
    } throws: { error in
      (error as? StoreError)?.kind == .keyMissing
    }
  }

  @Test func `a reader works beside the owner, after it, and on a copy without keys`() throws {
    let fixture = try StoreFixture(.sqlite)
    let store = try filled(fixture)
    let beside = try LogReader(path: fixture.database)
    #expect(try beside.head().seq == Seq(15))
    try store.append(
      AppendGroup(events: [
        SampleLog.row(16, case: 4, .taskReleased(TaskReleased(by: .local, task: TaskID(Seq(9)))))
      ]))
    #expect(try beside.head().seq == Seq(16))
    store.close()

    let after = try LogReader(path: fixture.database)
    #expect(try after.head().seq == Seq(16))
    #expect(try after.payload(seq: Seq(11), index: 0) == nil)
    let copy = try StoreFixture(.sqlite)
    try FileManager.default.copyItem(atPath: fixture.database, toPath: copy.database)
    #expect(try LogReader(path: copy.database).head().seq == Seq(16))
  }
}
