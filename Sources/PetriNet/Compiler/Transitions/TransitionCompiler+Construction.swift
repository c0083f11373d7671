internal import CEL

extension TransitionCompiler {
  /// What a value is made for.
  enum Destination {
    case place(Int)
    /// An argument of this colour set, called so in messages.
    case value(ColourSet, noun: String)
  }

  func construction(
    _ source: PutSource, into destination: Destination, in scope: Scope, at path: NodePath
  ) -> Construction? {
    if case .place(let place) = destination, !net.places[place].isKnown {
      checkAlone(source, in: scope, at: path)
      return nil
    }
    switch source {
    case .expression(let text): return whole(text, into: destination, in: scope, at: path)
    case .fields(let fields, let copy, let mark):
      return record(fields, copy: copy, into: destination, in: scope, mark, at: path)
    case .delayed, .each: return nil
    }
  }

  /// The expressions of something whose type is not known.
  func checkAlone(_ source: PutSource, in scope: Scope, at path: NodePath) {
    switch source {
    case .expression(let text): _ = net.compile(text, in: scope, at: path)
    case .fields(let fields, let copy, _):
      for field in fields { _ = net.compile(field.value, in: scope, at: path[field.name.value]) }
      if let copy { _ = net.compile(copy, in: scope, at: path["copy"]) }
    case .delayed, .each: break
    }
  }

  private func colour(of destination: Destination) -> ColourSet {
    switch destination {
    case .place(let place): net.places[place].place.colour
    case .value(let colour, _): colour
    }
  }

  private func noun(of destination: Destination) -> String {
    switch destination {
    case .place(let place): "'\(net.places[place].place.title)'"
    case .value(_, let noun): noun
    }
  }

  func whole(
    _ text: SourceText, into destination: Destination, in scope: Scope, at path: NodePath
  ) -> Construction? {
    let colour = colour(of: destination)
    let noun = noun(of: destination)
    guard let program = net.compile(text, in: scope, at: path),
      fits(program, text, into: colour, noun, at: path)
    else { return nil }
    var target: FlowSite.Target
    var moves: Int?
    switch destination {
    case .place(let place):
      target = .place(place, fields: [])
      moves = moved(program, into: place)
    case .value: target = .value(colour, isPersonal: false, isTrusted: false)
    }
    flow(program, in: scope, to: target, text.mark, path, noun)
    return .whole(program, moves: moves)
  }

  /// The slot of an arc variable that is put as it is, so that it keeps its origin. A message's
  /// personal fields are under a key of its own, so they are sealed anew.
  private func moved(_ program: Program, into place: Int) -> Int? {
    guard case .variable(let slot) = program.syntax.kind else { return nil }
    let index = slot - Transition.Slots.firstArc
    guard variables.indices.contains(index), !variables[index].isCounted,
      let from = variables[index].place
    else { return nil }
    let (given, taken) = (net.places[from].place, net.places[place].place)
    if case .message = given.kind, given.colour.holdsPersonal { return nil }
    return given.colour == taken.colour ? slot : nil
  }
}

extension TransitionCompiler {
  /// A record built field by field: from the map, else from `copy` by name, else the default.
  func record(
    _ fields: [NamedExpressionSource], copy: SourceText?, into destination: Destination,
    in scope: Scope, _ mark: SourceMark, at path: NodePath
  ) -> Construction? {
    let noun = noun(of: destination)
    guard case .record(let record) = colour(of: destination) else {
      report.error(
        "P102", "\(noun) takes no record", at: mark, path, found: "a record",
        expected: "\(colour(of: destination))")
      return nil
    }
    for field in fields
    where field.name.isUnreadable || record.type.index(of: field.name.value) == nil {
      _ = net.compile(field.value, in: scope, at: path[field.name.value])
    }
    for field in fields where record.type.index(of: field.name.value) == nil {
      report.unknown(
        "field", field.name, in: noun, among: record.fields.map(\.name), path[field.name.value])
    }
    let copied = copy.flatMap { self.copied($0, into: record, noun, in: scope, at: path["copy"]) }
    let given = GivenFields(fields)
    if copy != nil && copied == nil {
      for index in record.fields.indices where given[record.fields[index].name] != nil {
        _ = part(index, of: record, given, nil, nil, into: destination, in: scope, mark, at: path)
      }
      return nil
    }
    var parts: [Construction.Part] = []
    for index in record.fields.indices {
      let part = part(
        index, of: record, given, copied, copy, into: destination, in: scope, mark, at: path)
      if let part { parts.append(part) }
    }
    guard parts.count == record.fields.count else { return nil }
    return .record(record, parts, copy: copied?.program)
  }

