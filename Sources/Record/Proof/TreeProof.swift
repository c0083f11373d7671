/// Proofs over the tree of a log (RFC 6962 §2.1.1, §2.1.2): which parts of the tree prove a claim,
/// and whether hashes that came from elsewhere do.
package enum TreeProof {
  /// The leaves whose roots lead from leaf `index` to the root of the first `size` leaves, the
  /// nearest to the leaf first.
  ///
  /// - Precondition: `index` is below `size`.
  package static func inclusion(of index: Int64, in size: Int64) -> [Range<Int64>] {
    precondition(index >= 0 && index < size, "the leaf is in the tree")
    var path: [Range<Int64>] = []
    var (start, end) = (Int64(0), size)
    while end - start > 1 {
      let middle = start + split(end - start)
      if index < middle {
        path.append(middle..<end)
        end = middle
      } else {
        path.append(start..<middle)
        start = middle
      }
    }
    return path.reversed()
  }

  /// The leaves whose roots show that the first `old` leaves are the beginning of the first `new`.
  ///
  /// - Precondition: `old` is positive and not above `new`.
  package static func consistency(from old: Int64, to new: Int64) -> [Range<Int64>] {
    precondition(old > 0 && old <= new, "the old tree is the beginning of the new one")
    var path: [Range<Int64>] = []
    var (start, end) = (Int64(0), new)
    var isWhole = true
    while end != old {
      let middle = start + split(end - start)
      if old <= middle {
        path.append(middle..<end)
        end = middle
      } else {
        path.append(start..<middle)
        start = middle
        isWhole = false
      }
    }
    if !isWhole { path.append(start..<end) }
    return path.reversed()
  }

  /// The root to which `path` leads from a leaf; nil if the path has not the length for it.
  package static func root(
    of leaf: Hash256, at index: Int64, in size: Int64, by path: [Hash256]
  ) -> Hash256? {
    guard index >= 0, index < size else { return nil }
    var (place, last, root) = (index, size - 1, leaf)
    for hash in path {
      guard last > 0 else { return nil }
      if place & 1 == 1 || place == last {
        root = MerkleTree.node(hash, root)
        while place & 1 == 0, place != 0 { (place, last) = (place >> 1, last >> 1) }
      } else {
        root = MerkleTree.node(root, hash)
      }
      (place, last) = (place >> 1, last >> 1)
    }
    return last == 0 ? root : nil
  }

  /// Whether `path` shows that a tree of `old` leaves is the beginning of one of `new`.
  package static func isConsistent(
    _ old: (size: Int64, root: Hash256), _ new: (size: Int64, root: Hash256), by path: [Hash256]
  ) -> Bool {
    guard old.size > 0, old.size <= new.size else { return false }
    if old.size == new.size { return path.isEmpty && old.root == new.root }
    var hashes = path[...]
    if old.size & (old.size - 1) == 0 { hashes = ([old.root] + path)[...] }
    guard let first = hashes.popFirst() else { return false }
    var (place, last) = (old.size - 1, new.size - 1)
    while place & 1 == 1 { (place, last) = (place >> 1, last >> 1) }
    var (oldRoot, newRoot) = (first, first)
    for hash in hashes {
      guard last > 0 else { return false }
      if place & 1 == 1 || place == last {
        oldRoot = MerkleTree.node(hash, oldRoot)
        newRoot = MerkleTree.node(hash, newRoot)
        while place & 1 == 0, place != 0 { (place, last) = (place >> 1, last >> 1) }
      } else {
        newRoot = MerkleTree.node(newRoot, hash)
      }
      (place, last) = (place >> 1, last >> 1)
    }
    return last == 0 && oldRoot == old.root && newRoot == new.root
  }

  /// The greatest power of two below `count`.
  private static func split(_ count: Int64) -> Int64 { 1 << (63 - (count - 1).leadingZeroBitCount) }
}
