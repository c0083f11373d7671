internal import CEL

/// Resolves types as written into colour sets. Declared types may stand in any order; one that
/// contains itself is refused.
final class TypeResolver {
  private enum State {
    case declared(TypeDeclarationSource, NodePath)
    case underWay
    case resolved(ColourSet)
    case failed
  }

  private let report: Report
  private var states: [State] = []
  private var indices = NameTable<Int>()
  private static let builtIns: [(name: String, colour: ColourSet)] = [
    ("string", .string(max: nil)), ("bool", .bool), ("int", .int(nil)), ("double", .double),
    ("bytes", .bytes(max: nil)), ("timestamp", .timestamp), ("duration", .duration(nil)),
    ("blob", .blob), ("unit", .unit),
  ]

  init(report: Report) { self.report = report }

  /// Declares the types of one file; call `resolveAll` once those of all files are declared.
  func declare(_ declarations: [TypeDeclarationSource]) {
    for declaration in declarations {
      let path = NodePath("types", declaration.name.value)
      report.check(declaration.name, as: .identifier, kind: "type", path)
      if declaration.name.isUnreadable {
        states.append(.declared(declaration, path))
        marks.append(declaration.name.mark)
        _ = indices.insert(states.count - 1, as: "\u{0}\(states.count)")
        continue
      }
      let isBuiltIn = Self.builtIns.contains { $0.name.hasSameBytes(as: declaration.name.value) }
      if isBuiltIn || ["list", "map"].contains(declaration.name.value) {
        report.error(
          "F125", "'\(declaration.name.value)' cannot be the name of a type",
          at: declaration.name.mark, path, found: declaration.name.value,
          expected: "a name that is no built-in type")
      } else if indices.insert(states.count, as: declaration.name.value) {
        states.append(.declared(declaration, path))
        marks.append(declaration.name.mark)
      } else if let first = indices[declaration.name.value] {
        report.clash(declaration.name, kind: "type", with: marks[first], path)
      }
    }
  }

  private var marks: [SourceMark] = []

  func resolveAll() {
    for index in states.indices { _ = colour(ofDeclaration: index, usedAt: marks[index]) }
  }

  /// The declared record or enumeration of that name.
  func declared(_ name: String) -> ColourSet? {
    guard let index = indices[name], case .resolved(let colour) = states[index] else { return nil }
    return colour
  }

  /// The colour set of a type that stands by itself. It is no field, so it cannot be personal; what
  /// `trusted` and `untrusted` mean on it is the caller's business.
  func colour(_ source: TypeSource, at path: NodePath) -> ColourSet? {
    if source.personal {
      report.error(
        "P102", "'personal' stands only on a field of a record", at: source.mark, path,
        found: "personal", expected: "{FIELD: personal TYPE}")
    }
    return shape(of: source, at: path)
  }

  /// The record of the fields, for forms, places and actions written in place.
  func record(
    _ fields: [FieldSource], name: String?, at path: NodePath
  ) -> RecordColour? {
    var result: [RecordColour.Field] = []
    var first = NameTable<SourceMark>()
    for field in fields {
      let fieldPath = path[field.name.value]
      report.check(field.name, as: .field, kind: "field", fieldPath)
      // A type that has mistakes hides neither its field nor the others.
      let colour = shape(of: field.type, at: fieldPath) ?? .unknown
      if field.name.isUnreadable {
        continue
      }
      if !first.insert(field.name.mark, as: field.name.value) {
        report.clash(
          field.name, kind: "field", with: first[field.name.value] ?? .none, fieldPath)
        continue
      }
      let reader = LiteralReader(report: report, path: fieldPath)
      let standard = field.literal.flatMap { reader.value(of: $0, in: colour) }
      result.append(
        RecordColour.Field(
          name: field.name.value, colour: colour, standard: standard,
          isPersonal: field.type.personal, isTrusted: field.type.trust.map { $0 == .trusted }))
    }
    let record = RecordColour(name: name, fields: result)
    if fields.contains(where: \.name.isUnreadable) {
      report.kindsInPart.insert("field")
      report.lacksFields(record.type)
    }
    return record
  }

  private func shape(of source: TypeSource, at path: NodePath) -> ColourSet? {
    switch source.shape {
    case .name(let name): named(name, source, at: path)
    case .list(let element, let max):
      inner(element, at: path).flatMap { element in
        positive(max, source, at: path).map { ColourSet.list(element, max: $0.value) }
      }
    case .map(let element): inner(element, at: path).map(ColourSet.map)
    case .optional(let wrapped): optional(wrapped, source, at: path)
    case .record(let fields): record(fields, name: nil, at: path).map(ColourSet.record)
    case .unreadable: nil
    }
  }

  private func inner(_ source: TypeSource, at path: NodePath) -> ColourSet? {
    guard !source.isRecord else {
      report.error(
        "P102", "a record inside < > is written by its name", at: source.mark, path,
        found: "a record", expected: "the name of a type")
      return nil
    }
    if source.trust != nil {
      report.error(
        "P102", "'trusted' and 'untrusted' do not stand inside < >", at: source.mark, path,
        expected: "the mark before the whole type")
    }
    return colour(source, at: path)
  }

  private func optional(
    _ wrapped: TypeSource, _ source: TypeSource, at path: NodePath
  ) -> ColourSet? {
    guard let colour = shape(of: wrapped, at: path) else { return nil }
    switch colour {
    case .enumeration(let type) where type.isUnknown: return colour
    case .optional, .unit:
      report.error(
        "P102", "'\(colour)?' is no type", at: source.mark, path, found: "\(colour)?",
        expected: "a type that is not null by itself, and one '?'")
      return nil
    default: return .optional(colour)
    }
  }

