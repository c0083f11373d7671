internal import CEL

extension TransitionCompiler {
  /// The variables of all arcs in the order of their slots.
  func declareVariables() {
    let groups: [(arcs: [ArcSource], role: Role, key: String)] = [
      (source.inputs, .input, "in"), (source.reads, .read, "read"),
      (source.inhibitors, .inhibitor, "unless"), (source.cancels, .cancel, "cancel"),
    ]
    var first = NameTable<SourceMark>()
    for group in groups {
      for arc in group.arcs {
        let at = path[group.key][arc.variable.value]
        report.check(arc.variable, as: .variable, kind: "variable", at)
        if arc.variable.isUnreadable {
          // Its place is looked up all the same.
        } else if !first.insert(arc.variable.mark, as: arc.variable.value) {
          report.clash(
            arc.variable, kind: "variable", with: first[arc.variable.value] ?? .none, at)
        }
        let place = net.place(arc.place, in: "'\(group.key)' of '\(name)'", at)
        if arc.variable.isUnreadable { hasUnreadableVariable = true }
        if place == nil { hasUnknownPlace = true }
        variables.append(
          ArcVariable(
            name: arc.variable, place: place, role: group.role, isCounted: arc.count != nil))
      }
    }
  }

  func inputArc(_ arc: ArcSource, at index: Int) -> InputArc? {
    let at = path["in"][arc.variable.value]
    let condition = net.condition(
      arc.condition, in: scope(for: .filter(index)), at: at["where"])
    let count = arc.count.flatMap { self.count($0, at: at["count"]) } ?? .one
    let wait = arc.wait.flatMap { self.wait($0, of: index, at: at) }
    guard let place = variables[index].place else { return nil }
    checkExpiry(arc, wait, place, at: at)
    if case .end = net.places[place].place.kind { refuseEnd(arc, at: at) }
    return InputArc(
      variable: arc.variable.value, slot: Transition.Slots.firstArc + index, place: place,
      condition: condition, count: count, wait: wait)
  }

  func readArc(_ arc: ArcSource, at index: Int) -> ReadArc? {
    let number = source.inputs.count + index
    let at = path["read"][arc.variable.value]
    let condition = net.condition(
      arc.condition, in: scope(for: .filter(number)), at: at["where"])
    guard let place = variables[number].place else { return nil }
    return ReadArc(
      variable: arc.variable.value, slot: Transition.Slots.firstArc + number, place: place,
      condition: condition)
  }

  func testArc(_ arc: ArcSource, role: Role, at index: Int) -> TestArc? {
    let before = source.inputs.count + source.reads.count
    let number = before + (role == .cancel ? source.inhibitors.count : 0) + index
    let at = path[role == .cancel ? "cancel" : "unless"][arc.variable.value]
    let condition = net.condition(
      arc.condition, in: scope(for: .filter(number)), at: at["where"])
    guard let place = variables[number].place else { return nil }
    if role == .cancel, case .end = net.places[place].place.kind { refuseEnd(arc, at: at) }
    return TestArc(
      variable: arc.variable.value, slot: Transition.Slots.firstArc + number, place: place,
      condition: condition)
  }

  private func refuseEnd(_ arc: ArcSource, at path: NodePath) {
    report.error(
      "P107", "the end place '\(arc.place.value)' has an outgoing arc", at: arc.place.mark, path,
      found: arc.place.value, expected: "a place that is no end",
      help: "what is in an end place is the result of its case and stays there")
  }

  private func count(_ count: CountSource, at path: NodePath) -> InputArc.Count? {
    switch count {
    case .all: return .all
    case .exactly(let text):
      guard let bound = bound(text, at: path) else { return nil }
      switch bound {
      case .constant(let number): return .range(number, number)
      case .computed(let program): return .computed(program)
      }
    case .range(let lowText, let highText):
      guard let low = bound(lowText, at: path), let high = bound(highText, at: path) else {
        return nil
      }
      if case .constant(let low) = low, case .constant(let high) = high {
        if low > high {
          report.error(
            "P102", "the range of the count is empty", at: lowText.mark, path,
            found: "\(low)..\(high)", expected: "a lower end that is not above the upper")
          return nil
        }
        return .range(low, high)
      }
      guard let low = program(of: low, lowText), let high = program(of: high, highText) else {
        return nil
      }
      return .computedRange(low, high)
    }
  }

