/// Consecutive leaves of a tree (RFC 6962 §2.1), from any of them on, as the roots of their greatest
/// aligned subtrees.
///
/// Ranges that meet are joined without looking at their leaves again, so that parts of a log may be
/// hashed in any order, and a part whose rows have left still counts.
package struct MerkleRange: Equatable, Sendable {
  /// The root of `2^level` leaves that begin at a multiple of as many.
  package struct Node: Equatable, Sendable {
    package var level: Int
    package var hash: Hash256

    package init(level: Int, hash: Hash256) {
      self.level = level
      self.hash = hash
    }
  }

  /// Index of the first leaf.
  package let start: Int64
  /// Index behind the last leaf.
  package private(set) var end: Int64
  /// From left to right.
  package private(set) var nodes: [Node] = []

  /// An empty range.
  package init(start: Int64) {
    self.start = start
    end = start
  }

  package mutating func append(_ leaf: Hash256) { append(Node(level: 0, hash: leaf)) }

  /// - Precondition: The subtree is aligned where the range ends.
  package mutating func append(_ node: Node) {
    precondition(end & (1 << node.level - 1) == 0, "a subtree begins at a multiple of its size")
    end += 1 << node.level
    var node = node
    // The left neighbour and this one are halves of one subtree.
    while let left = nodes.last, left.level == node.level, end & (1 << (node.level + 1) - 1) == 0 {
      nodes.removeLast()
      node = Node(level: node.level + 1, hash: MerkleTree.node(left.hash, node.hash))
    }
    nodes.append(node)
  }

  /// - Precondition: `range` begins where this one ends.
  package mutating func append(_ range: MerkleRange) {
    precondition(range.start == end, "ranges that are joined meet")
    for node in range.nodes { append(node) }
  }

  /// The root of the leaves, as that of a tree of their own: of the whole tree if the range begins
  /// at 0, of a part that RFC 6962 splits off if it is one.
  package var root: Hash256 {
    guard var root = nodes.last?.hash else { return Hash256(hashing: []) }
    for left in nodes.dropLast().reversed() { root = MerkleTree.node(left.hash, root) }
    return root
  }

  /// The levels of the greatest aligned subtrees that make up the leaves of `range`, left to right.
  package static func levels(of range: Range<Int64>) -> [Int] {
    var levels: [Int] = []
    var start = range.lowerBound
    while start < range.upperBound {
      var level = start == 0 ? 62 : start.trailingZeroBitCount
      while 1 << level > range.upperBound - start { level -= 1 }
      levels.append(level)
      start += 1 << level
    }
    return levels
  }
}

extension MerkleTree {
  /// Goes on from a range that begins at 0.
  package init(_ range: MerkleRange) {
    precondition(range.start == 0, "a tree begins at its first leaf")
    self.init(size: range.end, subtrees: range.nodes.map(\.hash))
  }
}
