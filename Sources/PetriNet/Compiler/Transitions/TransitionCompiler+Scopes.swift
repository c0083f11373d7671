internal import CEL

extension TransitionCompiler {
  /// Where an expression stands, which decides what it may use.
  enum Use {
    /// `where` of the arc variable of this index.
    case filter(Int)
    /// `after`, `at` of the arc variable of this index.
    case wait(Int)
    /// `count`.
    case count
    /// `guard`.
    case condition
    /// `limit.per`.
    case per
    /// A title, `for`, `not`, `due`: before the firing, but with the whole binding.
    case offer
    /// `with` of a task: as `offer`, and it sees `now`.
    case shown
    /// `when`, `with`, outputs and `model`: everything.
    case firing(Outcome)
  }

  /// What the variable of an outcome is while its outputs are built.
  enum Outcome {
    case none
    case verdict(ValueType)
    case fallback
    case result(ColourSet, isUntrusted: Bool)
    /// Of a workflow that is not known here.
    case anyResult
    case error
    case answer(RecordColour?)
    /// Of a form that has mistakes.
    case anyAnswer
    /// It could not be read which outcome it is.
    case unknown
  }

  /// The frame as an expression at `use` sees it; `each` names the element of an output.
  func scope(for use: Use, each: Scope.Variable = .unnamed) -> Scope {
    var result = fixed(for: use)
    for index in variables.indices { result.append(variable(index, for: use)) }
    result.append(each)
    var scope = Scope(variables: result + net.commonVariables)
    scope.isInPart = variables.contains { $0.name.isUnreadable }
    if case .firing(.unknown) = use { scope.isInPart = true }
    return scope
  }

  private func fixed(for use: Use) -> [Scope.Variable] {
    // An arc whose place is not known may bind one.
    var caseDenial: String? =
      bindsCase || (!isSchedule && variables.contains { $0.place == nil })
      ? nil : "\(isSchedule ? "a schedule" : "the transition") binds no token of a case"
    var timeDenial: String? = "it is known only when the transition fires"
    var outcome = Scope.Variable.unnamed
    switch use {
    case .firing(let given):
      timeDenial = nil
      outcome = variable(for: given)
    case .wait(let index):
      caseDenial =
        variables[index].place == nil || isOfCase(variables[index].place)
        ? nil : "tokens of this place belong to no case"
    case .shown: timeDenial = nil
    default: break
    }
    let firingDenial: String? =
      if case .shown = use { "a task has no firing before it is answered" } else {
        isSchedule ? "a schedule is no firing" : timeDenial
      }
    return [
      Scope.Variable(
        "input", net.inputType,
        denial: net.input == nil && net.isInputKnown && !report.kindsInPart.contains("place")
          ? noCase : caseDenial,
        origin: .input),
      Scope.Variable("case", .record(ContextRecords.caseRecord), denial: caseDenial),
      Scope.Variable("now", .timestamp, denial: timeDenial),
      Scope.Variable("firing", .record(ContextRecords.firing), denial: firingDenial),
      outcome,
    ]
  }

  private var noCase: String { "the net has no start place" }

  private func variable(_ index: Int, for use: Use) -> Scope.Variable {
    let arc = variables[index]
    let place = arc.place.map { net.places[$0] }
    let colour = place.flatMap { $0.isKnown ? $0.place.colour : nil }
    var isList = arc.isCounted
    if case .filter(index) = use { isList = false }
    if case .wait(index) = use { isList = false }
    let type = colour?.valueType ?? .dyn
    return Scope.Variable(
      arc.name.isUnreadable ? nil : arc.name.value, isList ? .list(type) : type,
      denial: denial(of: index, for: use),
      origin: arc.place.map { .token(place: $0, isList: isList) } ?? .clean)
  }

  private func denial(of index: Int, for use: Use) -> String? {
    let arc = variables[index]
    switch use {
    case .filter(index), .wait(index): return nil
    case .wait:
      return "a wait sees its own token and `params`, of a case also `input` and `case`"
    default: break
    }
    switch arc.role {
    case .inhibitor: return "it stands for a token that is not there"
    case .cancel: return "it stands for tokens that are removed"
    case .input, .read: break
    }
    guard arc.isCounted else { return nil }
    switch use {
    case .filter(let own) where variables[own].role != .cancel:
      return "its list is bound after all single arcs"
    case .count, .per: return "its list is bound after all single arcs"
    default: return nil
    }
  }

  private func variable(for outcome: Outcome) -> Scope.Variable {
    switch outcome {
    case .none, .unknown: return .unnamed
    case .verdict(let type): return Scope.Variable("verdict", type)
    case .anyResult: return Scope.Variable("result", .dyn)
    case .anyAnswer: return Scope.Variable("answer", .dyn)
    case .fallback: return Scope.Variable("fallback", .record(ContextRecords.fallback))
    case .error: return Scope.Variable("error", .record(ContextRecords.error))
    case .result(let colour, let isUntrusted):
      return Scope.Variable(
        "result", colour.valueType,
        origin: .outside(colour, isUntrusted ? .untrusted : []))
    case .answer(let form):
      return Scope.Variable(
        "answer", .record(ContextRecords.answer(form: form)), origin: .answer(form))
    }
  }
}
