#if Postgres
  import Engine
  import Foundation
  import GRDB
  import Orchestration
  import PetriNet
  import PostgresServer
  import PostgresStore
  import Record
  import SQLiteStore
  import Testing

  /// The log in PostgreSQL beside the one in a file, against a real server.
  @Suite(.enabled(if: PostgresServer.isAvailable, Comment(rawValue: PostgresServer.absent)))
  struct PostgresLogTests {
    private static let isSoak = ProcessInfo.processInfo.environment["PETREL_SOAK"] != nil
    private static let views = [
      "events": "seq", "cases": "\"case\"", "verdicts": "seq", "firings": "firing",
      "effects": "firing", "tasks": "task", "incidents": "incident", "tokens": "token",
    ]

    /// What is wrong with the sample: its definition's hash is made up.
    private static let sample = [
      AuditFinding(row: 2, "definition 2 is not the text that was registered")
    ]

    @Test(arguments: 0..<(isSoak ? 60 : 4))
    func `random scripts give the same tables and views in both stores, and both verifiers agree`(
      variant: Int
    ) throws {
      let mirror = try StoreFixture(.postgres)
      let log = try AuditLog(seed: UInt64(variant + 300), rows: 160, mirror: mirror)
      let report = try mirror.exportPostgres()

      #expect(report.findings.isEmpty && report.rowsRead == log.seq)
      for table in LogTable.allCases {
        #expect(
          try tables(table, mirror.database) == tables(table, log.fixture.database), "\(table)")
      }
      try compareViews(log.fixture, mirror)
      let anchors = try AnchorFile(path: mirror.folder + "/petrel.anchors").anchors(
        of: "petrel.example/3f9c2e7a1b5d4c60/0")
      let swift = try Verifiers.swift(mirror.database, anchors: anchors)
      #expect(swift == Verifiers(findings: [], code: 0, anchored: log.seq))
      #expect(try Verifiers.python(mirror.database, anchors: anchors) == swift)
    }

    @Test func `a case with everything in it looks the same in the views of both stores`() throws {
      let fixtures = try [StoreKind.sqlite, .postgres].map { kind in
        let fixture = try StoreFixture(kind)
        let store = try fixture.open()
        try store.append(SampleLog.opening)
        let identified = try store.identify(SampleLog.request, at: StoreFixture.now)
        try store.append(SampleLog.running(try #require(identified).identity))
        store.close()
        return fixture
      }

      try compareViews(fixtures[0], fixtures[1])
    }

    private func compareViews(_ file: StoreFixture, _ server: StoreFixture) throws {
      let (left, right) = (try LogReader(path: file.database), try server.postgresReader())
      for (view, order) in Self.views {
        let columns = try left.query("SELECT * FROM \(view) LIMIT 0", limit: 1).columns
        let texts = columns.map { "CAST(\"\($0)\" AS text)" }.joined(separator: ",")
        let sql = "SELECT \(texts) FROM \(view) v ORDER BY v.\(order)"
        let expected = try left.query(sql, limit: 100_000).rows
        let found = try right.query(sql)
        let place = found.indices.first { $0 < expected.count && found[$0] != expected[$0] }
        #expect(found.count == expected.count, "\(view)")
        #expect(place.map { "\(view): \(found[$0]), \(expected[$0])" } == nil)
        let named = try right.query(
          """
          SELECT string_agg(column_name,',' ORDER BY ordinal_position)
          FROM information_schema.columns
          WHERE table_schema='\(server.schema)' AND table_name='\(view)'
          """)
        #expect(named == [[columns.joined(separator: ",")]])
      }
    }

    private func tables(_ table: LogTable, _ path: String) throws -> [[DatabaseValue]] {
      let columns = table.columns.map(\.name).joined(separator: ",")
      return try DatabaseQueue(path: path).read { database in
        try GRDB.Row.fetchAll(
          database, sql: "SELECT \(columns) FROM \(table.rawValue) ORDER BY 1,2"
        ).map { Array($0.databaseValues) }
      }
    }

    @Test(arguments: CuttingProxy.Cut.allCases)
    func `a connection lost at COMMIT is answered by what the log holds`(
      cut: CuttingProxy.Cut
    ) throws {
      let server = try PostgresServer.shared.get()
      let proxy = try CuttingProxy(to: server.port)
      defer { proxy.close() }
      let fixture = try StoreFixture(.postgres)
      let options = try fixture.postgresOptions(connection: server.loopback(port: proxy.port))
      let store = try PostgresStore.open(options)
      try store.append(SampleLog.opening)

      proxy.plan(cut)
      switch cut {
      case .before:
        let error = #expect(throws: StoreError.self) { try store.append(SampleLog.running(nil)) }
        #expect(error?.kind == .failed)
      case .after: try store.append(SampleLog.running(nil))
      }
      store.close()

      let again = try PostgresStore.open(options)
      try again.fold { _ in }
      #expect(again.identity.lastSeq == Seq(cut == .before ? 3 : 15))
      if cut == .before { try again.append(SampleLog.running(nil)) }
      again.close()
      let report = try fixture.exportPostgres()
      #expect(report.findings == Self.sample && report.rowsRead == 15)
    }

    @Test func `a second owner is refused, and told who the first is`() throws {
      let fixture = try StoreFixture(.postgres)
      let store = try fixture.open()
      defer { store.close() }
      store.announce(url: "http://127.0.0.1:4180")

      let error = #expect(throws: StoreError.self) { try fixture.open() }

      #expect(error?.kind == .held && error?.code == "S101")
      #expect(error?.message.hasPrefix("petrel at http://127.0.0.1:4180 on") == true)
    }

    @Test func `a row that another wrote stops the owner`() throws {
      let fixture = try StoreFixture(.postgres)
      let store = try fixture.open()
      defer { store.close() }
      try store.append(SampleLog.opening)
      try PostgresServer.shared.get().execute(
        """
        INSERT INTO "\(fixture.schema)".log
        SELECT shard,4,epoch,at,NULL,kind,version,body,sealed,hash
        FROM "\(fixture.schema)".log WHERE seq=3
        """)

      let error = #expect(throws: StoreError.self) { try store.append(SampleLog.running(nil)) }

      #expect(error?.kind == .fenced && error?.code == "S113")
    }

    @Test(arguments: [
      "UPDATE log SET at=at+1 WHERE seq=2", "DELETE FROM log WHERE seq=3", "TRUNCATE log",
    ])
    func `rows are not changed by accident`(statement: String) throws {
      let fixture = try StoreFixture(.postgres)
      let store = try fixture.open()
      try store.append(SampleLog.opening)
      store.close()

      #expect(throws: PostgresServer.Failed.self) {
        try PostgresServer.shared.get().execute(
          "SET search_path TO \"\(fixture.schema)\"; \(statement)")
      }

      #expect(try fixture.exportPostgres().findings == Self.sample)
    }

    @Test func `erased payloads leave the table, and the log still verifies`() throws {
      let fixture = try StoreFixture(.postgres)
      let store = try fixture.open()
      try store.append(SampleLog.opening)
      try store.append(SampleLog.running(nil))
      let erasure = ErasureRequested(by: .engine, keys: [1], reason: "asked")
      try store.append(
        AppendGroup(events: [SampleLog.row(16, case: nil, .erasureRequested(erasure))]))
      try store.erase([1])
      #expect(try store.open(SampleLog.seal(4)) == nil)
      #expect(try store.open(SampleLog.seal(14)) == Array(#"{"customer":"Lee"}"#.utf8))
      store.close()

      let report = try fixture.exportPostgres()

      #expect(report.findings == Self.sample)
      let left = try DatabaseQueue(path: fixture.database + ".unverified").read {
        try Int64.fetchAll($0, sql: "SELECT DISTINCT key_no FROM payload")
      }
      #expect(left == [2])
    }
  }
#endif
