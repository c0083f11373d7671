/// The tree over the leaves of a log (RFC 6962 §2.1), grown leaf by leaf.
///
/// Keeps the roots of the perfect subtrees from left to right: O(log n) hashes, amortised one hash
/// a leaf.
package struct MerkleTree: Sendable {
  /// Number of leaves; the leaf of row n has index n − 1.
  package private(set) var size: Int64 = 0
  /// Roots of perfect subtrees, greatest first.
  private var subtrees: [Hash256] = []

  package init() {}

  init(size: Int64, subtrees: [Hash256]) {
    self.size = size
    self.subtrees = subtrees
  }

  package init(_ leaves: some Sequence<Hash256>) {
    for leaf in leaves { append(leaf) }
  }

  package mutating func append(_ leaf: Hash256) {
    subtrees.append(leaf)
    var carry = size
    while carry & 1 == 1 {
      let right = subtrees.removeLast()
      let left = subtrees.removeLast()
      subtrees.append(Self.node(left, right))
      carry >>= 1
    }
    size += 1
  }

  /// SHA-256 of nothing for the empty tree.
  package var root: Hash256 {
    guard var root = subtrees.last else { return Hash256(hashing: []) }
    for left in subtrees.dropLast().reversed() { root = Self.node(left, root) }
    return root
  }

  /// H(01 ‖ left ‖ right).
  package static func node(_ left: Hash256, _ right: Hash256) -> Hash256 {
    withUnsafeTemporaryAllocation(byteCount: 65, alignment: 1) { buffer in
      buffer[0] = 1
      left.withBytes {
        UnsafeMutableRawBufferPointer(rebasing: buffer[1..<33]).copyMemory(from: $0)
      }
      right.withBytes {
        UnsafeMutableRawBufferPointer(rebasing: buffer[33..<65]).copyMemory(from: $0)
      }
      return Hash256(hashing: UnsafeRawBufferPointer(buffer))
    }
  }
}
