import Foundation
import Orchestration
import PostgresServer
import PostgresStore
import Record
import SQLiteStore
import Testing

extension StoreFixture {
  /// Where the log of this fixture is on the server of all tests.
  var schema: String { "log_" + (folder.split(separator: "-").last.map(String.init) ?? "") }

  #if Postgres
    func postgresOptions(connection: String? = nil) throws -> PostgresStore.Options {
      var options = PostgresStore.Options(
        connection: try connection ?? PostgresServer.shared.get().connection,
        keysFile: folder + "/petrel.keys", kek: try kek, host: "petrel.example", now: Self.now)
      options.schema = schema
      options.logID = Self.logID
      options.signer = signer
      options.keySource = .seeded(Self.seed)
      return options
    }

    func openPostgres() throws -> any EventStore { try PostgresStore.open(postgresOptions()) }

    func postgresReader() throws -> PostgresReader {
      try PostgresReader(
        connection: PostgresServer.shared.get().connection, schema: schema,
        keys: (folder + "/petrel.keys", try kek))
    }

    /// The log as an ordinary file beside the keys.
    func exportPostgres(to path: String? = nil) throws -> AuditReport {
      let reader = try postgresReader()
      return try LogImage.make(at: path ?? database, LogAudit.Options()) {
        (image) throws(StoreError) in
        try reader.copy { (table, rows) throws(StoreError) in try image.add(rows, to: table) }
      }
    }
  #else
    func openPostgres() throws -> any EventStore { throw StoreError.broken }
    func postgresReader() throws -> any LogReading { throw StoreError.broken }
  #endif
}
