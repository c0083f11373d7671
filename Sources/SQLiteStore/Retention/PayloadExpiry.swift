internal import Engine
internal import GRDBSQLite
internal import Orchestration
internal import Record

/// Deletes questions and replies whose time is over, behind the event that says so (LOG §5).
final class PayloadExpiry {
  enum Step {
    case announce(role: String, through: Seq)
    case more
    case done
  }

  /// So many payloads are looked at in one slice.
  static let payloadsLookedAt = 4_000

  /// Last row whose payloads of the role go.
  private let through: [(role: String, row: Int64)]
  private let following: PreparedStatement
  private var next: Int64 = -1

  init(_ connection: OpaquePointer, _ plan: RetirementPlan) throws(StoreError) {
    let ages = try RowAges(connection)
    let kept: [(PayloadRole, Int64?)] = [
      (.request, plan.retention.requestsMicroseconds), (.reply, plan.retention.repliesMicroseconds),
    ]
    var through: [(role: String, row: Int64)] = []
    for (role, kept) in kept {
      guard let kept else { continue }
      let row = try ages.last(before: plan.now.advanced(by: -kept))
      if row > 0 { through.append((role.rawValue, row)) }
    }
    self.through = through
    following = try PreparedStatement(
      connection, "SELECT id, role FROM payload WHERE id>?1 AND id<=?2 ORDER BY id LIMIT ?3",
      "looking for payloads that may go")
  }

  /// - Parameter announced: roles of which an event says that they go.
  func slice(
    _ statements: Statements, announced: Set<String>
  ) throws(StoreError) -> Step {
    guard let end = through.map(\.row).max() else { return .done }
    var going: [Int64] = []
    var seen = 0
    following.bind(1, next)
    following.bind(2, end << 16 | 65_535)
    following.bind(3, Int64(Self.payloadsLookedAt))
    var last = next
    defer { following.reset() }
    while going.count < Retention.rowsMax, try following.next() {
      seen += 1
      let id = following.int(0)
      let role = following.text(1)
      guard let due = through.first(where: { $0.role == role }), id >> 16 <= due.row else {
        last = id
        continue
      }
      if !announced.contains(role) {
        // What was found before it waits for the same slice again.
        return .announce(role: role, through: Seq(due.row))
      }
      going.append(id)
      last = id
    }
    next = last
    following.reset()
    if !going.isEmpty { try delete(going, statements) }
    return seen == 0 ? .done : .more
  }

  private func delete(_ ids: [Int64], _ statements: Statements) throws(StoreError) {
    let deletion = try PreparedStatement(
      statements.connection, "DELETE FROM payload WHERE id=?1", "letting payloads go")
    try statements.transaction { () throws(StoreError) in
      for id in ids {
        deletion.bind(1, id)
        let code = deletion.run()
        guard code == SQLITE_DONE else { throw deletion.failure(code) }
      }
    }
  }
}
