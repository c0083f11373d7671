internal import CEL

extension TransitionCompiler {
  /// What one outcome or branch puts.
  func outputs(_ source: OutputSource, outcome: Outcome, at path: NodePath) -> Outputs {
    Outputs(
      puts: source.puts.compactMap { entry in
        put(entry.put, into: entry.place, outcome: outcome, at: path[entry.place.value])
      })
  }

  private func put(
    _ source: PutSource, into name: Located<String>, outcome: Outcome, at path: NodePath
  ) -> Put? {
    guard let place = net.place(name, in: "the outputs of '\(self.name)'", path) else {
      checkWithoutPlace(source, outcome, at: path)
      return nil
    }
    checkTarget(place, name, at: path)
    var source = source
    var waits: [(source: WaitSource, isOfElement: Bool)] = []
    var list: (text: SourceText, variable: Located<String>?, program: Program?)?
    var each = Scope.Variable.unnamed
    var isElementItself = false
    while true {
      switch source {
      case .delayed(let inner, let wait):
        waits.append((wait, list != nil))
        source = inner
        continue
      case .each(let text, let variable, let inner, let wait):
        if list != nil {
          report.error(
            "P102", "'each' stands in no other 'each'", at: text.mark, path, found: "each",
            expected: "one list")
          return nil
        }
        let program = elements(text, outcome, at: path["each"])
        list = (text, variable, program)
        if let wait { waits.append((wait, true)) }
        each = element(variable, of: program, outcome: outcome, at: path["as"])
        checkEach(place, text, program, at: path)
        guard let inner else {
          isElementItself = true
          break
        }
        source = inner
        continue
      default: break
      }
      break
    }
    if waits.count > 1 {
      report.error(
        "P102", "a token has one wait", at: waits[1].source.mark, path, found: "two",
        expected: "one `after` or `at`")
    }
    let scope = scope(for: .firing(outcome), each: each)
    let wait = waits.first.flatMap { self.wait($0.source, in: scope, at: path) }
    let value =
      isElementItself
      ? elementItself(each, list?.text, into: place, in: scope, at: path)
      : construction(source, into: .place(place), in: scope, at: path)
    guard let value, list == nil || list?.program != nil else { return nil }
    return Put(
      place: place, each: list?.program, slot: list == nil ? nil : eachSlot, value: value,
      wait: wait)
  }

  /// The expressions of what goes into a place that is not known.
  private func checkWithoutPlace(_ source: PutSource, _ outcome: Outcome, at path: NodePath) {
    switch source {
    case .expression, .fields: checkAlone(source, in: scope(for: .firing(outcome)), at: path)
    case .delayed(let inner, let wait):
      checkWithoutPlace(inner, outcome, at: path)
      _ = self.wait(wait, in: scope(for: .firing(outcome)), at: path)
    case .each(let text, _, _, _): _ = elements(text, outcome, at: path["each"])
    }
  }

  /// P122: message places are filled only from outside, places of cases only by firings of a case.
  private func checkTarget(_ place: Int, _ name: Located<String>, at path: NodePath) {
    let target = net.places[place].place
    if isSchedule { return }
    if case .message = target.kind {
      report.error(
        "P122", "'\(name.value)' is a message place: only clients put there", at: name.mark, path,
        found: name.value, expected: "a place that is no message place")
    } else if target.isOfCase, !takesCaseToken {
      report.error(
        "P122", "'\(self.name)' puts into '\(name.value)' but may hold no token of a case",
        at: name.mark, path, found: name.value,
        expected: "an arc of `in` on a place of cases that takes at least one token")
    }
  }

  private func elements(_ text: SourceText, _ outcome: Outcome, at path: NodePath) -> Program? {
    let scope = scope(for: .firing(outcome))
    guard let program = net.compile(text, in: scope, at: path) else { return nil }
    switch program.type {
    case .list, .dyn: return program
    default:
      if program.type.isList { return program }
      report.error(
        "P102", "'each' needs a list", at: text.mark, path, found: "\(program.type)",
        expected: "a list")
      return nil
    }
  }

  private func element(
    _ name: Located<String>?, of list: Program?, outcome: Outcome, at path: NodePath
  ) -> Scope.Variable {
    if let name {
      report.check(name, as: .variable, kind: "variable", path)
      if let first = variables.first(where: { $0.name.value.hasSameBytes(as: name.value) }) {
        report.clash(name, kind: "variable", with: first.name.mark, path)
      }
    }
    let type = list?.type.element ?? .dyn
    let origin = list.map {
      FlowOrigin.element($0.syntax, scope(for: .firing(outcome)))
    }
    return Scope.Variable(name?.value ?? "element", type, origin: origin ?? .clean)
  }

  /// The element put as it is.
  private func elementItself(
    _ each: Scope.Variable, _ list: SourceText?, into place: Int, in scope: Scope,
    at path: NodePath
  ) -> Construction? {
    guard let list, let name = each.name else { return nil }
    return construction(
      .expression(SourceText(name, mark: list.mark)), into: .place(place), in: scope, at: path)
  }

  /// P119: how many tokens come is not known when room is reserved.
  private func checkEach(
    _ place: Int, _ text: SourceText, _ program: Program?, at path: NodePath
  ) {
    guard let capacity = net.places[place].place.capacity else { return }
    let title = net.places[place].place.title
    switch source.work {
    case .plain, .choose:
      guard case .list(let values)? = program?.constant, values.count > capacity else { return }
      report.error(
        "P119", "'\(title)' never has room for all of them", at: text.mark, path,
        found: "\(values.count) tokens", expected: "at most \(capacity)")
    case .unreadable: break
    case .judge, .action, .task, .call:
      report.error(
        "P119", "'each' into '\(title)', which has a capacity, stands only in plain and choose",
        at: text.mark, path, found: "each", expected: "one token",
        help: "put the list into a place of its own and let a plain transition hand it out")
    }
  }

  /// An instant is in the log as it is, so it may not tell what is personal.
  func wait(_ wait: WaitSource, in scope: Scope, at path: NodePath) -> Put.Wait? {
    switch wait {
    case .after(let text):
      switch net.span(text, in: scope, at: path["after"]) {
      case .constant(let microseconds)?: return .constant(microseconds: microseconds)
      case .computed(let program)?:
        flow(program, in: scope, to: .clear, text.mark, path["after"], "'after'")
        return .after(program)
      case nil: return nil
      }
    case .at(let text):
      let program = net.compile(text, in: scope, expecting: .timestamp, at: path["at"])
      guard let program else { return nil }
      flow(program, in: scope, to: .clear, text.mark, path["at"], "'at'")
      return .at(program)
    }
  }
}

extension WaitSource {
  var mark: SourceMark {
    switch self {
    case .after(let text), .at(let text): text.mark
    }
  }
}

extension ValueType {
  /// What a list has in it.
  fileprivate var element: ValueType {
    switch self {
    case .list(let element): element
    case .nullable(let wrapped): wrapped.element
    default: .dyn
    }
  }
}
