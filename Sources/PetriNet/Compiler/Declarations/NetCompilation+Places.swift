internal import CEL

extension NetCompilation {
  /// The most tokens that `initial` may put.
  static let initialMax = 1_000_000

  /// Places of all files: this file's own, then the libraries' shared and message places.
  func declarePlaces() {
    var first = NameTable<SourceMark>()
    for file in files {
      for place in file.places {
        let path = NodePath("places", place.name.value)
        report.check(place.name, as: .identifier, kind: "place", path)
        guard !place.name.isUnreadable else {
          checkAttributes(of: place, at: path)
          _ = types.colour(place.type, at: path)
          continue
        }
        guard first.insert(place.name.mark, as: place.name.value) else {
          report.clash(place.name, kind: "place", with: first[place.name.value] ?? .none, path)
          continue
        }
        declare(place, of: file, at: path)
      }
      for transition in file.transitions {
        let path = NodePath("transitions", transition.name.value)
        report.check(transition.name, as: .identifier, kind: "transition", path)
        if transition.name.isUnreadable { continue }
        guard !first.insert(transition.name.mark, as: transition.name.value) else { continue }
        report.clash(
          transition.name, kind: "transition", with: first[transition.name.value] ?? .none, path)
      }
    }
    checkStarts()
  }

  private func declare(_ source: PlaceSource, of file: NetSource, at path: NodePath) {
    checkAttributes(of: source, at: path)
    if file.kind == .library, ![.shared, .message].contains(source.kind) {
      report.error(
        "F127", "a library declares no place of cases", at: source.name.mark, path,
        found: source.name.value, expected: "shared or message")
    }
    let colour = types.colour(source.type, at: path)
    let owned = source.kind == .shared || source.kind == .message
    let title = source.name.value
    var place = Place(
      name: owned ? PlaceName(owner: file.name.value, place: title) : PlaceName(title),
      title: title, kind: .ordinary, colour: colour ?? .unknown, capacity: nil, order: [], key: nil,
      mark: source.name.mark)
    place.capacity = source.capacity.flatMap {
      integer($0, in: 1...Int.max, at: path["capacity"])
    }
    if colour != nil {
      place.order = order(of: source, place.colour, at: path["order"])
      place.key = key(of: source, place.colour, at: path["key"])
    }
    place.kind = kind(of: source, place, isKnown: colour != nil, at: path)
    if source.kind == .shared, place.colour.holdsPersonal {
      report.error(
        "P117", "the shared place '\(title)' holds a personal field", at: source.type.mark, path,
        found: "\(place.colour)", expected: "a type without personal fields",
        help: "shared tokens belong to no case, so no key could ever seal them")
    }
    _ = placeIndices.insert(places.count, as: title)
    places.append(
      DeclaredPlace(
        place: place, isKnown: colour != nil, source: source, file: file, path: path))
  }

  private func kind(
    of source: PlaceSource, _ place: Place, isKnown: Bool, at path: NodePath
  ) -> Place.Kind {
    switch source.kind {
    case .ordinary: return .ordinary
    case .start: return .start
    case .end: return .end(many: source.many?.value ?? false)
    case .shared:
      let initial = isKnown ? self.initial(of: source, place, at: path["initial"]) : []
      return .shared(initial: initial)
    case .message:
      guard let keep = source.keep else {
        report.error(
          "F123", "the message place '\(source.name.value)' does not say how long it keeps",
          at: source.name.mark, path, found: "nothing", expected: "keep: 1d")
        return .message(keepMicroseconds: 0)
      }
      return .message(keepMicroseconds: duration(keep, at: path["keep"]) ?? 0)
    }
  }

