internal import CEL

extension TransitionCompiler {
  private static let timeoutStandard: Int64 = 30_000_000
  private static let backoffStandard: (low: Int64, high: Int64) = (1_000_000, 30_000_000)

  func action(_ source: ActionWorkSource) -> ActionWork {
    let used = action(source.action, with: source.with)
    let timeout = source.timeout.flatMap { net.duration($0, at: path["timeout"]) }
    let retry = path["retry"]
    let attempts = source.attempts.flatMap {
      net.integer($0, in: 1...1_000, at: retry["attempts"])
    }
    let backoff = backoff(source, at: retry["backoff"])
    var work = ActionWork(
      action: 0, with: .record(RecordColour(name: nil, fields: []), [], copy: nil),
      timeoutMicroseconds: timeout ?? Self.timeoutStandard, attemptsMax: attempts ?? 1,
      backoffLowMicroseconds: backoff.low, backoffHighMicroseconds: backoff.high, routes: [])
    guard let used else {
      _ = routes(source.then, of: Self.outcomesOfUnknown, subject: "the action")
      return work
    }
    work.action = used.index
    if let with = used.with { work.with = with }
    work.routes = routes(source.then, used)
    return work
  }

  private struct UsedAction {
    var index: Int
    var declaration: ActionDeclaration
    var isResultUntrusted: Bool
    var with: Construction?
  }

  private func routes(_ then: RoutesSource, _ used: UsedAction) -> [Route] {
    let declaration = used.declaration
    let isUnknownRouted = then.contains {
      $0.outcome.value.hasSameBytes(as: "unknown") || $0.outcome.value.hasSameBytes(as: "else")
    }
    var known = [
      KnownOutcome(
        name: "ok", isRequired: true,
        variable: .result(declaration.returns, isUntrusted: used.isResultUntrusted)),
      KnownOutcome(name: "failed", isRequired: true, variable: .error),
    ]
    if declaration.effect == .final || isUnknownRouted {
      known.append(
        KnownOutcome(
          name: "unknown", isRequired: true, variable: .error,
          reason: "its effect is final: after a crash nobody knows whether it happened; "
            + "where shall the case go then?"))
    }
    return routes(then, of: known, subject: "the action")
  }

  /// Of an action that is not known: whether its effect is final is not known either.
  private static let outcomesOfUnknown = [
    KnownOutcome(name: "ok", isRequired: true, variable: .anyResult),
    KnownOutcome(name: "failed", isRequired: true, variable: .error),
    KnownOutcome(name: "unknown", isRequired: false, variable: .error),
  ]

  private func backoff(
    _ source: ActionWorkSource, at path: NodePath
  ) -> (low: Int64, high: Int64) {
    guard let (lowText, highText) = source.backoff else { return Self.backoffStandard }
    guard let low = net.duration(lowText, isZeroAllowed: true, at: path["0"]),
      let high = net.duration(highText, isZeroAllowed: true, at: path["1"])
    else { return Self.backoffStandard }
    if low > high {
      report.error(
        "P102", "the backoff falls", at: lowText.mark, path,
        found: "\(DurationText.text(microseconds: low))..\(DurationText.text(microseconds: high))",
        expected: "a lower end that is not above the upper")
    }
    return (low, high)
  }

  private func action(_ name: Located<String>, with: ArgumentSource?) -> UsedAction? {
    let at = path["action"]
    if let builtIn = NetCompilation.BuiltInAction(rawValue: name.value) {
      return self.builtIn(builtIn, with: with)
    }
    guard let index = net.actionIndices[name.value] else {
      let known = net.actionIndices.names + NetCompilation.BuiltInAction.allCases.map(\.rawValue)
      report.unknown("action", name, in: "'\(self.name)'", among: known, at)
      if let with { checkAlone(with.asPut, in: scope(for: .firing(.none)), at: path["with"]) }
      if let nearest = Nearest.name(to: name.value, among: known),
        let meant = net.actionIndices[nearest]
      {
        net.actions[meant].isUsed = true
      } else {
        net.lacksUses = true
      }
      return nil
    }
    net.actions[index].isUsed = true
    let action = net.actions[index]
    return UsedAction(
      index: index, declaration: action.declaration,
      isResultUntrusted: action.isResultUntrusted,
      with: argument(
        with, takes: action.declaration.takes, noun: "the input of '\(name.value)'",
        at: path["with"]))
  }

  /// `with` of an action or a call.
  func argument(
    _ source: ArgumentSource?, takes: ColourSet, noun: String, at path: NodePath
  ) -> Construction? {
    let scope = scope(for: .firing(.none))
    if takes.isUnknown {
      if let source { checkAlone(source.asPut, in: scope, at: path) }
      return nil
    }
    let destination = Destination.value(takes, noun: noun)
    switch source {
    case .whole(let text)?: return whole(text, into: destination, in: scope, at: path)
    case .fields(let fields, let mark)?:
      return record(fields, copy: nil, into: destination, in: scope, mark, at: path)
    case nil:
      let mark = self.source.name.mark
      switch takes {
      case .unit:
        return whole(SourceText("unit", mark: mark), into: destination, in: scope, at: path)
      case .record:
        return record([], copy: nil, into: destination, in: scope, mark, at: path)
      default:
        report.error(
          "P102", "\(noun) is not given", at: mark, path, found: "nothing", expected: "\(takes)")
        return nil
      }
    }
  }

