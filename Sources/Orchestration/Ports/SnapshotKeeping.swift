package import Engine

/// The side of a log's store that keeps snapshots of the state beside the rows (LOG §6).
package protocol SnapshotKeeping: AnyObject {
  /// The state that the newest snapshot holds of those that can be trusted (LOG §6); nil if there is
  /// none. Called at most once, before `fold`; refuses a log of which rows behind it have left.
  func restore() throws(StoreError) -> State?

  /// Keys that "the same again" is answered from, in rows up to the restored snapshot that were written
  /// after `since`; in the order of the rows.
  func keys(since: Instant) throws(StoreError) -> [RecalledKey]

  /// Begins a snapshot, beside what is appended from now on; each group takes a part of it along.
  ///
  /// - Parameter cut: the fold of all rows that are appended.
  /// - Precondition: None is under way and nothing is being gathered.
  func beginSnapshot(of cut: State)

  /// How far the snapshot is that was begun last. `finished` until the event that names it is appended.
  var snapshot: SnapshotProgress { get }

  /// Writes the next part of the snapshot in a commit of its own; waits for it to be encoded.
  func advanceSnapshot() throws(StoreError)
}

extension SnapshotKeeping {
  // A store without snapshots is folded from its first row.
  package func restore() throws(StoreError) -> State? { nil }
  package func keys(since: Instant) throws(StoreError) -> [RecalledKey] { [] }
  package func beginSnapshot(of cut: State) {}
  package var snapshot: SnapshotProgress { .none }
  package func advanceSnapshot() throws(StoreError) {}
}

/// How far a snapshot is.
package enum SnapshotProgress: Sendable {
  /// None was begun, or it is logged, or could not be made.
  case none
  case underWay
  /// All of it is on disk; its event comes next.
  case finished(SnapshotTaken)
}
