internal import CEL

/// Compiles one transition: its arcs, then its work.
///
/// Every expression of a transition reads one frame, laid out as `Transition` says; which of its
/// variables an expression may use depends on where it stands.
final class TransitionCompiler {
  /// A variable of an arc, as far as its place is known.
  struct ArcVariable {
    var name: Located<String>
    /// Nil for an unknown place.
    var place: Int?
    var role: Role
    /// Whether it stands for a list of tokens.
    var isCounted: Bool
  }

  enum Role { case input, read, inhibitor, cancel }

  let net: NetCompilation
  let source: TransitionSource
  let path: NodePath
  var variables: [ArcVariable] = []
  /// Of the variables: whether a name could not be read, whether a place is not known.
  var hasUnreadableVariable = false
  var hasUnknownPlace = false
  /// What expressions of this transition see of its arcs.
  var tables: [Sight: Scope.Table] = [:]
  var bindsCase = false
  /// Whether some arc certainly takes a token of a case; true where an arc could not be compiled.
  private(set) var takesCaseToken = false
  /// Schedules bind nothing; what they may put into is checked with them.
  let isSchedule: Bool

  /// `path` for what only puts, as a schedule does.
  init(_ source: TransitionSource, in net: NetCompilation, path: NodePath? = nil) {
    self.net = net
    self.source = source
    self.path = path ?? NodePath("transitions", source.name.value)
    isSchedule = path != nil
  }

  var report: Report { net.report }
  var name: String { source.name.value }
  var eachSlot: Int { Transition.Slots.firstArc + variables.count }

  /// What is wrong is reported; the transition returned is of use only if nothing is.
  func compile() -> Transition {
    declareVariables()
    bindsCase = variables.contains { variable in
      (variable.role == .input || variable.role == .read) && isOfCase(variable.place)
    }
    let inputs = source.inputs.enumerated().compactMap { inputArc($1, at: $0) }
    let reads = source.reads.enumerated().compactMap { readArc($1, at: $0) }
    let inhibitors = source.inhibitors.enumerated().compactMap {
      testArc($1, role: .inhibitor, at: $0)
    }
    let cancels = source.cancels.enumerated().compactMap { testArc($1, role: .cancel, at: $0) }
    let condition = net.condition(
      source.guardText, in: scope(for: .condition), at: path["guard"])
    takesCaseToken =
      inputs.count < source.inputs.count
      || inputs.contains { $0.takesAtLeastOne && isOfCase($0.place) }
    checkArcs(inputs)
    let work = compileWork()
    return Transition(
      name: TransitionName(name), priority: source.priority?.value ?? 0, inputs: inputs,
      reads: reads, inhibitors: inhibitors, cancels: cancels, condition: condition, work: work,
      limit: limit(), slotCount: eachSlot + 1, bindsCase: bindsCase, mark: source.name.mark)
  }

  func isOfCase(_ place: Int?) -> Bool {
    place.map { net.places[$0].place.isOfCase } ?? false
  }

  private func compileWork() -> Work {
    if !source.cancels.isEmpty {
      switch source.work {
      case .plain, .choose, .task, .unreadable: break
      case .judge, .action, .call:
        report.error(
          "F127", "'cancel' stands only on plain, choose and task",
          at: source.cancels[0].variable.mark, path["cancel"], found: "cancel")
      }
    }
    switch source.work {
    case .plain(let outputs):
      return .plain(self.outputs(outputs, outcome: .none, at: path["out"]))
    case .choose(let branches, let mark): return .choose(self.branches(branches, at: mark))
    case .judge(let judge): return .judge(self.judge(judge))
    case .action(let action): return .action(self.action(action))
    case .task(let task): return .task(self.task(task))
    case .call(let call): return .call(self.call(call))
    case .unreadable(let routes):
      net.lacksUses = true
      for route in routes {
        _ = outputs(route.outputs, outcome: .unknown, at: path["then"][route.outcome.value])
      }
      return .plain(Outputs(puts: []))
    }
  }

  private func limit() -> FiringLimit? {
    guard let limit = source.limit else { return nil }
    switch source.work {
    case .judge, .action, .call, .unreadable: break
    case .plain, .choose, .task:
      report.error(
        "F127", "'limit' stands only on judge, action and call", at: limit.max.mark,
        path["limit"], found: "limit")
      return nil
    }
    let perPath = limit.per == nil ? path["limit"] : path["limit"]["max"]
    let max = net.integer(limit.max, in: 1...Int.max, at: perPath)
    let per = limit.per.flatMap { text -> Program? in
      let at = path["limit"]["per"]
      guard let program = net.compile(text, in: scope(for: .per), at: at) else { return nil }
      if program.slots.count != 1 {
        report.error(
          "P102", "'per' is over one arc", at: text.mark, at,
          found: "\(program.slots.count) variables", expected: "one variable")
      }
      flow(program, in: scope(for: .per), to: .clear, text.mark, at, "'limit.per'")
      return program
    }
    return FiringLimit(max: max ?? 1, per: per)
  }

  /// Notes a value on its way, for the check of marks.
  func flow(
    _ program: Program, in scope: Scope, to target: FlowSite.Target, _ mark: SourceMark,
    _ path: NodePath, _ noun: String, field: String? = nil
  ) {
    net.flows.append(
      FlowSite(
        value: program.syntax, field: field, scope: scope, target: target, mark: mark, path: path,
        noun: noun))
  }
}