  /// What is given, by the names of fields.
  private struct GivenFields {
    private var table = NameTable<NamedExpressionSource>()
    /// Whether some name could not be read.
    private(set) var isInPart = false

    init(_ fields: [NamedExpressionSource]) {
      for field in fields {
        _ = table.insert(field, as: field.name.value)
        if field.name.isUnreadable { isInPart = true }
      }
    }

    subscript(name: String) -> NamedExpressionSource? { table[name] }
  }

  private struct Copied {
    var program: Program
    var type: RecordType
  }

  private func copied(
    _ text: SourceText, into record: RecordColour, _ noun: String, in scope: Scope,
    at path: NodePath
  ) -> Copied? {
    guard let program = net.compile(text, in: scope, at: path) else { return nil }
    guard let type = program.type.recordType else {
      if case .dyn = program.type, net.mayFollow { return nil }
      report.error(
        "P102", "'copy' needs a record", at: text.mark, path, found: "\(program.type)",
        expected: "a record")
      return nil
    }
    for field in type.fields where record.type.index(of: field.name) == nil {
      report.error(
        "P102", "\(noun) has no field '\(field.name)', which 'copy' brings", at: text.mark, path,
        found: "\(type)", expected: "\(record)",
        help: "build the record field by field, or give the place that field")
    }
    return Copied(program: program, type: type)
  }

  private func part(
    _ index: Int, of record: RecordColour, _ fields: GivenFields, _ copied: Copied?,
    _ copy: SourceText?, into destination: Destination, in scope: Scope, _ mark: SourceMark,
    at path: NodePath
  ) -> Construction.Part? {
    let field = record.fields[index]
    let noun = "the field '\(field.name)' of \(noun(of: destination))"
    let target: FlowSite.Target =
      switch destination {
      case .place(let place): .place(place, fields: [index])
      case .value:
        .value(
          field.colour, isPersonal: field.isPersonal, isTrusted: field.isTrusted ?? false)
      }
    if let given = fields[field.name] {
      let at = path[field.name]
      guard let program = net.compile(given.value, in: scope, at: at),
        fits(program, given.value, into: field.colour, noun, at: at)
      else { return nil }
      flow(program, in: scope, to: target, given.value.mark, at, noun)
      return .program(program)
    }
    if let copied, let copy, let from = copied.type.index(of: field.name) {
      if let misfit = field.colour.misfit(of: copied.type.fields[from].type) {
        report.error(
          "P102", "the value does not fit into \(noun)", at: copy.mark, path["copy"],
          found: misfit.found, expected: misfit.expected)
        return nil
      }
      flow(copied.program, in: scope, to: target, copy.mark, path["copy"], noun, field: field.name)
      return .copied(from)
    }
    if let standard = record.standard(of: index) { return .standard(standard) }
    // What stands there twice, or could not be read, may be this field.
    if fields.isInPart { return nil }
    report.error(
      "P102", "\(noun) is not given", at: mark, path, found: "nothing",
      expected: "\(field.colour)")
    return nil
  }
}

extension ValueType {
  fileprivate var recordType: RecordType? {
    switch self {
    case .record(let type): type
    case .nullable(let wrapped): wrapped.recordType
    default: nil
    }
  }
}
