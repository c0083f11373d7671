extension NetCompilation {
  /// F127 for each attribute that places of this kind do not take.
  func checkAttributes(of source: PlaceSource, at path: NodePath) {
    let kind = source.kind
    let capacity = source.capacity.map(\.mark)
    let attributes: [(name: String, mark: SourceMark?, kinds: [PlaceSource.Kind])] = [
      ("capacity", capacity, [.ordinary, .start, .shared, .message]),
      ("key", source.key?.mark, [.shared, .message]),
      ("initial", source.initial?.mark, [.shared]),
      ("keep", source.keep?.mark, [.message]),
      ("many", source.many?.mark, [.end]),
    ]
    for attribute in attributes {
      guard let mark = attribute.mark, !attribute.kinds.contains(kind) else { continue }
      report.error(
        "F127", "'\(attribute.name)' does not stand on a place of this kind", at: mark,
        path[attribute.name], found: "a place of kind \(kind.text)",
        expected: attribute.kinds.map(\.text).listed)
    }
  }
}

extension PlaceSource.Kind {
  /// As the long form spells it; `type` for a place of cases that is neither start nor end.
  var text: String {
    switch self {
    case .ordinary: "type"
    case .start: "start"
    case .end: "end"
    case .shared: "shared"
    case .message: "message"
    }
  }
}

extension PlaceSource.InitialSource {
  var mark: SourceMark {
    switch self {
    case .count(let text): text.mark
    case .tokens(_, let mark): mark
    }
  }
}
