import CEL

/// Numbers for keys, given again when a key has left.
///
/// Keys are what clients send, so their hashes are those of the standard library, which nobody
/// outside can foresee; a number is found with one of them and leaves without.
///
/// - Complexity: O(1) on average.
struct KeyNumbers: Sendable {
  /// Numbers by hash, -1 where there is none; a power of two long.
  private var buckets: [Int32] = Array(repeating: -1, count: 16)
  private var keys: [Value] = []
  private var hashes: [Int] = []
  private var free: [Int32] = []

  /// One more than the greatest number given.
  var count: Int { keys.count }

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
    place(number)
    return number
  }

  /// Closes the gap, so that no search ends early: what stands behind it moves up if it may.
  mutating func remove(_ number: Int32) {
    let mask = buckets.count - 1
    var gap = hashes[Int(number)] & mask
    while buckets[gap] != number { gap = (gap + 1) & mask }
    var next = (gap + 1) & mask
    while buckets[next] >= 0 {
      let home = hashes[Int(buckets[next])] & mask
      if (next &- home) & mask >= (next &- gap) & mask {
        buckets[gap] = buckets[next]
        gap = next
      }
      next = (next + 1) & mask
    }
    buckets[gap] = -1
    keys[Int(number)] = .null
    free.append(number)
  }

  private func find(_ key: Value, _ hash: Int) -> Int32? {
    let mask = buckets.count - 1
    var bucket = hash & mask
    while buckets[bucket] >= 0 {
      let number = Int(buckets[bucket])
      if hashes[number] == hash, keys[number] == key { return Int32(number) }
      bucket = (bucket + 1) & mask
    }
    return nil
  }

  private mutating func place(_ number: Int32) {
    let mask = buckets.count - 1
    var bucket = hashes[Int(number)] & mask
    while buckets[bucket] >= 0 { bucket = (bucket + 1) & mask }
    buckets[bucket] = number
  }

  private mutating func grow() {
    let placed = buckets.filter { $0 >= 0 }
    buckets = Array(repeating: -1, count: buckets.count * 2)
    for number in placed { place(number) }
  }

  private static func hash(_ key: Value) -> Int {
    var hasher = Hasher()
    switch key {
    case .int(let number): hasher.combine(number)
    default: key.hash(into: &hasher)
    }
    return hasher.finalize()
  }
}
