internal import CEL

extension TransitionCompiler {
  func task(_ source: TaskSource) -> TaskWork {
    let forms = source.ask.compactMap { entry -> (outcome: String, colour: RecordColour)? in
      form(entry).map { (entry.outcome.value, $0) }
    }
    var work = TaskWork(
      title: title(source.title), with: shown(source.with), group: group(source.group),
      notBy: nil, due: due(source.due), forms: forms, routes: routes(source, forms))
    if let text = source.notBy {
      let at = path["not"]
      let scope = scope(for: .offer)
      work.notBy = net.compile(text, in: scope, expecting: .list(.string), at: at)
      if let program = work.notBy { flow(program, in: scope, to: .clear, text.mark, at, "'not'") }
    }
    return work
  }

  /// The outcomes are the keys of `then` but `else`, then those of `ask`.
  private func routes(
    _ source: TaskSource, _ forms: [(outcome: String, colour: RecordColour)]
  ) -> [Route] {
    var names = NameTable<Located<String>>()
    for outcome in source.then.map(\.outcome) + source.ask.map(\.outcome)
    where !outcome.isUnreadable && !outcome.value.hasSameBytes(as: "else") {
      if names.insert(outcome, as: outcome.value) {
        report.check(outcome, as: .word, kind: "outcome", path["then"][outcome.value])
      }
    }
    if names.names.isEmpty, !source.then.contains(where: \.outcome.isUnreadable) {
      report.error(
        "P101", "the task '\(name)' has no outcome", at: self.source.name.mark, path["then"],
        found: source.then.isEmpty ? "nothing" : "only else",
        expected: "an outcome that a person can choose")
    }
    let formed = Self.index(forms.map(\.outcome))
    let asked = Self.index(source.ask.map(\.outcome.value))
    let isInPart = source.ask.contains(where: \.outcome.isUnreadable)
    let known = names.names.map { outcome in
      let form = formed[outcome].map { forms[$0].colour }
      let isAsked = isInPart || asked[outcome] != nil
      let answer: Outcome = form == nil && isAsked ? .anyAnswer : .answer(form)
      return KnownOutcome(name: outcome, isRequired: true, variable: answer)
    }
    return routes(source.then, of: known, subject: "the task")
  }

  private func form(_ entry: (outcome: Located<String>, form: TypeSource)) -> RecordColour? {
    let at = path["ask"][entry.outcome.value]
    guard let colour = net.types.colour(entry.form, at: at), !colour.isUnknown else { return nil }
    guard case .record(let record) = colour else {
      report.error(
        "P102", "a form is a record", at: entry.form.mark, at, found: "\(colour)",
        expected: "{FIELD: TYPE}")
      return nil
    }
    for field in record.fields
    where field.name.hasSameBytes(as: "by") || field.name.hasSameBytes(as: "at") {
      report.error(
        "P102", "a form has no field '\(field.name)'", at: entry.form.mark, at, found: field.name,
        expected: "another name",
        help: "answer.\(field.name) says \(field.name == "by" ? "who" : "when") answered")
    }
    return record
  }

  private func shown(
    _ source: [NamedExpressionSource]
  ) -> [(name: String, value: Program)] {
    let scope = scope(for: .shown)
    return source.compactMap { entry in
      let at = path["with"][entry.name.value]
      report.check(entry.name, as: .field, kind: "field", at)
      guard let program = net.compile(entry.value, in: scope, at: at) else { return nil }
      return (entry.name.value, program)
    }
  }

  private func group(_ text: SourceText?) -> TaskWork.Group? {
    guard let text else { return nil }
    if NameRules.isXID(text.text, joined: ["-"]) { return .named(text.text) }
    let at = path["for"]
    let scope = scope(for: .offer)
    guard let program = net.compile(text, in: scope, expecting: .string, at: at) else {
      return nil
    }
    flow(program, in: scope, to: .clear, text.mark, at, "'for'")
    return .computed(program)
  }

