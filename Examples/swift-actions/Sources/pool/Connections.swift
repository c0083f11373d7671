import CPQ
import Foundation
import Petrel
import Synchronization

/// The connections of this process to PostgreSQL, by the id that the net knows them by.
///
/// The net says who may use which one; here they are only kept. A process that starts anew has none of
/// those in its log: they do not answer, are closed, and others are opened.
final class Connections: Sendable {
  /// One connection; whoever leased it is the only one to use it.
  final class Connection: @unchecked Sendable {
    // Serialised by the lease: the net gives a connection to one case at a time, and pings it only
    // while it is idle.
    private let handle: OpaquePointer

    init?(_ address: String) {
      guard let handle = PQconnectdb(address) else { return nil }
      guard PQstatus(handle) == CONNECTION_OK else {
        PQfinish(handle)
        return nil
      }
      self.handle = handle
    }

    deinit { PQfinish(handle) }

    /// The first field of the first row; nil if the server did not answer with one.
    func first(_ statement: String) -> String? {
      guard let result = PQexec(handle, statement) else { return nil }
      defer { PQclear(result) }
      guard PQresultStatus(result) == PGRES_TUPLES_OK, PQntuples(result) > 0,
        let text = PQgetvalue(result, 0, 0)
      else { return nil }
      return String(cString: text)
    }
  }

  private let address: String
  private let open = Mutex<[String: Connection]>([:])

  /// - Parameter address: as libpq takes it: `host=/tmp dbname=app`.
  init(_ address: String) { self.address = address }

  subscript(id: String) -> Connection? { open.withLock { $0[id] } }
}

extension Connections {
  /// The three actions that `workflows/pool.yaml` declares.
  var actions: [Action] {
    [
      Action("db.open") { (_: Petrel.Unit, context) -> Opened in
        try self.open(context.idempotencyKey)
      },
      Action("db.ping") { (known: Known, _) -> Petrel.Unit in
        guard self[known.id]?.first("SELECT 1") == "1" else { throw ActionError(PoolCode.gone) }
        return Petrel.Unit()
      },
      Action("db.close") { (known: Known, _) -> Petrel.Unit in
        self.open.withLock { $0[known.id] = nil }
        return Petrel.Unit()
      },
    ]
  }

  /// Opens once for each key: asked again, it is the same connection.
  private func open(_ key: String) throws -> Opened {
    if self[key] == nil {
      guard let made = Connection(address) else { throw ActionError(PoolCode.unavailable) }
      open.withLock { $0[key] = made }
    }
    return Opened(id: key)
  }
}

/// Read as `error.code` in the workflow.
enum PoolCode: String, Sendable {
  case gone
  case unavailable
}

struct Opened: Codable, Sendable { var id: String }

/// A connection as the net carries it.
struct Known: Codable, Sendable {
  var id: String
  var used_at: Date
}
