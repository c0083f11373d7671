/// CEL's `map`: keys are booleans, integers and strings, and equal numbers are one key.
///
/// Entries are kept sorted by key (booleans, then numbers by value, then strings by Unicode
/// scalars), so that equal maps are walked in equal order on every machine.
package struct MapValue: Sendable {
  package enum Key: Sendable {
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case string(String)
  }

  package struct Entry: Sendable {
    package var key: Key
    package var value: Value

    package init(_ key: Key, _ value: Value) {
      self.key = key
      self.value = value
    }
  }

  /// Ascending by key.
  package let entries: [Entry]

  /// The empty map.
  package init() { entries = [] }

  /// Nil if two keys are equal, as `1` and `1u` are.
  ///
  /// - Complexity: O(n log n).
  package init?(_ unordered: [Entry]) {
    let sorted = unordered.sorted { $0.key < $1.key }
    for (left, right) in zip(sorted, sorted.dropFirst()) where left.key == right.key { return nil }
    entries = sorted
  }

  /// The value under an equal key, if there is one.
  ///
  /// - Complexity: O(log n).
  package subscript(key: Key) -> Value? {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].key < key { low = middle + 1 } else { high = middle }
    }
    guard low < entries.count, entries[low].key == key else { return nil }
    return entries[low].value
  }

  package subscript(name: String) -> Value? { self[.string(name)] }

  package var count: Int { entries.count }
}

extension MapValue.Key {
  /// The key that is equal to a value: a double without fraction is the key of that integer.
  package init?(_ value: Value) {
    switch value {
    case .bool(let bool): self = .bool(bool)
    case .int(let int): self = .int(int)
    case .uint(let uint): self = .uint(uint)
    case .string(let string): self = .string(string)
    case .double(let double):
      // By conversion there and back, which needs no function of the C library.
      if double >= -0x1p63, double < 0x1p63, Double(Int64(double)) == double {
        self = .int(Int64(double))
      } else if double >= 0x1p63, double < 0x1p64 {
        self = .uint(UInt64(double))
      } else {
        return nil
      }
    default: return nil
    }
  }

  package var value: Value {
    switch self {
    case .bool(let bool): .bool(bool)
    case .int(let int): .int(int)
    case .uint(let uint): .uint(uint)
    case .string(let string): .string(string)
    }
  }
}

/// Equality is that of CEL: `1` and `1u` are the same key.
extension MapValue.Key: Comparable {
  package static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.bool(let left), .bool(let right)): left == right
    case (.int(let left), .int(let right)): left == right
    case (.uint(let left), .uint(let right)): left == right
    case (.int(let left), .uint(let right)): left == right
    case (.uint(let left), .int(let right)): left == right
    case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
    default: false
    }
  }

  package static func < (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.bool(let left), .bool(let right)): !left && right
    case (.int(let left), .int(let right)): left < right
    case (.uint(let left), .uint(let right)): left < right
    case (.int(let left), .uint(let right)): left < right
    case (.uint(let left), .int(let right)): left < right
    case (.string(let left), .string(let right)): left.comesBefore(right)
    default: left.rank < right.rank
    }
  }

  private var rank: Int {
    switch self {
    case .bool: 0
    case .int, .uint: 1
    case .string: 2
    }
  }
}
