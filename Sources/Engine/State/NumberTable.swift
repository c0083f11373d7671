/// What a number in the log names: rows and tokens, mostly.
package protocol Numbered: Hashable, Sendable {
  /// Equal keys have equal numbers; different ones may share one.
  var number: UInt64 { get }
}

/// Values by number, in a slab that a hash of 32-bit positions leads to.
///
/// A dictionary for keys nobody outside can choose: they are rows of the log, so a multiplication
/// spreads them, and a value is changed where it lies. The order of `keys` and `values` is that of
/// the slab, where what left makes room for what comes.
///
/// - Complexity: O(1) to find, insert and remove, on average.
package struct NumberTable<Key: Numbered, Value: Sendable>: Sendable {
  /// Position in the slab and, above it, the upper half of the hash; -1 where there is none; a power
  /// of two long.
  private var buckets: [Int64] = Array(repeating: -1, count: 16)
  private var shift: UInt64 = 60
  private var slabKeys: [Key] = []
  private var slab: [Value?] = []
  private var free: [Int32] = []
  package private(set) var count = 0

  package init() {}

  package var isEmpty: Bool { count == 0 }

  package subscript(key: Key) -> Value? {
    _read {
      let position = position(of: key)
      if position >= 0 { yield slab[position] } else { yield nil }
    }
    _modify {
      let position = position(of: key)
      if position >= 0 {
        defer { if slab[position] == nil { leave(key, position) } }
        yield &slab[position]
      } else {
        var fresh: Value?
        defer { if fresh != nil { enter(key, &fresh) } }
        yield &fresh
      }
    }
  }

  @discardableResult
  package mutating func removeValue(forKey key: Key) -> Value? {
    let position = position(of: key)
    guard position >= 0 else { return nil }
    var taken: Value?
    swap(&taken, &slab[position])
    leave(key, position)
    return taken
  }

  /// The value at a position that `position(of:)` gave leaves.
  mutating func removeValue(at position: Int) -> Value? {
    var taken: Value?
    swap(&taken, &slab[position])
    leave(slabKeys[position], position)
    return taken
  }

  /// Puts a value under a key that has none.
  ///
  /// - Returns: where it lies.
  mutating func insert(_ value: Value, forKey key: Key) -> Int {
    var value: Value? = value
    return enter(key, &value)
  }

  /// Where a key's value lies in the slab; -1 if there is none. Good until the key leaves.
  func position(of key: Key) -> Int {
    let hash = Self.hash(key)
    let mask = buckets.count - 1
    var bucket = Int(truncatingIfNeeded: hash >> shift)
    while true {
      let entry = buckets[bucket]
      if entry < 0 { return -1 }
      if UInt64(bitPattern: entry) >> 32 == hash >> 33 {
        let position = Int(truncatingIfNeeded: entry & 0xFFFF_FFFF)
        if slabKeys[position] == key { return position }
      }
      bucket = (bucket + 1) & mask
    }
  }

  /// The value at a position that `position(of:)` gave.
  subscript(at position: Int) -> Value? {
    _read { yield slab[position] }
    _modify { yield &slab[position] }
  }

  private static func hash(_ key: Key) -> UInt64 { key.number &* 0x9E37_79B9_7F4A_7C15 }

  /// Where an entry would stand if nothing else stood there.
  private func home(of entry: Int64) -> Int {
    Int(truncatingIfNeeded: ((UInt64(bitPattern: entry) >> 32) << 33) >> shift)
  }

  @discardableResult
  private mutating func enter(_ key: Key, _ value: inout Value?) -> Int {
    if (count + 1) * 3 > buckets.count * 2 { grow() }
    let position: Int
    if let reused = free.popLast() {
      position = Int(reused)
      slabKeys[position] = key
      swap(&slab[position], &value)
    } else {
      position = slab.count
      slabKeys.append(key)
      slab.append(nil)
      swap(&slab[position], &value)
    }
    place(position)
    count += 1
    return position
  }

  private mutating func place(_ position: Int) {
    let hash = Self.hash(slabKeys[position])
    place(Int64(bitPattern: (hash >> 33) << 32) | Int64(position))
  }

  private mutating func place(_ entry: Int64) {
    let mask = buckets.count - 1
    var bucket = home(of: entry)
    while buckets[bucket] >= 0 { bucket = (bucket + 1) & mask }
    buckets[bucket] = entry
  }

  private mutating func grow() {
    precondition(buckets.count < 1 << 31, "an entry holds 31 bits of its hash")
    let entries = buckets
    buckets = Array(repeating: -1, count: buckets.count * 2)
    shift -= 1
    for entry in entries where entry >= 0 { place(entry) }
  }

  /// Closes the gap, so that no search ends early: what stands behind it moves up if it may.
  private mutating func leave(_ key: Key, _ position: Int) {
    let mask = buckets.count - 1
    var gap = Int(truncatingIfNeeded: Self.hash(key) >> shift)
    while buckets[gap] & 0xFFFF_FFFF != Int64(position) { gap = (gap + 1) & mask }
    var next = (gap + 1) & mask
    while buckets[next] >= 0 {
      if (next &- home(of: buckets[next])) & mask >= (next &- gap) & mask {
        buckets[gap] = buckets[next]
        gap = next
      }
      next = (next + 1) & mask
    }
    buckets[gap] = -1
    free.append(Int32(position))
    count -= 1
  }
}

// MARK: Going over all

extension NumberTable {
  package struct Values: Collection {
    fileprivate let slab: [Value?]

    package var startIndex: Int { occupied(from: 0) }
    package var endIndex: Int { slab.count }
    package func index(after index: Int) -> Int { occupied(from: index + 1) }

    package subscript(index: Int) -> Value {
      guard let value = slab[index] else { preconditionFailure("an index of a value") }
      return value
    }

    private func occupied(from index: Int) -> Int {
      var index = index
      while index < slab.count, slab[index] == nil { index += 1 }
      return index
    }
  }

  package var values: Values { Values(slab: slab) }

  /// Where each value lies, and the value.
  var positioned: [(slot: Int32, value: Value)] {
    var positioned: [(slot: Int32, value: Value)] = []
    for position in slab.indices {
      if let value = slab[position] { positioned.append((Int32(position), value)) }
    }
    return positioned
  }

  package var keys: [Key] { slab.indices.filter { slab[$0] != nil }.map { slabKeys[$0] } }
}

extension NumberTable: Sequence {
  package struct Iterator: IteratorProtocol {
    fileprivate let keys: [Key]
    fileprivate let slab: [Value?]
    private var position = 0

    fileprivate init(_ keys: [Key], _ slab: [Value?]) {
      self.keys = keys
      self.slab = slab
    }

    package mutating func next() -> (key: Key, value: Value)? {
      while position < slab.count {
        defer { position += 1 }
        if let value = slab[position] { return (keys[position], value) }
      }
      return nil
    }
  }

  package func makeIterator() -> Iterator { Iterator(slabKeys, slab) }
}

extension Seq { package var word: UInt64 { UInt64(bitPattern: number) } }

extension CaseID: Numbered { package var number: UInt64 { seq.word } }
extension FiringID: Numbered { package var number: UInt64 { seq.word } }
extension TaskID: Numbered { package var number: UInt64 { seq.word } }
extension DefinitionID: Numbered { package var number: UInt64 { seq.word } }

extension TokenID: Numbered {
  package var number: UInt64 { seq.word &+ UInt64(truncatingIfNeeded: index) << 40 }
}
