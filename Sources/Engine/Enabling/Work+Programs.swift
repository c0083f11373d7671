import CEL
import PetriNet

extension Transition {
  /// What the search for bindings evaluates.
  var searchedPrograms: [Program] {
    inputs.compactMap(\.condition) + reads.compactMap(\.condition)
      + inhibitors.compactMap(\.condition) + [condition, limit?.per].compactMap(\.self)
      + inputs.flatMap(\.count.programs)
  }
}

extension InputArc.Count {
  fileprivate var programs: [Program] {
    switch self {
    case .one, .all, .range: []
    case .computed(let count): [count]
    case .computedRange(let low, let high): [low, high]
    }
  }
}

extension Work {
  var isOneStep: Bool {
    switch self {
    case .plain, .choose: true
    case .judge, .action, .task, .call: false
    }
  }

  /// Whether the search evaluates which model is asked.
  var computesModel: Bool {
    if case .judge(let work) = self, case .computed = work.model { true } else { false }
  }

  /// Every expression that is evaluated once a binding is found, or when an outcome is known.
  var programs: [Program] {
    let ofOutputs = outputs.flatMap(\.puts).flatMap(\.programs)
    switch self {
    case .plain: return ofOutputs
    case .choose(let branches): return branches.compactMap(\.condition) + ofOutputs
    case .judge(let work):
      if case .computed(let program) = work.model { return work.with + [program] + ofOutputs }
      return work.with + ofOutputs
    case .action(let work): return work.with.programs + ofOutputs
    case .task(let work):
      var programs = work.with.map(\.value) + [work.notBy].compactMap(\.self)
      for case .value(let program) in work.title { programs.append(program) }
      if case .computed(let program) = work.group { programs.append(program) }
      if case .at(let program) = work.due { programs.append(program) }
      return programs + ofOutputs
    case .call(let work): return (work.with?.programs ?? []) + ofOutputs
    }
  }
}

extension Put {
  var programs: [Program] {
    var programs = [each].compactMap(\.self) + value.programs
    switch wait {
    case .after(let program), .at(let program): programs.append(program)
    case .constant, nil: break
    }
    return programs
  }
}

extension Construction {
  var programs: [Program] {
    switch self {
    case .whole(let program, _): [program]
    case .record(_, let parts, let copy):
      [copy].compactMap(\.self)
        + parts.compactMap { if case .program(let program) = $0 { program } else { nil } }
    }
  }
}
