/// The tree of a log as it grows, and when its state is signed (LOG §4).
///
/// Owned by its store; takes a leaf for each row.
package struct CheckpointSeries: Sendable {
  /// A checkpoint is due after so many microseconds of the log's time, or so many rows.
  package static let microseconds: Int64 = 1_000_000
  package static let rows: Int64 = 65_536

  /// What is written beside the rows, in their commit.
  package struct Entry: Equatable, Sendable {
    package var note: SignedNote
    /// The time of its last row.
    package var at: Int64

    package init(note: SignedNote, at: Int64) {
      self.note = note
      self.at = at
    }
  }

  private let origin: String
  /// One; both, the old one first, until the first checkpoint after a change of keys.
  package var keys: [CheckpointKey]
  package private(set) var tree = MerkleTree()
  private var lastSize: Int64
  private var lastAt: Int64

  /// - Parameter last: size and time of the newest checkpoint in the log.
  package init(origin: String, key: CheckpointKey, last: (size: Int64, at: Int64)?) {
    self.origin = origin
    keys = [key]
    lastSize = last?.size ?? 0
    lastAt = last?.at ?? .min
  }

  package mutating func add(_ leaf: Hash256) { tree.append(leaf) }

  /// Takes the tree of rows that are in the log already.
  package mutating func begin(with tree: MerkleTree) { self.tree = tree }

  /// Whether there are rows that no checkpoint covers.
  package var isBehind: Bool { tree.size > lastSize }

  /// The checkpoint of all rows so far, if one is due at the time of the last of them.
  package mutating func entry(at: Int64) -> Entry? {
    guard isBehind else { return nil }
    let isDue =
      keys.count > 1 || tree.size - lastSize >= Self.rows || lastAt == .min
      || at - lastAt >= Self.microseconds
    return isDue ? entryNow(at: at) : nil
  }

  /// The checkpoint of all rows so far.
  package mutating func entryNow(at: Int64) -> Entry {
    let checkpoint = Checkpoint(origin: origin, size: tree.size, root: tree.root)
    let entry = Entry(note: SignedNote(checkpoint, signedBy: keys), at: at)
    keys.removeFirst(keys.count - 1)
    lastSize = tree.size
    lastAt = at
    return entry
  }
}
