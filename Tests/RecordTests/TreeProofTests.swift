import Record
import Testing

struct TreeProofTests {
  /// RFC 6962 §2.1: MTH, PATH and PROOF as they are defined there, over hashes of leaves.
  private enum Naive {
    static func split(_ count: Int) -> Int {
      var split = 1
      while split * 2 < count { split *= 2 }
      return split
    }

    static func root(_ leaves: ArraySlice<Hash256>) -> Hash256 {
      guard leaves.count > 1 else { return leaves.first ?? Hash256(hashing: []) }
      let middle = leaves.startIndex + split(leaves.count)
      return MerkleTree.node(root(leaves[..<middle]), root(leaves[middle...]))
    }

    static func path(_ index: Int, _ leaves: ArraySlice<Hash256>) -> [Hash256] {
      guard leaves.count > 1 else { return [] }
      let count = split(leaves.count)
      let middle = leaves.startIndex + count
      return index < count
        ? path(index, leaves[..<middle]) + [root(leaves[middle...])]
        : path(index - count, leaves[middle...]) + [root(leaves[..<middle])]
    }

    static func proof(_ old: Int, _ leaves: ArraySlice<Hash256>, isWhole: Bool = true) -> [Hash256]
    {
      if old == leaves.count { return isWhole ? [] : [root(leaves)] }
      let count = split(leaves.count)
      let middle = leaves.startIndex + count
      return old <= count
        ? proof(old, leaves[..<middle], isWhole: isWhole) + [root(leaves[middle...])]
        : proof(old - count, leaves[middle...], isWhole: false) + [root(leaves[..<middle])]
    }
  }

  private static let leaves = (0..<200).map { Hash256(hashing: [UInt8($0), 7]) }

  private func roots(_ ranges: [Range<Int64>], _ leaves: [Hash256]) -> [Hash256] {
    ranges.map { wanted in
      var range = MerkleRange(start: wanted.lowerBound)
      for leaf in leaves[Int(wanted.lowerBound)..<Int(wanted.upperBound)] { range.append(leaf) }
      return range.root
    }
  }

  /// The entries of the certificate transparency project's tests, whose leaves are H(00 ‖ entry).
  @Test(
    arguments: zip(
      0...8,
      [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
      ]))
  func `roots are those that other implementations give`(count: Int, root: String) {
    let entries = [
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
      "606162636465666768696a6b6c6d6e6f",
    ]
    let leaves = entries.prefix(count).map {
      Hash256(hashing: [0] + (Hexadecimal.bytes($0.utf8) ?? []))
    }

    #expect(MerkleTree(leaves).root.hex == root)
  }

  @Test func `a row is proved to be in the tree as the definition has it`() {
    for size in 1...70 {
      let leaves = Array(Self.leaves.prefix(size))
      for index in 0..<size {
        let path = roots(TreeProof.inclusion(of: Int64(index), in: Int64(size)), leaves)
        #expect(path == Naive.path(index, leaves[...]))
        let root = TreeProof.root(of: leaves[index], at: Int64(index), in: Int64(size), by: path)
        #expect(root == Naive.root(leaves[...]))
      }
    }
  }

  @Test func `a log is proved to be the beginning of another as the definition has it`() {
    for new in 1...70 {
      let leaves = Array(Self.leaves.prefix(new))
      for old in 1...new {
        let path = roots(TreeProof.consistency(from: Int64(old), to: Int64(new)), leaves)
        #expect(path == Naive.proof(old, leaves[...]))
        #expect(
          TreeProof.isConsistent(
            (Int64(old), Naive.root(leaves[..<old])), (Int64(new), Naive.root(leaves[...])),
            by: path))
      }
    }
  }

  @Test func `a proof proves nothing else`() {
    var draws = Draws(state: 11)
    for _ in 0..<300 {
      let size = Int.random(in: 2...200, using: &draws)
      let leaves = Array(Self.leaves.prefix(size))
      let root = Naive.root(leaves[...])
      let index = Int.random(in: 0..<size, using: &draws)
      let path = Naive.path(index, leaves[...])
      var other = path
      other[Int.random(in: other.indices, using: &draws)] = Hash256(hashing: [1])

      func proves(_ place: Int, _ size: Int, _ path: [Hash256]) -> Bool {
        TreeProof.root(of: leaves[index], at: Int64(place), in: Int64(size), by: path) == root
      }
      #expect(!proves(index, size, other))
      #expect(!proves(index, size, path.dropLast()))
      #expect(!proves(index, size, path + [root]))
      #expect(!proves((index + 1) % size, size, path))
      #expect(!proves(size, size, path))

      let old = Int.random(in: 1..<size, using: &draws)
      let proof = Naive.proof(old, leaves[...])
      let small = Naive.root(leaves[..<old])
      #expect(
        !TreeProof.isConsistent(
          (Int64(old), Hash256(hashing: [2])), (Int64(size), root), by: proof))
      #expect(
        !TreeProof.isConsistent(
          (Int64(old), small), (Int64(size), Hash256(hashing: [3])), by: proof))
      #expect(
        !TreeProof.isConsistent((Int64(old), small), (Int64(size), root), by: proof.dropLast()))
    }
  }

  @Test func `parts of a log that were hashed apart make the same tree`() {
    var draws = Draws(state: 5)
    for _ in 0..<200 {
      let size = Int.random(in: 1...200, using: &draws)
      var tree = MerkleRange(start: 0)
      while tree.end < size {
        let end = Int64.random(in: (tree.end + 1)...Int64(size), using: &draws)
        var part = MerkleRange(start: tree.end)
        if Bool.random(using: &draws) {
          // As a pruned run stands in a file: by the subtrees that its leaves take.
          for level in MerkleRange.levels(of: tree.end..<end) {
            let leaves = Self.leaves[Int(part.end)..<(Int(part.end) + (1 << level))]
            part.append(MerkleRange.Node(level: level, hash: Naive.root(leaves)))
          }
        } else {
          for leaf in Self.leaves[Int(tree.end)..<Int(end)] { part.append(leaf) }
        }
        tree.append(part)
      }

      #expect(tree.root == Naive.root(Self.leaves[..<size]))
      #expect(MerkleTree(tree).root == tree.root)
    }
  }

  /// Xorshift: the same draws everywhere.
  private struct Draws: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }
}