  /// A duration counts from the offer; its expression is compiled as `now + (…)`.
  private func due(_ text: SourceText?) -> TaskWork.Due? {
    guard let text else { return nil }
    let at = path["due"]
    let scope = scope(for: .offer)
    if QuantityText.microseconds(text.text) != nil || DurationText.resembles(text.text)
      || DurationText.negative(text.text) != nil
    {
      guard case .constant(let microseconds)? = net.span(text, in: scope, at: at) else {
        return nil
      }
      return .after(microseconds: microseconds)
    }
    guard let program = net.compile(text, in: scope, at: at) else { return nil }
    flow(program, in: scope, to: .clear, text.mark, at, "'due'")
    switch program.type {
    case .timestamp, .nullable(.timestamp): return .at(program)
    case .duration, .nullable(.duration):
      switch net.span(text, in: scope, at: at) {
      case .constant(let microseconds)?: return .after(microseconds: microseconds)
      case .computed?:
        let sum = SourceText("now + (\(text.text))", mark: text.mark)
        return net.compile(sum, in: self.scope(for: .shown), expecting: .timestamp, at: at)
          .map(TaskWork.Due.at)
      case nil: return nil
      }
    case .dyn where net.mayFollow: return nil
    default:
      report.error(
        "P102", "'due' is a duration or an instant", at: text.mark, at, found: "\(program.type)",
        expected: "D, or CEL of type duration or timestamp")
      return nil
    }
  }

  /// `{{x.y}}` stands for a value; everything else is text.
  private func title(_ source: SourceText) -> [TaskWork.TitlePart] {
    let scalars = Array(source.text.unicodeScalars)
    var parts: [TaskWork.TitlePart] = []
    var text = String.UnicodeScalarView()
    var index = 0
    while index < scalars.count {
      guard scalars[index] == "{", index + 1 < scalars.count, scalars[index + 1] == "{" else {
        text.append(scalars[index])
        index += 1
        continue
      }
      let start = index + 2
      guard
        let end = (start..<scalars.count).first(where: { position in
          scalars[position] == "}" && position + 1 < scalars.count
            && scalars[position + 1] == "}"
        })
      else {
        report.error(
          "P102", "the title has '{{' without '}}'", at: source.mark(at: index, length: 2),
          path["task"], found: "{{", expected: "{{x.y}}")
        break
      }
      if !text.isEmpty { parts.append(.text(String(text))) }
      text = String.UnicodeScalarView()
      if let value = titleValue(source, start..<end, scalars) { parts.append(.value(value)) }
      index = end + 2
    }
    if !text.isEmpty { parts.append(.text(String(text))) }
    return parts
  }

  private func titleValue(
    _ source: SourceText, _ range: Range<Int>, _ scalars: [Unicode.Scalar]
  ) -> Program? {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[range])
    let mark = source.mark(at: range.lowerBound, length: range.count)
    let positions = source.positions.map { Array($0[range.clamped(to: 0..<$0.count)]) }
    let text = SourceText(String(view), mark: mark, positions: positions)
    let at = path["task"]
    let scope = scope(for: .offer)
    guard let program = net.compile(text, in: scope, at: at) else { return nil }
    if program.syntax.path == nil && program.constant == nil {
      report.error(
        "P102", "a title shows a variable or a field of it", at: mark, at, found: text.text,
        expected: "{{x.y}}", help: "put the value into the token that the task takes")
    }
    switch program.type {
    case .string, .int, .bool, .double, .enumeration, .timestamp, .duration, .nullable: break
    case .dyn where net.mayFollow: break
    default:
      report.error(
        "P102", "a title shows no value of this type", at: mark, at, found: "\(program.type)",
        expected: "a string, number, bool or time")
    }
    flow(program, in: scope, to: .clear, mark, at, "the title of '\(name)'")
    return program
  }
}
