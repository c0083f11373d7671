import CEL

extension Value {
  /// The value without the seals that rows of `rows` gave.
  func unsealed(from rows: [Int64]) -> Value {
    rows.isEmpty ? self : stripped { rows.contains($0.seq) }
  }

  /// The value without any seal: it came from outside, or from another case.
  var unsealed: Value { hasSeals ? stripped { _ in true } : self }

  private var hasSeals: Bool {
    switch self {
    case .record(let record): record.seal != nil || record.fields.contains(where: \.hasSeals)
    case .list(let values): values.contains(where: \.hasSeals)
    case .map(let map): map.entries.contains(where: \.value.hasSeals)
    default: false
    }
  }

  private func stripped(_ drops: (SealReference) -> Bool) -> Value {
    switch self {
    case .record(let record):
      .record(
        Record(
          type: record.type, fields: record.fields.map { $0.stripped(drops) },
          seal: record.seal.flatMap { drops($0) ? nil : $0 }))
    case .list(let values): .list(values.map { $0.stripped(drops) })
    case .map(let map):
      MapValue(map.entries.map { .init($0.key, $0.value.stripped(drops)) }).map(Value.map) ?? self
    default: self
    }
  }
}
