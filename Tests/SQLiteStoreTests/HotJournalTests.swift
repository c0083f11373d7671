import Foundation
import GRDB
import Orchestration
import Record
import SQLiteStore
import Testing

/// A log's file that was being made when the power went: pages of it, and the journal that takes them
/// back.
struct HotJournalTests {
  @Test func `what was half made is taken back, and the log is made`() throws {
    let fixture = try StoreFixture(.sqlite)
    let made = fixture.folder + "/made.db"
    let queue = try DatabaseQueue(path: made)
    try queue.writeWithoutTransaction { database in
      // A cache of one page has the transaction's pages written before it ends.
      try database.execute(sql: "PRAGMA cache_size=1; BEGIN; CREATE TABLE begun(x)")
      for _ in 0..<200 {
        try database.execute(sql: "INSERT INTO begun VALUES(randomblob(3000))")
      }
      for end in ["", "-journal"] {
        try FileManager.default.copyItem(
          atPath: made + end, toPath: fixture.database + end)
      }
      try database.execute(sql: "ROLLBACK")
    }
    try queue.close()
    let journal = URL(fileURLWithPath: fixture.database + "-journal")
    #expect(try Data(contentsOf: journal).count > 512)

    #expect(throws: DatabaseError.self) {
      var readonly = Configuration()
      readonly.readonly = true
      let reader = try DatabaseQueue(path: fixture.database, configuration: readonly)
      _ = try reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
    }

    let store = try fixture.open()
    try store.append(SampleLog.opening)
    store.close()

    #expect(try fixture.reader().rows(RowQuery(), limit: 100).map(\.seq.number) == [1, 2, 3])
    #expect(!FileManager.default.fileExists(atPath: journal.path))
  }
}
