import CEL

/// Numbers for keys, given again when a key has left.
///
/// Keys are what clients send, so their hashes are those of the standard library, which nobody
/// outside can foresee; a number is found with one of them and leaves without.
///
/// - Complexity: O(1) on average.
struct KeyNumbers: Sendable {
  /// Numbers by hash with the hash above them, -1 where there is none; a power of two long.
  private var buckets: [Int64] = Array(repeating: -1, count: 16)
  /// By number; of one that was given back the last.
  private var keys: [Value] = []
  /// By number: 31 bits.
  private var hashes: [Int32] = []
  private var free: [Int32] = []

  func find(_ key: Value) -> Int32? { find(key, Self.hash(key)) }

  /// The number of a key, a new one if it has none.
  mutating func number(of key: Value) -> Int32 {
    let hash = Self.hash(key)
    if let known = find(key, hash) { return known }
    let number: Int32
    if let reused = free.popLast() {
      number = reused
      keys[Int(number)] = key
      hashes[Int(number)] = hash
    } else {
      number = Int32(keys.count)
      keys.append(key)
      hashes.append(hash)
    }
    if (keys.count - free.count) * 3 > buckets.count * 2 { grow() }
    place(Int64(hash) << 32 | Int64(number))
    return number
  }

  /// Closes the gap, so that no search ends early: what stands behind it moves up if it may.
  mutating func remove(_ number: Int32) {
    let mask = buckets.count - 1
    let entry = Int64(hashes[Int(number)]) << 32 | Int64(number)
    var gap = Int(hashes[Int(number)]) & mask
    while buckets[gap] != entry { gap = (gap + 1) & mask }
    var next = (gap + 1) & mask
    while buckets[next] >= 0 {
      let home = Int(buckets[next] >> 32) & mask
      if (next &- home) & mask >= (next &- gap) & mask {
        buckets[gap] = buckets[next]
        gap = next
      }
      next = (next + 1) & mask
    }
    buckets[gap] = -1
    free.append(number)
  }

  private func find(_ key: Value, _ hash: Int32) -> Int32? {
    let mask = buckets.count - 1
    var bucket = Int(hash) & mask
    while buckets[bucket] >= 0 {
      let entry = buckets[bucket]
      if entry >> 32 == Int64(hash) {
        let number = Int32(truncatingIfNeeded: entry)
        if keys[Int(number)] == key { return number }
      }
      bucket = (bucket + 1) & mask
    }
    return nil
  }

  private mutating func place(_ entry: Int64) {
    let mask = buckets.count - 1
    var bucket = Int(entry >> 32) & mask
    while buckets[bucket] >= 0 { bucket = (bucket + 1) & mask }
    buckets[bucket] = entry
  }

  private mutating func grow() {
    let entries = buckets
    buckets = Array(repeating: -1, count: buckets.count * 2)
    for entry in entries where entry >= 0 { place(entry) }
  }

  /// Never negative.
  private static func hash(_ key: Value) -> Int32 {
    var hasher = Hasher()
    switch key {
    case .int(let number): hasher.combine(number)
    default: key.hash(into: &hasher)
    }
    return Int32(truncatingIfNeeded: hasher.finalize()) & .max
  }
}
