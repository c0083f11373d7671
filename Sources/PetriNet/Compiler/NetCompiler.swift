/// Makes a `Net` of what an author wrote: resolves names, checks types, structure and the flow of
/// marks, and compiles every expression.
package enum NetCompiler {
  /// A compiled workflow, with the warnings and notes that loading can tell.
  package struct Compiled: Sendable {
    package var net: Net
    /// Warnings and notes, sorted by place.
    package var findings: [Finding]
  }

  /// Compiles a workflow.
  ///
  /// - Parameters:
  ///   - prompts: every prompt that judges may name; the net keeps those it uses.
  ///   - parameters: values of `petrel.yaml` and of test files, by name, over the file's defaults.
  /// - Throws: every mistake that can be told in one run, warnings and notes among them, sorted by
  ///   place (those of `source.file` first); at least one is an error.
  package static func compile(
    _ source: NetSource, prompts: [Prompt] = [], parameters: [String: LiteralSource] = [:],
    context: CompilationContext = CompilationContext()
  ) throws(Findings) -> Compiled {
    let compilation = NetCompilation(
      source, prompts: prompts, given: parameters, context: context)
    let net = compilation.compile()
    let findings = compilation.report.sorted
    if compilation.report.hasErrors { throw Findings(findings) }
    return Compiled(net: net, findings: findings)
  }

  /// What callers see of a workflow, from its declarations alone, whatever else is wrong with it;
  /// so that workflows which call each other can be compiled in any order.
  package static func interface(
    of source: NetSource, context: CompilationContext = CompilationContext()
  ) -> WorkflowInterface {
    let compilation = NetCompilation(source, prompts: [], given: [:], context: context)
    compilation.declare()
    let places = compilation.places.map(\.place)
    return WorkflowInterface(
      name: WorkflowName(source.name.value), input: compilation.input, places: places)
  }

  /// Checks a library by itself: its declarations, without a workflow that imports it.
  ///
  /// - Returns: warnings and notes, sorted by place.
  /// - Throws: as `compile` does.
  package static func checkLibrary(
    _ source: NetSource, context: CompilationContext = CompilationContext()
  ) throws(Findings) -> [Finding] {
    let compilation = NetCompilation(source, prompts: [], given: [:], context: context)
    compilation.declare()
    compilation.checkFiles()
    compilation.checkAccepted()
    let findings = compilation.report.sorted
    if compilation.report.hasErrors { throw Findings(findings) }
    return findings
  }
}

extension NetCompilation {
  /// Declares, compiles and checks everything; the net is of use only if nothing was wrong.
  fileprivate func compile() -> Net {
    declare()
    checkFiles()
    for transition in source.transitions {
      transitions.append(TransitionCompiler(transition, in: self).compile())
    }
    let rules = caseRules()
    let invariants = invariants()
    let schedules = schedules()
    checkAccepted()
    checkActionsAreUsed()
    checkFlows()
    checkStructure(rules)
    return Net(
      name: WorkflowName(source.name.value), files: files.map(\.name.value),
      parameters: parameters, places: places.map(\.place), transitions: transitions,
      actions: netActions, prompts: usedPrompts.map { prompts[$0] }, caseRules: rules,
      invariants: invariants, schedules: schedules, accepted: source.accepted,
      constants: constants)
  }

  /// F127: what stands in a file of the wrong kind.
  func checkFiles() {
    for file in files.dropFirst() where file.kind == .workflow {
      report.error(
        "F127", "'\(file.name.value)' is a workflow and cannot be imported", at: file.name.mark,
        NodePath("import"), found: "workflow: \(file.name.value)", expected: "a library")
    }
    for file in files where file.kind == .library {
      let strays: [(String, SourceMark?)] = [
        ("transitions", file.transitions.first?.name.mark), ("case", file.caseRules?.mark),
        ("invariants", file.invariants.first?.name.mark),
        ("schedules", file.schedules.first?.name.mark),
      ]
      for (key, mark) in strays {
        guard let mark else { continue }
        report.error(
          "F127", "a library has no '\(key)'", at: mark, NodePath(key), found: key,
          expected: "import, params, types, actions, places")
      }
    }
  }
}
