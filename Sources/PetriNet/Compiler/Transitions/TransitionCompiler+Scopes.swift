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
    var changes = fixed(for: use).enumerated().map { ($0, $1) }
    switch use {
    case .filter(let own), .wait(let own):
      changes.append((Transition.Slots.firstArc + own, variable(own, seen: nil)))
    default: break
    }
    if each.name != nil { changes.append((eachSlot, each)) }
    var scope = Scope(table(for: use), changes: changes)
    scope.isInPart = hasUnreadableVariable
    if case .firing(.unknown) = use { scope.isInPart = true }
    return scope
  }

  /// Uses in which the variables of other arcs are the same.
  enum Sight: Hashable { case waits, singleArcs, allArcs }

  private func table(for use: Use) -> Scope.Table {
    let sight: Sight =
      switch use {
      case .wait: .waits
      case .filter(let own) where variables[own].role != .cancel: .singleArcs
      case .count, .per: .singleArcs
      default: .allArcs
      }
    if let known = tables[sight] { return known }
    let fixed = Array(repeating: Scope.Variable.unnamed, count: Transition.Slots.firstArc)
    let arcs = variables.indices.map { variable($0, seen: sight) }
    let table = Scope.Table(fixed + arcs + [.unnamed] + net.commonVariables)
    tables[sight] = table
    return table
  }

  private func fixed(for use: Use) -> [Scope.Variable] {
    // An arc whose place is not known may bind one.
    var caseDenial: String? =
      bindsCase || (!isSchedule && hasUnknownPlace)
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

  /// As others see it; nil for `sight`: as its own expressions do.
  private func variable(_ index: Int, seen sight: Sight?) -> Scope.Variable {
    let arc = variables[index]
    let place = arc.place.map { net.places[$0] }
    let colour = place.flatMap { $0.isKnown ? $0.place.colour : nil }
    let isList = arc.isCounted && sight != nil
    let type = colour?.valueType ?? .dyn
    return Scope.Variable(
      arc.name.isUnreadable ? nil : arc.name.value, isList ? .list(type) : type,
      denial: sight.flatMap { denial(of: arc, seen: $0) },
      origin: arc.place.map { .token(place: $0, isList: isList) } ?? .clean)
  }

  private func denial(of arc: ArcVariable, seen sight: Sight) -> String? {
    if sight == .waits {
      return "a wait sees its own token and `params`, of a case also `input` and `case`"
    }
    switch arc.role {
    case .inhibitor: return "it stands for a token that is not there"
    case .cancel: return "it stands for tokens that are removed"
    case .input, .read: break
    }
    guard arc.isCounted, sight == .singleArcs else { return nil }
    return "its list is bound after all single arcs"
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