  private enum Bound {
    case constant(Int)
    case computed(Program)
  }

  private func bound(_ text: SourceText, at path: NodePath) -> Bound? {
    if Int64(decimal: text.text) == nil {
      guard let program = net.compile(text, in: scope(for: .count), expecting: .int, at: path)
      else { return nil }
      if !program.slots.isEmpty {
        flow(program, in: scope(for: .count), to: .clear, text.mark, path, "'count'")
        return .computed(program)
      }
    }
    return net.integer(text, in: 0...1_000_000, at: path).map(Bound.constant)
  }

  private func program(of bound: Bound, _ text: SourceText) -> Program? {
    switch bound {
    case .computed(let program): program
    case .constant:
      net.compile(text, in: scope(for: .count), expecting: .int, at: path)
    }
  }

  private func wait(_ wait: WaitSource, of index: Int, at path: NodePath) -> InputArc.Wait? {
    switch self.wait(wait, in: scope(for: .wait(index)), at: path) {
    case .constant(let microseconds)?: .constant(microseconds: microseconds)
    case .after(let program)?: .after(program)
    case .at(let program)?: .at(program)
    case nil: nil
    }
  }

  /// P507: a message is gone before the wait is over.
  private func checkExpiry(
    _ arc: ArcSource, _ wait: InputArc.Wait?, _ place: Int, at path: NodePath
  ) {
    guard case .constant(let microseconds)? = wait, case .after(let text)? = arc.wait,
      case .message(let keep) = net.places[place].place.kind, keep > 0, microseconds >= keep
    else { return }
    report.error(
      "P507", "'\(arc.place.value)' does not keep its messages so long", at: text.mark,
      path["after"], found: DurationText.text(microseconds: microseconds),
      expected: "less than keep: \(DurationText.text(microseconds: keep))",
      help: "shorten `after`, or lengthen `keep` of '\(arc.place.value)'")
  }

  /// P115, P122 of arcs, and what a task needs.
  func checkArcs(_ inputs: [InputArc]) {
    let takes = inputs.filter(\.takesAtLeastOne)
    let isComplete = inputs.count == source.inputs.count
    if isComplete, takes.isEmpty {
      report.error(
        "P115", "'\(name)' may fire without taking a token", at: source.name.mark, path["in"],
        found: inputs.isEmpty ? "no arc" : "only arcs that may be empty",
        expected: "one arc that takes at least one token")
    }
    let touched = variables.first { isOfCase($0.place) }
    if isComplete, !takes.isEmpty, let touched,
      !takes.contains(where: { isOfCase($0.place) })
    {
      report.error(
        "P122", "'\(name)' touches places of cases but may take no token of a case",
        at: touched.name.mark, path, found: "arcs on shared places, or that may be empty",
        expected: "an arc of `in` on a place of cases that takes at least one token")
    }
    if case .task = source.work, inputs.count != 1 || source.inputs[0].count != nil, isComplete {
      report.error(
        "P102", "the task '\(name)' needs exactly one arc of `in`, for one token",
        at: source.name.mark, path["in"],
        found: source.inputs.count == 1 ? "a count" : "\(source.inputs.count) arcs",
        expected: "one arc without count")
    }
  }
}

extension InputArc {
  var takesAtLeastOne: Bool {
    switch count {
    case .one: true
    case .range(let low, _): low > 0
    case .all, .computed, .computedRange: false
    }
  }
}

extension DurationText {
  static func text(microseconds: Int64) -> String {
    text(
      TimeSpan(
        seconds: microseconds / 1_000_000, nanoseconds: Int32(microseconds % 1_000_000) * 1000))
  }
}

extension NetCompilation {
  /// The index of a place by its name; P103 if there is none.
  func place(_ name: Located<String>, in owner: String, _ path: NodePath) -> Int? {
    if let index = placeIndices[name.value] { return index }
    report.unknown("place", name, in: owner, among: placeIndices.names, path)
    return nil
  }
}
