import Record
import Testing

struct MerkleTreeTests {
  /// RFC 6962 §2.1, word for word.
  private func root(_ leaves: ArraySlice<Hash256>) -> Hash256 {
    guard leaves.count > 1, let first = leaves.first else {
      return leaves.first ?? Hash256(hashing: [])
    }
    _ = first
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = leaves.startIndex + split
    return MerkleTree.node(root(leaves[..<middle]), root(leaves[middle...]))
  }

  @Test func `a tree grown leaf by leaf has the root of its definition`() {
    let leaves = (0..<130).map { Hash256(hashing: [UInt8($0)]) }
    var tree = MerkleTree()

    for (index, leaf) in leaves.enumerated() {
      tree.append(leaf)
      #expect(tree.root == root(leaves[...index]))
    }

    #expect(tree.size == 130)
  }
}
