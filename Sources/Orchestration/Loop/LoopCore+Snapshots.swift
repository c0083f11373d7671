internal import Engine

/// When snapshots of the state are taken (LOG §6).
package struct SnapshotLimits: Sendable, Equatable {
  /// One is taken when so many rows came since the last, and half as many as there are open cases.
  package var rowsMin: Int64
  /// On an orderly stop when so many came; fewer are folded sooner than a snapshot is read.
  package var rowsAtStopMin: Int64

  package init(rowsMin: Int64 = 100_000, rowsAtStopMin: Int64 = 256) {
    self.rowsMin = rowsMin
    self.rowsAtStopMin = rowsAtStopMin
  }
}

extension LoopCore {
  package var isTakingSnapshot: Bool {
    if case .underWay = store.snapshot { true } else { false }
  }

  /// Whether a snapshot is on disk that no event names yet.
  package var hasSnapshotToRecord: Bool {
    if case .finished = store.snapshot { gathered.isEmpty } else { false }
  }

  /// Has the next group begin with the event that names a snapshot which is on disk.
  package mutating func recordSnapshot() {
    guard gathered.isEmpty, case .finished(let taken) = store.snapshot else { return }
    _ = take(.recordSnapshot(taken), at: machine.state.lastAt, lookups: Lookups())
  }

  /// Begins a snapshot of all that is on disk, if none is under way; commits go on with it.
  package mutating func beginSnapshot() {
    guard case .none = store.snapshot, gathered.isEmpty else { return }
    lastSnapshot = machine.state.lastSeq
    store.beginSnapshot(of: machine.state.cut)
  }

  /// Begins one when it is due.
  mutating func beginDueSnapshot() {
    guard let limits = snapshotLimits else { return }
    let rows = machine.state.lastSeq.number - lastSnapshot.number
    if rows > max(limits.rowsMin, Int64(machine.state.cases.count / 2)) { beginSnapshot() }
  }

  /// Writes what is missing of the snapshot that is under way, and its event.
  package mutating func finishSnapshot() throws(StoreError) {
    while isTakingSnapshot { try store.advanceSnapshot() }
    recordSnapshot()
    if !gathered.isEmpty { _ = try commit() }
  }

  /// On an orderly stop: a snapshot that is under way is finished, and one is taken if it is worth it.
  package mutating func takeLastSnapshot() throws(StoreError) {
    guard let limits = snapshotLimits else { return }
    try finishSnapshot()
    guard machine.state.lastSeq.number - lastSnapshot.number >= limits.rowsAtStopMin else { return }
    beginSnapshot()
    try finishSnapshot()
  }
}
