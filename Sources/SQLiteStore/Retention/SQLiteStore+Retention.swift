internal import Engine
internal import GRDBSQLite
package import Orchestration
internal import Record

/// A pass of retention under way. Touched by the engine's thread, or by the connection's queue for it.
struct Retirement {
  enum Phase {
    case checkpoints(CheckpointThinning)
    case payloads(PayloadExpiry, announced: Set<String>)
    case rows(PruningSweep?)
    case blobs(BlobSweep?)
    case pages
    case over
  }

  let pass: Int
  var phase: Phase
  /// Whether rows or payloads went in this pass.
  var hasRemoved = false
}

extension SQLiteStore {
  /// Pages that are given back to the file system in one slice.
  private static let pagesFreed = 256

  package func retire(_ plan: RetirementPlan) throws(StoreError) -> RetirementStep {
    guard !isBroken else { throw .broken }
    do throws(StoreError) {
      let step = try using("letting go what is old") { statements in
        try self.step(of: plan, statements)
      }
      keepSpace()
      try checkpoint()
      return step
    } catch {
      isBroken = true
      throw error
    }
  }

  private func step(
    of plan: RetirementPlan, _ statements: Statements
  ) throws(StoreError) -> RetirementStep {
    let connection = statements.connection
    var pass =
      retirement?.pass == plan.number ? retirement : nil
    if pass == nil {
      pass = Retirement(
        pass: plan.number, phase: .checkpoints(try CheckpointThinning(connection, plan.now)))
    }
    guard var pass else { return .done }
    defer { retirement = pass }
    switch pass.phase {
    case .checkpoints(let thinning):
      if try thinning.slice(statements) { return .more }
      pass.phase = .payloads(try PayloadExpiry(connection, plan), announced: [])
      return .more
    case .payloads(let expiry, let announced):
      switch try expiry.slice(statements, announced: announced) {
      case .announce(let role, let through):
        pass.phase = .payloads(expiry, announced: announced.union([role]))
        pass.hasRemoved = true
        return .payloads(role: role, through: through)
      case .more: return .more
      case .done:
        pass.phase = .rows(
          try plan.closedBefore.map { (before) throws(StoreError) in
            try PruningSweep(connection, plan, before: before)
          })
        return .more
      }
    case .rows(let sweep):
      guard let sweep, let before = plan.closedBefore,
        let rows = try sweep.take(limit: plan.rowsMax)
      else {
        pass.phase = .blobs(nil)
        return .more
      }
      guard !rows.isEmpty else { return .more }
      pass.hasRemoved = true
      return .rows(try Pruning(connection).plan(rows, closedBefore: before))
    case .blobs(let sweep): return try blobs(sweep, &pass, statements)
    case .pages:
      if try freePages(connection) { return .more }
      pass.phase = .over
      return .done
    case .over: return .done
    }
  }

  private func blobs(
    _ sweep: BlobSweep?, _ pass: inout Retirement, _ statements: Statements
  ) throws(StoreError) -> RetirementStep {
    var sweep = sweep
    if sweep == nil {
      sweep = try BlobSweep(statements.connection, rowsGone: pass.hasRemoved)
    }
    guard let sweep else { return .more }
    pass.phase = try sweep.slice(statements) ? .blobs(sweep) : .pages
    return .more
  }

  /// Takes out, in the transaction that is open, what a row of it announces.
  func remove(
    _ rows: RetiringRows, _ events: [LoggedEvent], _ statements: Statements
  ) throws(StoreError) {
    let announcing = events.last { logged in
      if case .logPruned(let event) = logged.event {
        event.first == rows.first && event.last == rows.last
      } else {
        false
      }
    }
    guard let announcing else {
      preconditionFailure("rows leave with an event that says so")
    }
    try Pruning(statements.connection).remove(rows, by: announcing.seq.number)
  }

  /// Gives pages that are free back, a few at a time; false when none are left.
  private func freePages(_ connection: OpaquePointer) throws(StoreError) -> Bool {
    let free = try PreparedStatement(connection, "PRAGMA freelist_count", "freeing pages")
    let count = try free.next() ? free.int(0) : 0
    free.reset()
    guard count > 0 else { return false }
    // One step frees one page.
    let vacuum = try PreparedStatement(
      connection, "PRAGMA incremental_vacuum(\(Self.pagesFreed))", "freeing pages")
    while try vacuum.next() {}
    return count > Self.pagesFreed
  }
}

extension RetirementPlan {
  /// Cases that closed before this instant go; nil: they stay.
  var closedBefore: Instant? {
    retention.casesMicroseconds.map { now.advanced(by: -$0) }
  }
}
