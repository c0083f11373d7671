import PetriNet

/// Changes workflow files as slips of an editor do: bytes, lines, whole subtrees.
struct Mutation {
  private var random: SplitMix

  init(seed: UInt64) { random = SplitMix(state: seed) }

  /// Another text; seldom the same.
  mutating func mutant(of bytes: [UInt8]) -> [UInt8] {
    switch random.below(10) {
    case 0..<4: return byBytes(bytes)
    case 4..<7: return byLines(bytes)
    default: return bySubtrees(bytes)
    }
  }

  private static let inserted: [[UInt8]] =
    [
      "{", "}", "[", "]", ":", ",", "#", "&", "*", "!", "'", "\"", "\t", "\n", " ", "-", "%", "|",
      "\u{0}",
      "\u{FEFF}", "\u{A0}", "가", "\r", "<<: ", "? ", "--- ", "(", ")", "..", "=",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xE2, 0x80]]

  private mutating func byBytes(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.below(3) where !bytes.isEmpty {
      let index = random.below(bytes.count)
      switch random.below(4) {
      case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
      case 1: bytes.remove(at: index)
      case 2: bytes.insert(contentsOf: Self.inserted[random.below(Self.inserted.count)], at: index)
      default: bytes.swapAt(index, random.below(bytes.count))
      }
    }
    return bytes
  }

  private mutating func byLines(_ bytes: [UInt8]) -> [UInt8] {
    var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) }
    let index = random.below(lines.count)
    switch random.below(5) {
    case 0: lines.remove(at: index)
    case 1: lines.insert(lines[random.below(lines.count)], at: index)
    case 2: lines.swapAt(index, random.below(lines.count))
    case 3: lines[index].insert(contentsOf: Array(repeating: 32, count: 1 + random.below(3)), at: 0)
    default: lines[index] = Array(lines[index].drop { $0 == 32 })
    }
    return Array(lines.joined(separator: [10]))
  }

  /// A line and those indented below it are taken out, doubled, or put elsewhere.
  private mutating func bySubtrees(_ bytes: [UInt8]) -> [UInt8] {
    var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) }
    let start = random.below(lines.count)
    let depth = lines[start].prefix { $0 == 32 }.count
    let below = lines[(start + 1)...].prefix { $0.prefix { $0 == 32 }.count > depth }.count
    let subtree = Array(lines[start...(start + below)])
    let way = random.below(4)
    if way != 1 { lines.removeSubrange(start...(start + below)) }
    if way > 0 {
      let indent = random.below(3) * 2
      let moved = subtree.map { line in
        way == 3 ? Array(repeating: 32, count: indent) + line : line
      }
      lines.insert(contentsOf: moved, at: lines.isEmpty ? 0 : random.below(lines.count))
    }
    return Array(lines.joined(separator: [10]))
  }
}

/// SplitMix64: the same numbers on every machine.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }
}