  private func builtIn(
    _ action: NetCompilation.BuiltInAction, with: ArgumentSource?
  ) -> UsedAction? {
    let at = path["with"]
    let declaration: ActionDeclaration
    switch action {
    case .httpRequest: declaration = NetCompilation.httpRequest
    case .logWrite:
      guard let takes = inferred(with, at: at) else { return nil }
      declaration = ActionDeclaration(
        name: ActionName(action.rawValue), takes: takes, returns: .unit, effect: .none)
    case .caseStart:
      guard let takes = caseStartTakes(with, at: at) else { return nil }
      declaration = ActionDeclaration(
        name: ActionName(action.rawValue), takes: takes,
        returns: NetCompilation.caseStartReturns, effect: .repeatable)
    }
    let argument = argument(
      with, takes: declaration.takes, noun: "the input of '\(action.rawValue)'", at: at)
    return UsedAction(
      index: net.use(declaration), declaration: declaration, isResultUntrusted: false,
      with: argument)
  }

  private func caseStartTakes(_ with: ArgumentSource?, at path: NodePath) -> ColourSet? {
    guard case .fields(let fields, _)? = with else {
      report.error(
        "P102", "'case.start' takes a map", at: source.name.mark, path,
        found: with == nil ? "nothing" : "an expression",
        expected: "{workflow: CEL, start: CEL, value: CEL}")
      return nil
    }
    var value: ColourSet?
    if let given = fields.first(where: { $0.name.value.hasSameBytes(as: "value") }) {
      value = inferred(given.value, at: path["value"])
      if value == nil { return nil }
    }
    return .record(
      RecordColour(
        name: nil,
        fields: [
          .init(name: "workflow", colour: .string(max: nil)),
          .init(name: "start", colour: .optional(.string(max: nil))),
          // Sealed with the rest of the new case's first token, so anything may flow here.
          .init(name: "value", colour: value ?? .unit, isPersonal: true),
        ]))
  }
}

/// Built-in actions that take anything: their colour set is that of what they are given.
extension TransitionCompiler {
  private func inferred(_ source: ArgumentSource?, at path: NodePath) -> ColourSet? {
    switch source {
    case nil: return .unit
    case .whole(let text)?: return inferred(text, at: path)
    case .fields(let fields, _)?:
      var result: [RecordColour.Field] = []
      for field in fields {
        guard let colour = inferred(field.value, at: path[field.name.value]) else { return nil }
        result.append(RecordColour.Field(name: field.name.value, colour: colour))
      }
      return .record(RecordColour(name: nil, fields: result))
    }
  }

  private func inferred(_ text: SourceText, at path: NodePath) -> ColourSet? {
    let scope = scope(for: .firing(.none))
    guard let program = net.compile(text, in: scope, at: path) else { return nil }
    if let colour = colour(of: program.syntax) { return colour }
    if let colour = ColourSet(of: program.type) { return colour }
    if net.mayFollow { return nil }
    report.error(
      "P102", "a value of this type cannot be given to an action", at: text.mark, path,
      found: "\(program.type)", expected: "a colour set")
    return nil
  }

  /// Of a variable or a field of it, with its marks.
  private func colour(of expression: CheckedExpression) -> ColourSet? {
    guard let path = expression.path else { return nil }
    var colour: ColourSet?
    if path.slot == Transition.Slots.input {
      colour = net.input
    } else {
      let index = path.slot - Transition.Slots.firstArc
      guard variables.indices.contains(index), !variables[index].isCounted else { return nil }
      colour = variables[index].place.map { net.places[$0].place.colour }
    }
    for field in path.fields {
      guard case .record(let record)? = colour else { return nil }
      colour = record.fields[field].colour
    }
    return colour
  }
}

extension NetCompilation {
  /// The index in the net of a built-in action with the types of this use.
  func use(_ declaration: ActionDeclaration) -> Int {
    let index = netActions.firstIndex {
      $0.name == declaration.name && $0.takes == declaration.takes
    }
    if let index { return index }
    netActions.append(declaration)
    return netActions.count - 1
  }
}

extension ArgumentSource {
  var asPut: PutSource {
    switch self {
    case .whole(let text): .expression(text)
    case .fields(let fields, let mark): .fields(fields, copy: nil, mark)
    }
  }
}

extension ColourSet {
  /// Without ranges and marks; nil for types that no token has.
  init?(of type: ValueType) {
    switch type {
    case .null: self = .unit
    case .bool: self = .bool
    case .int: self = .int(nil)
    case .double: self = .double
    case .string: self = .string(max: nil)
    case .bytes: self = .bytes(max: nil)
    case .timestamp: self = .timestamp
    case .duration: self = .duration(nil)
    case .blob: self = .blob
    case .enumeration(let type): self = .enumeration(type)
    case .list(let element):
      guard let element = ColourSet(of: element) else { return nil }
      self = .list(element, max: nil)
    case .map(.string, let value):
      guard let value = ColourSet(of: value) else { return nil }
      self = .map(value)
    case .nullable(let wrapped):
      guard let wrapped = ColourSet(of: wrapped) else { return nil }
      self = .optional(wrapped)
    case .record(let record):
      var fields: [RecordColour.Field] = []
      for field in record.fields {
        guard let colour = ColourSet(of: field.type) else { return nil }
        fields.append(RecordColour.Field(name: field.name, colour: colour))
      }
      self = .record(RecordColour(name: record.name, fields: fields))
    default: return nil
    }
  }
}
