/// Rows that have left, and what stands for them (LOG §5).
package struct PrunedRun: Equatable, Sendable {
  package let first: Int64
  package let last: Int64
  /// Of the greatest aligned subtrees, left to right; fewer than it takes if some are missing.
  package let nodes: [MerkleRange.Node]
  package let lastHash: Hash256?
  /// The row that announced it.
  package let by: Int64
  /// Whether there are as many subtrees as the run takes.
  package let isWhole: Bool

  package init(first: Int64, last: Int64, subtrees: [UInt8], lastHash: Hash256?, by: Int64) {
    self.first = first
    self.last = last
    self.lastHash = lastHash
    self.by = by
    let levels = first >= 1 && first <= last ? MerkleRange.levels(of: (first - 1)..<last) : []
    nodes = zip(levels, stride(from: 0, to: subtrees.count, by: 32)).compactMap { level, offset in
      Hash256(subtrees[offset...].prefix(32)).map { MerkleRange.Node(level: level, hash: $0) }
    }
    isWhole = !levels.isEmpty && subtrees.count == levels.count * 32
  }

  package var rows: ClosedRange<Int64> { first...max(first, last) }
}
