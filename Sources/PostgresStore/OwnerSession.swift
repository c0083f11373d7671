#if Postgres
  internal import Foundation
  internal import Orchestration
  internal import Synchronization

  /// The session that options were last opened with.
  package final class LastSession: Sendable {
    private let state = Mutex<OwnerSession.Name?>(nil)

    package init() {}

    var name: OwnerSession.Name? {
      get { state.withLock { $0 } }
      set { state.withLock { $0 = newValue } }
    }
  }

  /// A session that holds the lock of a log: as long as it lasts nobody else may own the log, and
  /// nothing that an earlier owner sent can still be written.
  ///
  /// The lock is of the session, so that the way to the server must not share sessions between
  /// transactions.
  final class OwnerSession {
    /// What names a session of the server for ever.
    struct Name: Sendable {
      var process: Int32
      var began: String
    }

    let connection: PostgresConnection
    private let name: Name

    /// Connects, makes the schema if need be, and takes the lock.
    ///
    /// A session that these options opened before and that was lost may still stand at the server:
    /// it is ended there.
    ///
    /// - Throws: `held` if another owner has the lock.
    init(_ options: PostgresStore.Options) throws(StoreError) {
      do throws(PostgresFailure) {
        connection = try PostgresConnection(options.connection)
        try Self.configure(connection, options)
        let began = try connection.run(
          "SELECT backend_start::text FROM pg_stat_activity WHERE pid=pg_backend_pid()"
        ).text(0, 0)
        name = Name(process: connection.backend, began: began)
      } catch {
        throw error.refusal("opening the database")
      }
      try Self.requireDurability(connection)
      try takeLock(options, options.last.name)
      options.last.name = name
    }

    private static func configure(
      _ connection: PostgresConnection, _ options: PostgresStore.Options
    ) throws(PostgresFailure) {
      let name = quoted(options.schema)
      // Two that make it at the same time must not both try.
      let isThere = try connection.run(
        "SELECT 1::bigint FROM pg_namespace WHERE nspname=$1", [.text(options.schema)])
      if isThere.count == 0 { try connection.script("CREATE SCHEMA IF NOT EXISTS \(name)") }
      try connection.script(
        """
        SET search_path TO \(name); SET tcp_keepalives_idle TO 10; SET tcp_keepalives_interval TO 5;
        SET tcp_keepalives_count TO 3; SET synchronous_commit TO on; SET lock_timeout TO '5s';
        SET idle_in_transaction_session_timeout TO 0; SET statement_timeout TO 0;
        SET default_transaction_isolation TO 'read committed'; SET default_transaction_read_only TO off
        """)
    }

    static func quoted(_ name: String) -> String {
      "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        + "\""
    }

    /// What must read back before anything is written (LOG §5's rule for SQLite).
    private static func requireDurability(_ connection: PostgresConnection) throws(StoreError) {
      let wanted = [
        ("fsync", "on"), ("synchronous_commit", "on"), ("server_encoding", "UTF8"),
        ("transaction_read_only", "off"),
      ]
      for (name, value) in wanted {
        let found: String
        do throws(PostgresFailure) {
          found = try connection.run("SELECT current_setting($1)", [.text(name)]).text(0, 0)
        } catch {
          throw error.refusal("reading the server's settings")
        }
        guard found == value else {
          throw StoreError(
            .failed, code: "S108", "the server's \(name) reads back \(found) instead of \(value)")
        }
      }
      guard connection.serverVersion >= 140_000 else {
        throw StoreError(
          .unreadable, code: "S103", "the server is older than PostgreSQL 14, which the log needs")
      }
    }

    private func takeLock(
      _ options: PostgresStore.Options, _ lost: Name?
    ) throws(StoreError) {
      // A session that ended a moment ago may not be gone yet.
      let until = Date(timeIntervalSinceNow: lost == nil ? 0.5 : 5)
      do throws(PostgresFailure) {
        while try !tryLock(options) {
          if let lost { try end(lost) }
          if Date() >= until {
            let who = try holder(options)
            throw PostgresFailure(state: "", message: who, table: Self.lock, isLost: false)
          }
          usleep(20_000)
        }
      } catch {
        guard error.table == Self.lock else { throw error.refusal("taking the lock") }
        throw StoreError(.held, code: "S101", error.message)
      }
    }

    /// What a refusal names in place of a table.
    private static let lock = "the lock"

    private func tryLock(_ options: PostgresStore.Options) throws(PostgresFailure) -> Bool {
      let taken = try connection.run(
        """
        SELECT pg_try_advisory_lock(oid::bigint::int4,$2::int)::int::bigint
        FROM pg_namespace WHERE nspname=$1
        """, [.text(options.schema), .int(options.shard)])
      return taken.count == 1 && taken.int(0, 0) == 1
    }

    private func end(_ lost: Name) throws(PostgresFailure) {
      try connection.run(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid=$1::int AND backend_start::text=$2
        """, [.int(Int64(lost.process)), .text(lost.began)])
    }

    /// Who holds the lock, in a sentence without what may be secret.
    private func holder(_ options: PostgresStore.Options) throws(PostgresFailure) -> String {
      let found = try connection.run(
        """
        SELECT a.pid::bigint, coalesce(host(a.client_addr),'this machine'), a.application_name,
          to_char(a.backend_start AT TIME ZONE 'UTC','YYYY-MM-DD"T"HH24:MI:SS"Z"')
        FROM pg_locks l JOIN pg_namespace n ON l.classid=n.oid
        JOIN pg_stat_activity a ON a.pid=l.pid
        WHERE l.locktype='advisory' AND l.objsubid=2 AND l.granted AND n.nspname=$1
          AND l.objid=$2::int::oid
        """, [.text(options.schema), .int(options.shard)])
      let log = "the log in schema \(options.schema)"
      guard found.count == 1 else { return "another session holds \(log)" }
      return "\(found.text(0, 2)) on \(found.text(0, 1)) (session \(found.int(0, 0))) holds \(log) "
        + "since \(found.text(0, 3))"
    }
  }
#endif
