import Engine
import Orchestration
import Record
import Testing

@testable import SQLiteStore

struct FileSizesTests {
  @Test func `sizes name every table with its rows, in whole pages`() throws {
    let fixture = try StoreFixture(.sqlite)
    let store = try fixture.open()
    try store.append(SampleLog.opening)
    let reader = try LogReader(path: fixture.database)

    let sizes = try reader.sizes()

    let log = try #require(sizes.first { $0.table == "log" })
    #expect(sizes.allSatisfy { $0.bytes > 0 && ($0.bytes + $0.indexBytes) % 4_096 == 0 })
    #expect(Set(sizes.map(\.table)).count == sizes.count)
    #expect(log.rows == (try reader.head().seq.number))
  }

  @Test func `a query reads and cannot write`() throws {
    let fixture = try StoreFixture(.sqlite)
    let store = try fixture.open()
    try store.append(SampleLog.opening)
    let reader = try LogReader(path: fixture.database)

    let found = try reader.query("SELECT seq, kind, NULL FROM log ORDER BY seq", limit: 1)

    #expect(
      found
        == QueryRows(
          columns: ["seq", "kind", "NULL"], rows: [["1", "ownerStarted", nil]], isCut: true))
    #expect(throws: StoreError.self) { try reader.query("DELETE FROM log", limit: 1) }
    #expect(try reader.head().seq.number > 1)
  }
}
