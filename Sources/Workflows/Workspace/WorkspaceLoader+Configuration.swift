import CEL
import PetriNet

extension WorkspaceLoader {
  /// What `petrel.yaml` says about nets must fit them: C402.
  mutating func checkConfiguration() {
    for given in configuration.parameters { check(given) }
    for share in configuration.shares { checkWorkflow(share.workflow, "shares") }
    for item in sources { checkGroups(of: item.source) }
    for binding in configuration.actions { check(binding) }
    for workflow in workspace.workflows { checkKeep(of: workflow.net) }
  }

  /// What is asked for again is known as long as a net says; the rows that tell must be there.
  private mutating func checkKeep(of net: Net) {
    guard let cases = configuration.retention.casesMicroseconds else { return }
    var kept: [(what: String, microseconds: Int64)] = []
    if net.caseRules.key != nil { kept.append(("case", net.caseRules.keepMicroseconds)) }
    for place in net.places {
      if case .message(let keep) = place.kind { kept.append((place.name.text, keep)) }
    }
    func days(_ microseconds: Int64) -> String {
      DurationText.text(
        TimeSpan(
          seconds: microseconds / 1_000_000, nanoseconds: Int32(microseconds % 1_000_000) * 1_000))
    }
    for (what, keep) in kept where keep > cases {
      report(
        Finding(
          "C402", "'\(net.name.text)' knows keys for longer than cases are kept",
          at: configuration.retention.mark, node: "retention.cases",
          found: "keep of \(what): \(days(keep))",
          expected: "cases: \(days(keep)) or more, or a smaller keep"))
    }
  }

  /// The workflow of a name; where there is none, that is told.
  @discardableResult
  private mutating func checkWorkflow(_ name: Located<String>, _ path: String) -> NetSource? {
    let names = sources.map(\.source.name.value)
    let source = sources.first {
      $0.source.name.value.utf8.elementsEqual(name.value.utf8)
    }?.source
    if source == nil, !isIncomplete || Nearest.isSlip(name.value, of: names) {
      unknown("workflow", name, names, path)
    }
    return source
  }

  private mutating func check(_ given: Configuration.WorkflowParameters) {
    guard let source = checkWorkflow(given.workflow, "params") else { return }
    let known = Self.parameters(of: source)
    if source.lacksImports || source.parameters.contains(where: \.name.isUnreadable) { return }
    for value in given.values
    where !known.contains(where: { $0.utf8.elementsEqual(value.name.value.utf8) }) {
      unknown("parameter", value.name, known, join("params", given.workflow.value))
    }
  }

  static func parameters(of source: NetSource) -> [String] {
    source.parameters.map(\.name.value) + source.imports.flatMap { parameters(of: $0) }
  }

  private mutating func unknown(
    _ what: String, _ name: Located<String>, _ known: [String], _ path: String
  ) {
    report(
      Finding(
        "C402", "unknown \(what) '\(name.value)'", at: name.mark, node: path, found: name.value,
        expected: known.isEmpty ? "a \(what)" : "one of \(known.joined(separator: ", "))",
        nearest: Nearest.name(to: name.value, among: known)))
  }

  private mutating func checkGroups(of workflow: NetSource) {
    guard let groups = configuration.groups?.map(\.name.value) else { return }
    for transition in workflow.transitions {
      guard case .task(let task) = transition.work, let group = task.group,
        NameForm.hyphenated.admits(group.text),
        !groups.contains(where: { $0.utf8.elementsEqual(group.text.utf8) })
      else { continue }
      unknown(
        "group", Located(group.text, group.mark), groups,
        "transitions.\(transition.name.value).for")
    }
  }

  private mutating func check(_ binding: Configuration.ActionBinding) {
    let name = binding.action.value
    let all = sources.flatMap { Self.actions(of: $0.source) }
    let declared = all.first { $0.name.value.utf8.elementsEqual(name.utf8) }
    guard let declared else {
      let known = all.map(\.name.value)
      let isInPart = isIncomplete || sources.contains { Self.lacksActions($0.source) }
      guard !isInPart || Nearest.isSlip(name, of: known) else { return }
      report(
        Finding(
          "C402", "no workflow declares the action '\(name)'", at: binding.action.mark,
          node: join("actions", name), severity: .warning, found: name,
          expected: known.isEmpty ? "a declared action" : "one of \(known.joined(separator: ", "))",
          nearest: Nearest.name(to: name, among: known)))
      return
    }
    checkFit(of: binding)
    if declared.effect.map({ $0.value.utf8.elementsEqual("final".utf8) }) ?? true,
      binding.idempotency == .none
    {
      report(
        Finding(
          "C402", "the effect of '\(name)' is final, and its requests carry no key",
          at: binding.mark, node: join("actions", name), found: "idempotency: none",
          expected: "header, {header: NAME} or {field: NAME}",
          help: "after a crash the request is sent again; the key lets the other side see that"))
    }
  }

  /// Types are known where the net was compiled.
  private mutating func checkFit(of binding: Configuration.ActionBinding) {
    let name = binding.action.value
    let declared = workspace.workflows.flatMap(\.net.actions).first {
      $0.name.text.utf8.elementsEqual(name.utf8)
    }
    guard let declared else { return }
    for mistake in BindingFit(binding, declared).mistakes {
      report(
        Finding(
          "C402", mistake.message,
          at: mistake.node == "path" ? binding.path.mark : binding.mark,
          node: join("actions", name) + ".\(mistake.node)", found: mistake.found,
          expected: mistake.expected, nearest: mistake.nearest))
    }
  }

  private static func actions(of source: NetSource) -> [ActionSource] {
    source.actions.filter { !$0.name.isUnreadable } + source.imports.flatMap { actions(of: $0) }
  }

  private static func lacksActions(_ source: NetSource) -> Bool {
    source.lacksImports || source.actions.contains { $0.name.isUnreadable }
      || source.imports.contains { lacksActions($0) }
  }
}
