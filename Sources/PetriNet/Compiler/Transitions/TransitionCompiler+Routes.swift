internal import CEL

extension TransitionCompiler {
  /// An outcome that a transition may have.
  struct KnownOutcome {
    var name: String
    /// P101 if it is not routed.
    var isRequired: Bool
    var variable: Outcome
    /// Why it must be routed, for the help line.
    var reason = ""
  }

  /// The routes of all outcomes, in the order of `known`.
  ///
  /// `else` stands for all that are not routed by name, `fallback` apart. `unknownCode` is P108 for
  /// labels of a judge, where a prompt may have been shortened, else P103.
  func routes(
    _ then: RoutesSource, of known: [KnownOutcome], subject: String, unknownCode: String = "P103"
  ) -> [Route] {
    checkNames(then, of: known, subject, unknownCode)
    let given = Self.index(then.map(\.outcome.value))
    let rest = given["else"].map { then[$0] }
    let isInPart = then.contains(where: \.outcome.isUnreadable)
    var routes: [Route] = []
    for outcome in known {
      let named = given[outcome.name].map { then[$0] }
      let isFallback = outcome.name.hasSameBytes(as: "fallback")
      if let route = named ?? (isFallback ? nil : rest) {
        let outputs = outputs(
          route.outputs, outcome: outcome.variable, at: path["then"][route.outcome.value])
        routes.append(Route(outcome: outcome.name, outputs: outputs))
      } else if outcome.isRequired, !isInPart {
        tellMissing(outcome, then, known, subject)
      }
    }
    return routes
  }

  /// Where each name stands first.
  static func index(_ names: [String]) -> NameTable<Int> {
    var table = NameTable<Int>()
    for (index, name) in names.enumerated() { _ = table.insert(index, as: name) }
    return table
  }

  func tellMissing(
    _ outcome: KnownOutcome, _ then: RoutesSource, _ known: [KnownOutcome], _ subject: String
  ) {
    let routed = then.lazy.map(\.outcome.value)
    let required = known.lazy.filter(\.isRequired).map(\.name)
    report.error(
      "P101", "\(subject) '\(name)' has no route for '\(outcome.name)'", at: source.name.mark,
      path["then"], found: routed.isEmpty ? "no route" : routed.listed,
      expected: "\(required.listedWithAnd) under then:", help: outcome.reason)
  }

  private func checkNames(
    _ then: RoutesSource, of known: [KnownOutcome], _ subject: String, _ code: String
  ) {
    var first = NameTable<SourceMark>()
    let names = known.map(\.name)
    let places = Self.index(names)
    for route in then {
      let outcome = route.outcome
      let at = path["then"][outcome.value]
      if outcome.isUnreadable {
        _ = outputs(route.outputs, outcome: .unknown, at: at)
        continue
      }
      if !first.insert(outcome.mark, as: outcome.value) {
        report.clash(outcome, kind: "route", with: first[outcome.value] ?? .none, at)
      }
      if outcome.value.hasSameBytes(as: "else") { continue }
      if places[outcome.value] != nil { continue }
      let message = "\(subject) '\(name)' has no outcome '\(outcome.value)'"
      let nearest = Nearest.name(to: outcome.value, among: names, within: &report.budget)
      if code.hasSameBytes(as: "P108") {
        report.warning(
          code, message, at: outcome.mark, at, found: outcome.value,
          expected: "one of \(names.listed)", nearest: nearest)
      } else {
        report.error(
          code, message, at: outcome.mark, at, found: outcome.value,
          expected: "one of \(names.listed)", nearest: nearest)
      }
      // Its outputs are checked as if it were the nearest one, so that all is told at once.
      let meant = nearest.flatMap { places[$0] }.map { known[$0] }
      _ = outputs(route.outputs, outcome: meant?.variable ?? .unknown, at: at)
    }
  }

  /// The branches of `choose`; `else` is the last.
  func branches(_ sources: [BranchSource], at mark: SourceMark) -> [Branch] {
    var first = NameTable<SourceMark>()
    var branches: [Branch] = []
    for (index, branch) in sources.enumerated() {
      let at = path["choose"][branch.name.value]
      if !branch.name.isUnreadable, !first.insert(branch.name.mark, as: branch.name.value) {
        report.clash(branch.name, kind: "branch", with: first[branch.name.value] ?? .none, at)
      }
      let isElse = branch.name.value.hasSameBytes(as: "else")
      if !isElse { report.check(branch.name, as: .word, kind: "branch", at) }
      if isElse && index < sources.count - 1 {
        report.error(
          "P102", "'else' is the last branch of '\(name)'", at: branch.name.mark, at,
          found: "branches after it", expected: "else at the end")
      }
      if isElse, let text = branch.condition {
        report.error(
          "P102", "'else' has no condition", at: text.mark, at["when"], found: text.text)
      } else if !isElse && branch.condition == nil {
        report.error(
          "F123", "the branch '\(branch.name.value)' has no condition", at: branch.name.mark, at,
          found: "nothing", expected: "when: CEL")
      }
      let condition = net.condition(
        branch.condition, in: scope(for: .firing(.none)), at: at["when"])
      let outputs = outputs(branch.outputs, outcome: .none, at: at["out"])
      branches.append(
        Branch(name: branch.name.value, condition: condition, outputs: outputs))
    }
    if first["else"] == nil, !sources.contains(where: \.name.isUnreadable) {
      report.error(
        "P101", "'\(name)' has no branch 'else'", at: source.name.mark, path["choose"],
        found: first.names.isEmpty ? "no branch" : first.names.listed,
        expected: "else: {out: …} as the last branch",
        help: "a decision must be made for every value; `else: {out: {}}` puts nothing")
    }
    return branches
  }
}
