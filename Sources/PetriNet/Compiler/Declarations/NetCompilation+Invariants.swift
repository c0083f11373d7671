internal import CEL

extension NetCompilation {
  /// `invariants:` as programs over counts of tokens and firings.
  func invariants() -> [Invariant] {
    if source.invariants.isEmpty { return [] }
    let counts = countScope()
    return source.invariants.compactMap { source in
      let path = NodePath("invariants", source.name.value)
      report.check(source.name, as: .word, kind: "invariant", path)
      return invariant(source, over: counts, at: path)
    }
  }

  private func invariant(
    _ source: InvariantSource, over counts: (scope: Scope, terms: [Invariant.Term]),
    at path: NodePath
  ) -> Invariant? {
    let (scope, terms) = counts
    var by: Located<String>?
    var isWatched = false
    let claim: Invariant.Claim?
    switch source.claim {
    case .always(let text, let field, let watch):
      by = field
      isWatched = watch
      claim = condition(text, in: scope, at: path["always"]).map(Invariant.Claim.always)
    case .eventually(let text):
      claim = condition(text, in: scope, at: path["eventually"]).map(Invariant.Claim.eventually)
    case .leads(let before, let after):
      let first = condition(before, in: scope, at: path["leads"]["0"])
      let second = condition(after, in: scope, at: path["leads"]["1"])
      claim = first.flatMap { first in second.map { Invariant.Claim.leads(first, $0) } }
    }
    guard let claim else { return nil }
    if let by { checkField(by, of: claim, terms, at: path["by"]) }
    return Invariant(
      source: source, name: source.name.value, claim: claim, terms: terms, by: by?.value,
      isWatched: isWatched)
  }

  /// A place is the number of its tokens, `t` the firings of t in flight, `t.v` the tokens that
  /// these hold in v.
  private func countScope() -> (scope: Scope, terms: [Invariant.Term]) {
    var variables: [Scope.Variable] = []
    var terms: [Invariant.Term] = []
    for (index, declared) in places.enumerated() {
      variables.append(Scope.Variable(declared.place.title, .int))
      terms.append(.place(index))
    }
    for (index, transition) in transitions.enumerated() {
      let name = transition.name.text
      variables.append(name.isEmpty ? .unnamed : Scope.Variable(name, .int))
      terms.append(.transition(index))
      for arc in transition.inputs {
        let isNamed = !name.isEmpty && !arc.variable.isEmpty
        variables.append(
          isNamed ? Scope.Variable("\(name).\(arc.variable)", .int) : .unnamed)
        terms.append(.held(transition: index, slot: arc.slot))
      }
    }
    var scope = Scope(variables: variables + commonVariables)
    scope.isInPart = !report.kindsInPart.isDisjoint(with: ["place", "transition"])
    return (scope, terms)
  }

  /// Each place that is counted apart has the field.
  private func checkField(
    _ field: Located<String>, of claim: Invariant.Claim, _ terms: [Invariant.Term],
    at path: NodePath
  ) {
    var slots: [Int] = []
    switch claim {
    case .always(let program), .eventually(let program): slots = program.slots
    case .leads(let before, let after): slots = before.slots + after.slots
    }
    for slot in slots where slot < terms.count {
      guard let place = place(of: terms[slot]) else {
        report.error(
          "P102", "firings cannot be counted by a field", at: field.mark, path,
          found: field.value, expected: "TRANSITION.VARIABLE", help: "name one of its arcs")
        continue
      }
      if places[place].place.colour.isUnknown || field.isUnreadable { continue }
      guard case .record(let record) = places[place].place.colour else {
        report.error(
          "P102", "'\(places[place].place.title)' has no fields to count by", at: field.mark, path,
          found: "\(places[place].place.colour)", expected: "a record with \(field.value)")
        continue
      }
      if record.type.index(of: field.value) == nil {
        report.unknown(
          "field", field, in: "'\(places[place].place.title)'",
          among: record.fields.map(\.name), path)
      }
    }
  }

  private func place(of term: Invariant.Term) -> Int? {
    switch term {
    case .place(let index): index
    case .transition: nil
    case .held(let transition, let slot):
      transitions[transition].inputs.first { $0.slot == slot }?.place
    }
  }

  /// `accept:` names codes of the check, or one node of one code.
  func checkAccepted() {
    for accepted in source.accepted {
      let path = NodePath("accept", accepted.code.value)
      let code = accepted.code.value.unicodeScalars.prefix { $0 != "/" }
      let digits = code.dropFirst()
      let isCode =
        code.first == "P" && digits.count == 3
        && digits.allSatisfy { ("0"..."9").contains($0) }
      if !isCode {
        report.error(
          "P103", "'\(accepted.code.value)' is no code of the check", at: accepted.code.mark, path,
          found: accepted.code.value, expected: "P302, or P302/NODE")
      } else if String(code).hasSameBytes(as: "P001") {
        report.error(
          "P102", "P001 cannot be accepted", at: accepted.code.mark, path, found: "P001",
          expected: "another code", help: "the check contradicts itself: report it")
      } else if accepted.reason.unicodeScalars.allSatisfy({ $0.properties.isWhitespace }) {
        report.error(
          "F123", "'\(accepted.code.value)' is accepted without a reason",
          at: accepted.code.mark, path, found: "nothing", expected: "a reason")
      }
    }
  }
}
