import PetriNet

extension WorkspaceLoader {
  /// What `petrel.yaml` says about nets must fit them: C402.
  mutating func checkConfiguration() {
    for given in configuration.parameters { check(given) }
    for share in configuration.shares { checkWorkflow(share.workflow, "shares") }
    for workflow in workspace.workflows { checkGroups(of: workflow) }
    for binding in configuration.actions { check(binding) }
  }

  /// The workflow of a name; where there is none, that is told.
  @discardableResult
  private mutating func checkWorkflow(_ name: Located<String>, _ path: String) -> NetSource? {
    let source = sources.first {
      $0.source.name.value.utf8.elementsEqual(name.value.utf8)
    }?.source
    if source == nil, !isIncomplete {
      unknown("workflow", name, sources.map(\.source.name.value), path)
    }
    return source
  }

  private mutating func check(_ given: Configuration.WorkflowParameters) {
    guard let source = checkWorkflow(given.workflow, "params") else { return }
    let known = Self.parameters(of: source)
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

  private mutating func checkGroups(of workflow: Workspace.Workflow) {
    guard let groups = configuration.groups?.map(\.name.value) else { return }
    for (transition, source) in zip(workflow.net.transitions, workflow.source.transitions) {
      guard case .task(let work) = transition.work, case .named(let name)? = work.group,
        case .task(let task) = source.work, let mark = task.group?.mark,
        !groups.contains(where: { $0.utf8.elementsEqual(name.utf8) })
      else { continue }
      unknown(
        "group", Located(name, mark), groups, "transitions.\(transition.name.text).for")
    }
  }

  private mutating func check(_ binding: Configuration.ActionBinding) {
    let name = binding.action.value
    let declared = workspace.workflows.flatMap(\.net.actions).first {
      $0.name.text.utf8.elementsEqual(name.utf8)
    }
    guard let declared else {
      let known = sources.flatMap { Self.actions(of: $0.source) }
      let isKnown = known.contains { $0.utf8.elementsEqual(name.utf8) }
      guard !isKnown, !isIncomplete else { return }
      report(
        Finding(
          "C402", "no workflow declares the action '\(name)'", at: binding.action.mark,
          node: join("actions", name), severity: .warning, found: name,
          expected: known.isEmpty ? "a declared action" : "one of \(known.joined(separator: ", "))",
          nearest: Nearest.name(to: name, among: known)))
      return
    }
    for mistake in BindingFit(binding, declared).mistakes {
      report(
        Finding(
          "C402", mistake.message,
          at: mistake.node == "path" ? binding.path.mark : binding.mark,
          node: join("actions", name) + ".\(mistake.node)", found: mistake.found,
          expected: mistake.expected, nearest: mistake.nearest))
    }
    if declared.effect == .final, binding.idempotency == .none {
      report(
        Finding(
          "C402", "the effect of '\(name)' is final, and its requests carry no key",
          at: binding.mark, node: join("actions", name), found: "idempotency: none",
          expected: "header, {header: NAME} or {field: NAME}",
          help: "after a crash the request is sent again; the key lets the other side see that"))
    }
  }

  private static func actions(of source: NetSource) -> [String] {
    source.actions.map(\.name.value) + source.imports.flatMap { actions(of: $0) }
  }
}
