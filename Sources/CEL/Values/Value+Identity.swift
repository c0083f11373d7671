/// Identity of stored values: of one kind and the same bytes, doubles by bit pattern.
///
/// This is what indexes and keys use. CEL's `==`, under which `1 == 1.0` and `NaN != NaN`, is
/// `equals(_:)`. The order is the one in which places keep tokens.
extension Value: Comparable, Hashable {
  package static func == (left: Value, right: Value) -> Bool {
    switch (left, right) {
    case (.null, .null), (.erased, .erased): true
    case (.bool(let left), .bool(let right)): left == right
    case (.int(let left), .int(let right)): left == right
    case (.uint(let left), .uint(let right)): left == right
    case (.double(let left), .double(let right)): left.bitPattern == right.bitPattern
    case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
    case (.bytes(let left), .bytes(let right)): left == right
    case (.timestamp(let left), .timestamp(let right)): left == right
    case (.duration(let left), .duration(let right)): left == right
    case (.list(let left), .list(let right)): left == right
    case (.map(let left), .map(let right)):
      left.entries.elementsEqual(right.entries) {
        $0.key.value == $1.key.value && $0.value == $1.value
      }
    case (.record(let left), .record(let right)):
      left === right || (left.hasSameNames(as: right) && left.fields == right.fields)
    case (.blob(let left), .blob(let right)): left == right
    case (.type(let left), .type(let right)): left == right
    case (.optional(let left), .optional(let right)): left.content == right.content
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(rank)
    switch self {
    case .null, .erased: break
    case .bool(let bool): hasher.combine(bool)
    case .int(let int): hasher.combine(int)
    case .uint(let uint): hasher.combine(uint)
    case .double(let double): hasher.combine(double.bitPattern)
    case .string(let string): ByteString(text: string).hash(into: &hasher)
    case .bytes(let bytes): hasher.combine(bytes)
    case .timestamp(let timestamp): hasher.combine(timestamp)
    case .duration(let duration): hasher.combine(duration)
    case .list(let list): hasher.combine(list)
    case .map(let map):
      for entry in map.entries {
        hasher.combine(entry.key.value)
        hasher.combine(entry.value)
      }
    case .record(let record): hasher.combine(record.fields)
    case .blob(let blob): hasher.combine(blob)
    case .type(let type): hasher.combine(type)
    case .optional(let optional): hasher.combine(optional.content)
    }
  }

  /// The order of places: kinds first, strings by Unicode scalars, doubles by IEEE total order,
  /// `null` and then erased parts last.
  package static func < (left: Value, right: Value) -> Bool { left.order(to: right) < 0 }

  /// Negative if this value comes first, 0 if both are identical.
  package func order(to other: Value) -> Int {
    switch (self, other) {
    case (.bool(let left), .bool(let right)): Self.order(left ? 1 : 0, right ? 1 : 0)
    case (.int(let left), .int(let right)): Self.order(left, right)
    case (.uint(let left), .uint(let right)): Self.order(left, right)
    case (.double(let left), .double(let right)): Self.order(left.totalKey, right.totalKey)
    case (.string(let left), .string(let right)):
      left.hasSameBytes(as: right) ? 0 : left.comesBefore(right) ? -1 : 1
    case (.bytes(let left), .bytes(let right)):
      left == right ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
    case (.timestamp(let left), .timestamp(let right)): Self.order(left, right)
    case (.duration(let left), .duration(let right)): Self.order(left, right)
    case (.list(let left), .list(let right)): Self.order(left, right)
    case (.map(let left), .map(let right)):
      Self.order(left.flattened, right.flattened)
    case (.record(let left), .record(let right)):
      Self.order(left.fields + left.names, right.fields + right.names)
    case (.blob(let left), .blob(let right)):
      Self.order(left.digest.map { .uint(UInt64($0)) }, right.digest.map { .uint(UInt64($0)) })
    case (.type(let left), .type(let right)):
      Value.string(left.description).order(to: .string(right.description))
    case (.optional(let left), .optional(let right)):
      Self.order(left.content.map { [$0] } ?? [], right.content.map { [$0] } ?? [])
    default: Self.order(rank, other.rank)
    }
  }

  private static func order<T: Comparable>(_ left: T, _ right: T) -> Int {
    left < right ? -1 : left == right ? 0 : 1
  }

  private static func order(_ left: [Value], _ right: [Value]) -> Int {
    for (left, right) in zip(left, right) {
      let order = left.order(to: right)
      if order != 0 { return order }
    }
    return order(left.count, right.count)
  }

  private var rank: Int {
    switch self {
    case .bool: 0
    case .int: 1
    case .uint: 2
    case .double: 3
    case .string: 4
    case .bytes: 5
    case .timestamp: 6
    case .duration: 7
    case .blob: 8
    case .list: 9
    case .map: 10
    case .record: 11
    case .type: 12
    case .optional: 13
    case .null: 14
    case .erased: 15
    }
  }
}

extension Double {
  /// Ascends as IEEE 754 `totalOrder` does: -NaN, -∞ … -0, +0 … +∞, NaN.
  var totalKey: Int64 {
    let bits = Int64(bitPattern: bitPattern)
    return bits < 0 ? Int64.min &+ ~bits : bits
  }
}

extension MapValue {
  fileprivate var flattened: [Value] { entries.flatMap { [$0.key.value, $0.value] } }
}

extension Record {
  fileprivate var names: [Value] { type.fields.map { .string($0.name) } }

  func hasSameNames(as other: Record) -> Bool {
    type === other.type
      || type.fields.elementsEqual(other.type.fields) { $0.name.hasSameBytes(as: $1.name) }
  }
}

extension OptionalValue {
  package var content: Value? {
    switch self {
    case .none: nil
    case .some(let value): value
    }
  }
}
