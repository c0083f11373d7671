import GRDB
import Orchestration
import SQLiteStore
import Testing

struct ProbeTests {
  @Test func `a probe leaves every table as it was`() throws {
    let fixture = try StoreFixture(.sqlite)
    let store = try SQLiteStore.open(fixture.options())
    try store.fold { _ in }
    try store.append(SampleLog.opening)
    try store.append(SampleLog.running(nil))
    let before = try Self.contents(of: fixture.database)

    try store.probe()

    #expect(try Self.contents(of: fixture.database) == before)
    store.close()
  }

  @Test func `a probe fails where a group would, and goes through once there is room`() throws {
    let fixture = try StoreFixture(.sqlite)
    try SQLiteStore.open(fixture.options()).close()
    let bounded = try SQLiteStore.open(fixture.options(pagesMax: 1))

    let failure = #expect(throws: StoreError.self) { try bounded.probe() }
    let second = #expect(throws: StoreError.self) { try bounded.probe() }
    bounded.close()
    let store = try SQLiteStore.open(fixture.options())
    try store.probe()
    try store.fold { _ in }
    try store.append(SampleLog.opening)
    try store.append(SampleLog.running(nil))
    store.close()

    #expect(failure?.kind == .full)
    // After a failure a store says nothing but that it must be opened anew.
    #expect(second?.kind == .failed)
  }

  /// The rows of every table, as text.
  private static func contents(of database: String) throws -> [String] {
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: database, configuration: configuration)
    return try queue.read { database in
      let tables = try String.fetchAll(
        database, sql: "SELECT name FROM sqlite_schema WHERE type='table' ORDER BY name")
      return try tables.flatMap { table in
        try Row.fetchAll(database, sql: "SELECT * FROM \(table)").map { "\(table) \($0)" }
      }
    }
  }
}