  private func initial(
    of source: PlaceSource, _ place: Place, at path: NodePath
  ) -> [Value] {
    let values: [Value]
    switch source.initial {
    case nil: return []
    case .count(let text)?:
      guard let count = integer(text, in: 0...Self.initialMax, at: path) else { return [] }
      guard place.colour == .unit || place.colour.isUnknown else {
        report.error(
          "P102", "only unit tokens can be put by number", at: text.mark, path, found: text.text,
          expected: "a list of \(place.colour)")
        return []
      }
      values = Array(repeating: .null, count: count)
    case .tokens(let literals, _)?:
      values = literals.enumerated().compactMap { index, literal in
        LiteralReader(report: report, path: path["\(index)"])
          .value(of: literal, in: place.colour)
      }
    }
    checkInitial(values, of: source, place, at: path)
    return values
  }

  private func checkInitial(
    _ values: [Value], of source: PlaceSource, _ place: Place, at path: NodePath
  ) {
    if let capacity = place.capacity, values.count > capacity {
      report.error(
        "P102", "'\(place.title)' begins with more tokens than it holds", at: source.name.mark,
        path, found: "\(values.count)", expected: "at most \(capacity)")
    }
    guard let key = place.key else { return }
    var seen: Set<Value> = []
    for value in values {
      guard case .record(let record) = value else { continue }
      if !seen.insert(record.fields[key]).inserted {
        report.error(
          "P102", "two initial tokens of '\(place.title)' have the same key",
          at: source.name.mark, path, found: "one key twice",
          expected: "another \(record.type.fields[key].name) in each")
      }
    }
  }

  private func order(
    of source: PlaceSource, _ colour: ColourSet, at path: NodePath
  ) -> [Place.OrderTerm] {
    (source.order ?? []).compactMap { term in
      if term.value.hasSameBytes(as: "available") { return .available }
      let descends = term.value.utf8.first == UInt8(ascii: "-")
      let name = descends ? String(term.value.unicodeScalars.dropFirst()) : term.value
      guard let index = field(Located(name, term.mark), of: colour, at: path) else { return nil }
      return descends ? .descending(index) : .ascending(index)
    }
  }

  private func key(of source: PlaceSource, _ colour: ColourSet, at path: NodePath) -> Int? {
    guard let name = source.key, let index = field(name, of: colour, at: path) else { return nil }
    guard case .record(let record) = colour else { return nil }
    if record.fields[index].isPersonal || record.fields[index].colour.holdsPersonal {
      report.error(
        "P117", "the key '\(name.value)' is personal", at: name.mark, path, found: name.value,
        expected: "a field that is not personal",
        help: "keys are compared and kept in clear text for as long as the place keeps")
    }
    return index
  }

  /// A field that tokens can be ordered or known by.
  private func field(_ name: Located<String>, of colour: ColourSet, at path: NodePath) -> Int? {
    if name.isUnreadable || colour.isUnknown { return nil }
    guard case .record(let record) = colour else {
      report.error(
        "P102", "'\(name.value)' is no field", at: name.mark, path, found: "\(colour)",
        expected: "a place of records")
      return nil
    }
    guard let index = record.type.index(of: name.value) else {
      report.unknown("field", name, in: "\(record)", among: record.fields.map(\.name), path)
      return nil
    }
    switch record.fields[index].colour {
    case .list, .map, .record, .blob, .unit:
      report.error(
        "P102", "'\(name.value)' cannot be ordered or compared as a key", at: name.mark, path,
        found: "\(record.fields[index].colour)", expected: "a number, string, bool or time")
      return nil
    default: return index
    }
  }

  /// All start places of a file have one type, which is that of `input`.
  private func checkStarts() {
    for declared in places where declared.place.kind == .start {
      isInputKnown = isInputKnown && declared.isKnown
      guard let input else {
        input = declared.place.colour
        continue
      }
      guard isInputKnown, !input.holdsUnknown, !declared.place.colour.holdsUnknown,
        input != declared.place.colour
      else { continue }
      report.error(
        "P102", "all start places have one type", at: declared.source.type.mark, declared.path,
        found: "\(declared.place.colour)", expected: "\(input)")
    }
  }
}