  private func named(_ name: String, _ source: TypeSource, at path: NodePath) -> ColourSet? {
    if let builtIn = Self.builtIns.first(where: { $0.name.hasSameBytes(as: name) }) {
      return ranged(builtIn.colour, source, at: path)
    }
    guard let index = indices[name] else {
      let known = knownNames
      report.unknown(
        "type", Located(name, source.mark), in: "'\(path.node)'", among: known, path)
      return meant(name, among: known)
    }
    guard let colour = colour(ofDeclaration: index, usedAt: source.mark) else { return nil }
    return ranged(colour, source, at: path)
  }

  private lazy var knownNames =
    Self.builtIns.map(\.name) + indices.names.filter { !$0.hasPrefix("\u{0}") }

  /// What else is checked is checked as if the nearest type stood there.
  private func meant(_ name: String, among known: [String]) -> ColourSet? {
    guard Nearest.isSlip(name, of: known, within: &report.budget),
      let nearest = Nearest.name(to: name, among: known, within: &report.budget)
    else { return nil }
    if let builtIn = Self.builtIns.first(where: { $0.name.hasSameBytes(as: nearest) }) {
      return builtIn.colour
    }
    guard let index = indices[nearest], case .resolved(let colour) = states[index] else {
      return nil
    }
    return colour
  }

  private func colour(ofDeclaration index: Int, usedAt mark: SourceMark) -> ColourSet? {
    switch states[index] {
    case .resolved(let colour): return colour
    case .failed: return nil
    case .underWay:
      let name = indices.entries[index].name
      report.error(
        "P102", "the type '\(name)' contains itself", at: mark, NodePath("types", name),
        found: name, expected: "a type that ends")
      return nil
    case .declared(let declaration, let path):
      states[index] = .underWay
      let colour = body(of: declaration, at: path)
      states[index] = colour.map(State.resolved) ?? .failed
      return colour
    }
  }

  private func body(of declaration: TypeDeclarationSource, at path: NodePath) -> ColourSet? {
    switch declaration.body {
    case .unreadable: return nil
    case .record(let fields):
      return record(fields, name: declaration.name.value, at: path).map(ColourSet.record)
        .flatMap { limited($0, declaration.name, at: path) }
    case .enumeration(let members):
      var first = NameTable<SourceMark>()
      for member in members {
        report.check(member, as: .word, kind: "member", path)
        if !first.insert(member.mark, as: member.value) {
          report.clash(member, kind: "member", with: first[member.value] ?? .none, path)
        }
      }
      if members.isEmpty {
        report.error(
          "P102", "the enumeration has no member", at: declaration.name.mark, path,
          found: "[]", expected: "[MEMBER, ...]")
      }
      return .enumeration(
        EnumerationType(name: declaration.name.value, members: first.names))
    }
  }
}

extension TypeResolver {
  /// Nil if the type is larger than any may be.
  private func limited(
    _ colour: ColourSet, _ name: Located<String>, at path: NodePath
  ) -> ColourSet? {
    let (nesting, parts) = (ColourSet.Limits.nestingMax, ColourSet.Limits.partsMax)
    if colour.nesting > nesting {
      report.error(
        "P102", "the type '\(name.value)' is nested too deep", at: name.mark, path,
        found: "more than \(nesting) levels", expected: "at most \(nesting)")
      return nil
    }
    guard colour.parts <= parts else {
      report.error(
        "P102", "the type '\(name.value)' is too large", at: name.mark, path,
        found: "more than \(parts) types in it", expected: "at most \(parts)")
      return nil
    }
    return colour
  }

  private struct Maximum { var value: Int? }

  /// Nil if the bound is wrong.
  private func positive(
    _ max: Int?, _ source: TypeSource, at path: NodePath
  ) -> Maximum? {
    if let max, max < 0 {
      report.error(
        "P102", "the maximum is negative", at: source.mark, path, found: "\(max)",
        expected: "0 or more")
      return Maximum(value: nil)
    }
    return Maximum(value: max)
  }

  /// Applies `max` and `N..M`, which only some types take.
  private func ranged(
    _ colour: ColourSet, _ source: TypeSource, at path: NodePath
  ) -> ColourSet? {
    guard let max = positive(source.max, source, at: path) else { return nil }
    if max.value != nil {
      switch colour {
      case .string: return .string(max: max.value)
      case .bytes: return .bytes(max: max.value)
      default:
        report.error(
          "P102", "'\(colour)' takes no max", at: source.mark, path, found: "max",
          expected: "max on string, bytes or list")
        return colour
      }
    }
    guard let range = source.range else { return colour }
    let reader = LiteralReader(report: report, path: path)
    switch colour {
    case .int, .duration:
      guard let low = reader.value(of: range.low, in: colour),
        let high = reader.value(of: range.high, in: colour)
      else { return colour }
      switch (low, high) {
      case (.int(let low), .int(let high)) where low <= high: return .int(low...high)
      case (.duration(let low), .duration(let high)) where low <= high:
        return .duration(low...high)
      default:
        report.error(
          "P102", "the range is empty", at: source.mark, path, found: "an end below its start",
          expected: "a lower end that is not above the upper")
        return colour
      }
    default:
      report.error(
        "P102", "'\(colour)' takes no range", at: source.mark, path, found: "a range",
        expected: "a range on int or duration")
      return colour
    }
  }
}

extension TypeSource {
  var isRecord: Bool {
    if case .record = shape { return true }
    return false
  }
}
