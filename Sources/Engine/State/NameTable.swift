package import PetriNet

/// A name of the log as a small number, which is what tokens and firings carry. Numbers are given in
/// order of appearance and are no part of the state's text.
package struct Symbol<Name: Spelled>: Hashable, Sendable {
  package let index: Int32
}

package typealias PlaceSymbol = Symbol<PlaceName>
package typealias TransitionSymbol = Symbol<TransitionName>

/// A name of a workflow's file.
package protocol Spelled: Hashable, Sendable {
  var text: String { get }
}

extension PlaceName: Spelled {}
extension TransitionName: Spelled {}

/// The names seen so far, and their numbers.
///
/// Names come from workflow files, not from clients, so that a plain hash of their bytes does.
package struct NameTable<Name: Spelled>: Sendable {
  /// Numbers by hash, -1 where there is none; a power of two long.
  private var buckets: [Int32] = Array(repeating: -1, count: 64)
  private var names: [Name] = []

  package var count: Int { names.count }

  package subscript(symbol: Symbol<Name>) -> Name { names[Int(symbol.index)] }

  /// The number of a name, a new one if it was never seen.
  mutating func intern(_ name: Name) -> Symbol<Name> {
    if let known = find(name) { return known }
    let index = Int32(names.count)
    names.append(name)
    if names.count * 2 > buckets.count {
      buckets = Array(repeating: -1, count: buckets.count * 2)
      for number in names.indices { place(Int32(number)) }
    } else {
      place(index)
    }
    return Symbol(index: index)
  }

  package func find(_ name: Name) -> Symbol<Name>? {
    let mask = buckets.count - 1
    var bucket = Self.hash(name.text) & mask
    while buckets[bucket] >= 0 {
      if names[Int(buckets[bucket])] == name { return Symbol(index: buckets[bucket]) }
      bucket = (bucket + 1) & mask
    }
    return nil
  }

  private mutating func place(_ index: Int32) {
    let mask = buckets.count - 1
    var bucket = Self.hash(names[Int(index)].text) & mask
    while buckets[bucket] >= 0 { bucket = (bucket + 1) & mask }
    buckets[bucket] = index
  }

  /// Of the bytes, eight at a time.
  private static func hash(_ text: String) -> Int {
    var text = text
    return text.withUTF8 { bytes in
      let raw = UnsafeRawBufferPointer(bytes)
      var hash = UInt64(truncatingIfNeeded: raw.count)
      var offset = 0
      while offset + 8 <= raw.count {
        let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 29
        offset += 8
      }
      while offset < raw.count {
        hash = (hash ^ UInt64(raw[offset])) &* 0x0000_0100_0000_01B3
        offset += 1
      }
      hash = (hash ^ (hash >> 32)) &* 0x9E37_79B9_7F4A_7C15
      return Int(truncatingIfNeeded: hash >> 33)
    }
  }
}
