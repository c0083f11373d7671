/// How large a value can get, as far as it is declared or follows from the expression.
indirect enum Extent {
  /// A value that holds no others and is no text: a step at most.
  case scalar
  /// Bytes of a string or of bytes.
  case text(Int)
  /// Elements of a list, or entries of a map, and how large each can get.
  case many(Int, Extent)
  /// A record: its fields say more.
  case record(RecordType)
  /// A value of which not even the type is known: short, but walked like a list.
  case unknown

  /// Of a value of which only the type is known.
  init(of type: ValueType) {
    switch type.nonNull {
    case .string, .bytes: self = .text(ExpressionLimits.assumedBytes)
    case .enumeration(let enumeration):
      self = .text(enumeration.members.map(\.utf8.count).max() ?? 0)
    case .list(let element): self = .many(ExpressionLimits.assumedElements, Extent(of: element))
    case .map(_, let value): self = .many(ExpressionLimits.assumedElements, Extent(of: value))
    case .dyn, .parameter: self = .unknown
    case .record(let type): self = .record(type)
    case .optional(let content): self = Extent(of: content)
    default: self = .scalar
    }
  }

  /// Of a field, declared sizes minded.
  init(of field: RecordType.Field) {
    self = Extent(of: field.type)
    guard let most = field.sizeMax else { return }
    switch self {
    // A scalar has at most four bytes.
    case .text: self = .text(most.saturatingProduct(field.type.nonNull == .bytes ? 1 : 4))
    case .many(_, let element): self = .many(most, element)
    case .scalar, .record, .unknown: break
    }
  }

  init(of value: Value) {
    switch value {
    case .string(let text): self = .text(text.utf8.count)
    case .bytes(let bytes): self = .text(bytes.count)
    case .list(let list): self = .many(list.count, .largest(of: list.map { Extent(of: $0) }))
    case .map(let map):
      self = .many(map.count, .largest(of: map.entries.map { Extent(of: $0.value) }))
    case .record(let record): self = .record(record.type)
    case .optional(let optional): self = optional.content.map { Extent(of: $0) } ?? .scalar
    default: self = .scalar
    }
  }

  /// What is at least as large as each.
  static func largest(of extents: [Extent]) -> Extent {
    extents.reduce(.scalar) { $0.joined(with: $1) }
  }

  func joined(with other: Extent) -> Extent {
    switch (self, other) {
    case (.many(let count, let element), .many(let otherCount, let otherElement)):
      return .many(max(count, otherCount), element.joined(with: otherElement))
    case (.text(let bytes), .text(let otherBytes)): return .text(max(bytes, otherBytes))
    default: return total >= other.total ? self : other
    }
  }

  /// Elements, or bytes of a text.
  var count: Int {
    switch self {
    case .scalar: 1
    case .text(let bytes): bytes
    case .many(let count, _): count
    case .record(let type): type.fields.count
    case .unknown: ExpressionLimits.assumedElements
    }
  }

  /// Of an element.
  var element: Extent {
    switch self {
    case .many(_, let element): element
    case .unknown: .unknown
    case .scalar, .text, .record: .scalar
    }
  }

  /// Steps to copy the outermost level.
  var copied: Int {
    switch self {
    case .scalar, .record: 1
    case .text(let bytes): 1 + bytes / 16
    case .many(let count, _): count
    case .unknown: 1 + ExpressionLimits.assumedBytes / 16
    }
  }

  /// Steps to walk all of it.
  var total: Int {
    switch self {
    case .scalar: 1
    case .text(let bytes): 1 + bytes / 16
    case .many(let count, let element): count.saturatingProduct(element.total).saturatingSum(1)
    case .record(let type):
      type.fields.reduce(1) { $0.saturatingSum(Extent(of: $1).total) }
    case .unknown: copied
    }
  }
}

extension Int {
  func saturatingProduct(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }

  func saturatingSum(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
