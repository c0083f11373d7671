/// What a number in the log names: rows and tokens, mostly.
package protocol Numbered: Hashable, Sendable {
  /// Equal keys have equal numbers; different ones may share one.
  var number: UInt64 { get }
}

/// Values by number, in a slab that a hash of 32-bit positions leads to.
///
/// A dictionary for keys nobody outside can choose: they are rows of the log, so a multiplication
/// spreads them, eight that follow one another to one line of the cache; and a value is read and changed where it lies: a look at a field of it copies that
/// field and nothing else. The order of `keys` and `values` is that of the slab, where what left makes
/// room for what comes.
///
/// - Complexity: O(1) to find, insert and remove, on average.
package struct NumberTable<Key: Numbered & Sendable, Value: Sendable>: Sendable {
  /// Side by side, so that one line of the cache mostly holds what a look-up touches.
  fileprivate struct Slot: Sendable {
    var key: Key
    var value: Value?
  }

  /// Position in the slab and, above it, 31 bits of the hash; -1 where there is none; a power of two
  /// long.
  private var buckets: [Int64] = Array(repeating: -1, count: 16)
  /// By how much the hash is shifted for a place among the buckets.
  private var shift: UInt64 = 27
  private var slab = InPlaceArray<Slot>()
  private var free: [Int32] = []
  /// One nil: what a key without a value has.
  private let nothing = InPlaceArray<Value?>(repeating: nil, count: 1)
  /// Where a value stands in its slot, in bytes.
  private let offset: Int
  package private(set) var count = 0

  package init() {
    guard let offset = MemoryLayout<Slot>.offset(of: \.value) else {
      preconditionFailure("a stored property has an offset")
    }
    self.offset = offset
  }

  package var isEmpty: Bool { count == 0 }

  package subscript(key: Key) -> Value? {
    unsafeAddress {
      let position = position(of: key)
      return position >= 0 ? address(of: position) : nothing.address(of: 0)
    }
    _modify {
      let position = position(of: key)
      if position >= 0 {
        defer { if slab[position].value == nil { leave(key, position) } }
        yield &slab[position].value
      } else {
        var fresh: Value?
        defer { if fresh != nil { enter(key, &fresh) } }
        yield &fresh
      }
    }
  }

  subscript(key: Key, default standard: @autoclosure () -> Value) -> Value {
    get { self[key] ?? standard() }
    set { self[key] = newValue }
  }

  @discardableResult
  package mutating func removeValue(forKey key: Key) -> Value? {
    let position = position(of: key)
    return position >= 0 ? removeValue(at: position) : nil
  }

  /// The value at a position that `position(of:)` gave leaves.
  mutating func removeValue(at position: Int) -> Value? {
    var taken: Value?
    swap(&taken, &slab[position].value)
    leave(slab[position].key, position)
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
    var bucket = home(of: hash)
    while true {
      let entry = buckets[bucket]
      if entry < 0 { return -1 }
      if UInt64(bitPattern: entry) >> 32 == hash {
        let position = Int(truncatingIfNeeded: entry & 0xFFFF_FFFF)
        if slab[position].key == key { return position }
      }
      bucket = (bucket + 1) & mask
    }
  }

  /// The value at a position that `position(of:)` gave.
  subscript(at position: Int) -> Value? {
    unsafeAddress { address(of: position) }
    unsafeMutableAddress {
      UnsafeMutableRawPointer(slab.mutableAddress(of: position)).advanced(by: offset)
        .assumingMemoryBound(to: Value?.self)
    }
  }

  private func address(of position: Int) -> UnsafePointer<Value?> {
    UnsafeRawPointer(slab.address(of: position)).advanced(by: offset)
      .assumingMemoryBound(to: Value?.self)
  }

  /// 31 bits: 28 of what spreads groups of eight, and the place in the group.
  private static func hash(_ key: Key) -> UInt64 {
    let spread = (key.number >> 3) &* 0x9E37_79B9_7F4A_7C15
    return (spread >> 36) << 3 | key.number & 7
  }

  /// Where an entry of this hash would stand if nothing else stood there.
  private func home(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: (hash >> (3 + shift)) << 3 | hash & 7)
  }

  private func home(of entry: Int64) -> Int { home(of: UInt64(bitPattern: entry) >> 32) }

  @discardableResult
  private mutating func enter(_ key: Key, _ value: inout Value?) -> Int {
    if (count + 1) * 3 > buckets.count * 2 { grow() }
    let position: Int
    if let reused = free.popLast() {
      position = Int(reused)
      slab[position].key = key
      swap(&slab[position].value, &value)
    } else {
      position = slab.count
      var slot = Slot(key: key, value: nil)
      swap(&slot.value, &value)
      slab.append(slot)
    }
    let hash = Self.hash(key)
    place(Int64(bitPattern: hash << 32) | Int64(position))
    count += 1
    return position
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
    var gap = home(of: Self.hash(key))
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
    fileprivate let slab: InPlaceArray<Slot>

    package var startIndex: Int { occupied(from: 0) }
    package var endIndex: Int { slab.count }
    package func index(after index: Int) -> Int { occupied(from: index + 1) }

    package subscript(index: Int) -> Value {
      guard let value = slab[index].value else { preconditionFailure("an index of a value") }
      return value
    }

    private func occupied(from index: Int) -> Int {
      var index = index
      while index < slab.count, slab[index].value == nil { index += 1 }
      return index
    }
  }

  package var values: Values { Values(slab: slab) }

  /// Where each value lies, and the value.
  var positioned: [(slot: Int32, value: Value)] {
    var positioned: [(slot: Int32, value: Value)] = []
    for position in 0..<slab.count {
      if let value = slab[position].value { positioned.append((Int32(position), value)) }
    }
    return positioned
  }

  /// Where values lie, ascending.
  var positions: [Int] { (0..<slab.count).filter { slab[$0].value != nil } }

  package var keys: [Key] {
    var keys: [Key] = []
    keys.reserveCapacity(count)
    for position in 0..<slab.count where slab[position].value != nil {
      keys.append(slab[position].key)
    }
    return keys
  }
}

extension NumberTable: Sequence {
  package struct Iterator: IteratorProtocol {
    fileprivate let slab: InPlaceArray<Slot>
    private var position = 0

    fileprivate init(_ slab: InPlaceArray<Slot>) { self.slab = slab }

    package mutating func next() -> (key: Key, value: Value)? {
      while position < slab.count {
        defer { position += 1 }
        if let value = slab[position].value { return (slab[position].key, value) }
      }
      return nil
    }
  }

  package func makeIterator() -> Iterator { Iterator(slab) }
}

extension Seq { package var word: UInt64 { UInt64(bitPattern: number) } }

extension CaseID: Numbered { package var number: UInt64 { seq.word } }
extension FiringID: Numbered { package var number: UInt64 { seq.word } }
extension TaskID: Numbered { package var number: UInt64 { seq.word } }
extension DefinitionID: Numbered { package var number: UInt64 { seq.word } }

extension TokenID: Numbered {
  package var number: UInt64 { seq.word &+ UInt64(truncatingIfNeeded: index) << 40 }
}
