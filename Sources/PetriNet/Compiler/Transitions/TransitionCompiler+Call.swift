internal import CEL

extension TransitionCompiler {
  func call(_ source: CallSource) -> CallWork {
    let name = source.workflow
    var work = CallWork(workflow: WorkflowName(name.value), with: nil, routes: [])
    let callee = callee(name)
    if let input = callee?.input {
      work.with = argument(
        source.with, takes: input, noun: "the input of '\(name.value)'", at: path["with"])
    }
    if let callee {
      let known = outcomes(of: callee)
      work.routes = calleeRoutes(source.then, known, callee)
    } else {
      work.routes = unknownCalleeRoutes(source)
    }
    return work
  }

  private func callee(_ name: Located<String>) -> WorkflowInterface? {
    let at = path["call"]
    report.check(name, as: .hyphenated, kind: "workflow", at)
    guard let workflows = net.context.workflows else { return nil }
    guard let callee = workflows.first(where: { $0.name.text.hasSameBytes(as: name.value) })
    else {
      report.unknown(
        "workflow", name, in: "'\(self.name)'", among: workflows.map(\.name.text), at)
      return nil
    }
    if callee.starts.count != 1 {
      report.error(
        "P123", "'\(name.value)' cannot be called", at: name.mark, at,
        found: callee.starts.isEmpty ? "no start place" : callee.starts.listed,
        expected: "exactly one start place", help: "wrap it in a workflow that has one")
    }
    return callee
  }

  private func outcomes(of callee: WorkflowInterface) -> [KnownOutcome] {
    callee.ends.map { end in
      KnownOutcome(
        name: end.name, isRequired: true,
        variable: .result(
          end.isMany ? .list(end.colour, max: nil) : end.colour, isUntrusted: false))
    } + [cancelled]
  }

  private var cancelled: KnownOutcome {
    KnownOutcome(
      name: "cancelled", isRequired: true, variable: .none,
      reason: "a called case may be cancelled, or its start refused")
  }

  /// `then` that names what is no end of the callee is P123.
  private func calleeRoutes(
    _ then: RoutesSource, _ known: [KnownOutcome], _ callee: WorkflowInterface
  ) -> [Route] {
    let names = known.map(\.name)
    let places = Self.index(names)
    let isKnown = { (route: RouteSource) in
      route.outcome.value.hasSameBytes(as: "else") || places[route.outcome.value] != nil
    }
    for route in then where !route.outcome.isUnreadable && !isKnown(route) {
      report.error(
        "P123", "'\(callee.name.text)' has no end place '\(route.outcome.value)'",
        at: route.outcome.mark, path["then"][route.outcome.value], found: route.outcome.value,
        expected: "one of \(names.listed)",
        nearest: Nearest.name(to: route.outcome.value, among: names, within: &report.budget))
    }
    return routes(
      then.filter { isKnown($0) || $0.outcome.isUnreadable }, of: known, subject: "the call")
  }

  /// Nothing is known of the callee: what is routed is taken as its ends, of any type.
  private func unknownCalleeRoutes(_ source: CallSource) -> [Route] {
    if let with = source.with {
      checkAlone(with.asPut, in: scope(for: .firing(.none)), at: path["with"])
    }
    let isElse = source.then.contains { $0.outcome.value.hasSameBytes(as: "else") }
    let isCancelled = source.then.contains { $0.outcome.value.hasSameBytes(as: "cancelled") }
    let isInPart = source.then.contains(where: \.outcome.isUnreadable)
    if !isElse, !isCancelled, !isInPart {
      tellMissing(cancelled, source.then, [cancelled], "the call")
    }
    return source.then.map { route in
      Route(
        outcome: route.outcome.value,
        outputs: outputs(
          route.outputs, outcome: isCancelledRoute(route) ? .none : .anyResult,
          at: path["then"][route.outcome.value]))
    }
  }

  private func isCancelledRoute(_ route: RouteSource) -> Bool {
    route.outcome.value.hasSameBytes(as: "cancelled")
  }
}
