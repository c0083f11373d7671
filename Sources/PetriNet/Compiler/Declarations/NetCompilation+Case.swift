internal import CEL

extension NetCompilation {
  private static let keepStandard: Int64 = 7 * 86_400 * 1_000_000

  /// `case:`; its expressions see `input` and `params`.
  func caseRules() -> CaseRules {
    var rules = CaseRules(
      input: input, key: nil, again: .join, keepMicroseconds: Self.keepStandard, labels: [],
      subject: nil, partition: nil, cancelPlace: nil)
    guard let source = source.caseRules else { return rules }
    let path = NodePath("case")
    if input == nil, report.kindsInPart.contains("place") { isInputKnown = false }
    if input == nil, isInputKnown {
      report.error(
        "P107", "a net without a start place has no cases", at: source.mark, path,
        found: "case:", expected: "a start place")
      return rules
    }
    rules.key = text(source.key, isClear: true, at: path["key"])
    rules.subject = text(source.subject, isClear: false, at: path["subject"])
    rules.partition = text(source.partition, isClear: true, at: path["partition"])
    rules.again = again(source.again, at: path["again"])
    if let keep = source.keep {
      rules.keepMicroseconds = duration(keep, isZeroAllowed: true, at: path["keep"]) ?? 0
    }
    var first = NameTable<SourceMark>()
    for label in source.labels {
      let at = path["labels"][label.name.value]
      report.check(label.name, as: .word, kind: "label", at)
      if !first.insert(label.name.mark, as: label.name.value) {
        report.clash(label.name, kind: "label", with: first[label.name.value] ?? .none, at)
      }
      if let program = text(label.value, isClear: true, at: at) {
        rules.labels.append((label.name.value, program))
      }
    }
    rules.cancelPlace = source.cancel.flatMap { cancelPlace($0, at: path["cancel"]) }
    return rules
  }

  /// A string made of `input`; one kept in clear text may not be personal.
  private func text(_ source: SourceText?, isClear: Bool, at path: NodePath) -> Program? {
    guard let source else { return nil }
    let scope = Scope(
      variables: [
        Scope.Variable("input", inputType, origin: .input)
      ] + commonVariables)
    guard let program = compile(source, in: scope, expecting: .string, at: path) else {
      return nil
    }
    if isClear {
      flows.append(
        FlowSite(
          value: program.syntax, scope: scope, target: .clear, mark: source.mark, path: path,
          noun: "'\(path.node)'"))
    }
    return program
  }

  private func again(_ source: Located<String>?, at path: NodePath) -> CaseRules.Again {
    guard let source, !source.value.hasSameBytes(as: "join") else { return .join }
    if source.value.hasSameBytes(as: "refuse") { return .refuse }
    report.error(
      "F124", "'again' is join or refuse", at: source.mark, path, found: source.value,
      expected: "join or refuse",
      nearest: Nearest.name(to: source.value, among: ["join", "refuse"]))
    return .join
  }

  private func cancelPlace(_ name: Located<String>, at path: NodePath) -> Int? {
    guard let index = place(name, in: "'case.cancel'", path) else { return nil }
    let place = places[index].place
    guard places[index].isKnown else { return index }
    let wanted = RecordType(name: nil, fields: [.init("by", .string), .init("why", .string)])
    let misfit = place.colour.misfit(of: .record(wanted))
    guard case .ordinary = place.kind, misfit == nil else {
      report.error(
        "P102", "'\(name.value)' cannot take a cancellation", at: name.mark, path,
        found: place.kind == .ordinary ? "\(place.colour)" : "a place that is start, end or shared",
        expected: "a place of cases of type {by: string, why: string}")
      return nil
    }
    return index
  }
}
