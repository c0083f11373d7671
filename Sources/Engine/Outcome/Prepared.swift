import CEL
import PetriNet

/// A firing about to be logged.
struct Prepared: Sendable {
  let event: Event
  var tokens: [MadeToken] = []
  /// What its cancel region takes away.
  var region = CancelRegion()
  /// Rows behind the first: incidents of waits, and what became of aborted firings.
  var following: [Draft] = []
  var effects: [Effect] = []
  var call: PreparedCall?
}

/// A case about to be called.
struct PreparedCall: Sendable {
  let firing: FiringID
  /// The version that the caller's version is bound to; nil if there is none.
  let callee: VersionPlan?
  let callerCase: CaseID?
  let argument: Value
}

extension State {
  /// Computes all that a firing's first row needs. Throws when an expression raises: nothing has
  /// happened then, and the whole binding is set aside.
  func prepared(_ candidate: Candidate, at now: Instant) throws(Raised) -> Prepared {
    do {
      switch candidate.transition.transition.work {
      case .plain(let outputs):
        return try fired(candidate, outputs, nil, now, frame(candidate, now: now))
      case .choose(let branches): return try chosen(candidate, branches, now)
      case .judge(let work): return try asked(candidate, work, now)
      case .action(let work): return try started(candidate, work, now)
      case .call(let work): return try called(candidate, work, now)
      case .task: preconditionFailure("a task is offered")
      }
    } catch {
      throw candidate.raised(error)
    }
  }

  private func chosen(
    _ candidate: Candidate, _ branches: [Branch], _ now: Instant
  ) throws(Failure) -> Prepared {
    let frame = frame(candidate, now: now)
    for branch in branches {
      if let condition = branch.condition {
        do {
          guard try condition.holds(in: frame) else { continue }
        } catch {
          throw Failure(error, at: "\(candidate.path)/choose/\(branch.name)/when")
        }
      }
      return try fired(candidate, branch.outputs, branch.name, now, frame)
    }
    throw Failure("no_branch", at: "\(candidate.path)/choose", "No branch holds.")
  }

  private func fired(
    _ candidate: Candidate, _ outputs: Outputs, _ branch: String?, _ now: Instant, _ frame: Frame
  ) throws(Failure) -> Prepared {
    let building = Building(
      plan: candidate.plan, transition: candidate.transition, inputs: candidate.inputs,
      reads: candidate.reads, caseID: candidate.caseID, now: now, frame: frame
    ) {
      branch.map { "\(candidate.path)/choose/\($0)/out" } ?? "\(candidate.path)/out"
    }
    let region = try cancelRegion(building)
    let made = try make(outputs, building)
    let event = Fired(
      aborted: region.aborted, branch: branch, cancelled: region.cancelled,
      consumed: candidate.consumed, read: candidate.read, tokens: made.tokens,
      transition: candidate.transition.transition.name,
      workflow: candidate.caseID == nil ? candidate.plan.id : nil)
    let (drafts, effects) = consequences(of: region, at: now)
    return Prepared(
      event: .fired(event), tokens: made.tokens, region: region,
      following: made.incidents(nextSeq, candidate.caseID) + drafts, effects: effects)
  }

  /// A binding whose first row would not fit is set aside before anything happens.
  private func check(
    _ size: RowSize, _ candidate: Candidate, _ path: @autoclosure () -> String
  ) throws(Failure) {
    var size = size
    size.add(candidate.inputs)
    size.add(candidate.reads)
    guard size.fits(index.limits) else {
      throw Failure(Failure.tooLarge, at: path(), "The row would be too large.")
    }
  }

  private func per(_ candidate: Candidate, _ frame: Frame) throws(Failure) -> Cargo? {
    guard let program = candidate.transition.transition.limit?.per else { return nil }
    return .value(try evaluate(program, frame, "\(candidate.path)/limit/per"))
  }

  private func asked(
    _ candidate: Candidate, _ work: JudgeWork, _ now: Instant
  ) throws(Failure) -> Prepared {
    let frame = frame(candidate, now: now)
    let question = try question(work, candidate.plan, candidate.path, frame)
    try check(RowSize(), candidate, candidate.path)
    guard let guardID = guardInForce(work, candidate.plan, question.models) else {
      preconditionFailure("a question without a guard is not enabled")
    }
    let deadline = now.advanced(by: work.timeoutMicroseconds)
    let event = VerdictRequested(
      consumed: candidate.consumed, deadline: deadline, guardID: guardID,
      per: try per(candidate, frame), read: candidate.read,
      transition: candidate.transition.transition.name,
      workflow: candidate.caseID == nil ? candidate.plan.id : nil)
    let inquiry = Inquiry(
      firing: FiringID(nextSeq), firingText: nextFiring.text, caseID: candidate.caseID,
      workflow: candidate.plan.name, transition: candidate.transition.transition.name,
      guardID: guardID, prompt: candidate.plan.net.prompts[work.prompt], values: question.values,
      models: question.models, agree: work.agree, atLeast: work.atLeast, deadline: deadline)
    return Prepared(event: .verdictRequested(event), effects: [.judge(inquiry)])
  }

  /// The fields of a prompt and the aliases to ask.
  func question(
    _ work: JudgeWork, _ plan: VersionPlan, _ path: @autoclosure () -> String, _ frame: Frame
  ) throws(Failure) -> (values: [Value], models: [String]) {
    let prompt = plan.net.prompts[work.prompt]
    var values: [Value] = []
    for (field, program) in zip(prompt.fields, work.with) {
      let value = field.colour.coerced(
        try evaluate(program, frame, "\(path())/with/\(field.name)"))
      guard field.colour.contains(value) else {
        throw Failure(
          Failure.outOfColourSet, at: "\(path())/with/\(field.name)",
          "The value does not fit the prompt's field.")
      }
      values.append(value)
    }
    switch work.model {
    case .standard: return (values, [])
    case .alias(let alias): return (values, [alias])
    case .several(let aliases): return (values, aliases)
    case .computed(let program):
      guard case .string(let alias) = try evaluate(program, frame, "\(path())/model") else {
        throw Failure("invalid_argument", at: "\(path())/model")
      }
      return (values, [alias])
    }
  }

  func guardInForce(_ work: JudgeWork, _ plan: VersionPlan, _ models: [String]) -> DefinitionID? {
    index.guards[
      .init(workflow: plan.id, prompt: plan.net.prompts[work.prompt].name, models: models)]
  }

  private func started(
    _ candidate: Candidate, _ work: ActionWork, _ now: Instant
  ) throws(Failure) -> Prepared {
    let frame = frame(candidate, now: now)
    let action = candidate.plan.net.actions[work.action]
    var argument = try construct(
      work.with, action.takes, frame, "\(candidate.path)/with")
    if action.takes.holdsPersonal {
      argument = argument.unsealed(
        from: candidate.inputs.messageRows + candidate.reads.messageRows)
    }
    var size = RowSize()
    size.add(argument, action.takes)
    try check(size, candidate, "\(candidate.path)/with")
    let deadline = now.advanced(by: work.timeoutMicroseconds)
    var with: Cargo?
    if argument != .null { with = .value(argument) }
    let event = FiringStarted(
      action: action.name, consumed: candidate.consumed, deadline: deadline,
      per: try per(candidate, frame), read: candidate.read,
      transition: candidate.transition.transition.name, with: with,
      workflow: candidate.caseID == nil ? candidate.plan.id : nil)
    let attempt = Attempt(
      firing: FiringID(nextSeq), caseID: candidate.caseID, workflow: candidate.plan.name,
      transition: candidate.transition.transition.name, action: action, argument: argument,
      attempt: 1, deadline: deadline, idempotencyKey: nextFiring.text)
    return Prepared(event: .firingStarted(event), effects: [.act(attempt)])
  }

  private func called(
    _ candidate: Candidate, _ work: CallWork, _ now: Instant
  ) throws(Failure) -> Prepared {
    let frame = frame(candidate, now: now)
    let callee = calledVersion(of: work.workflow, by: candidate.plan.id).flatMap { index.plans[$0] }
    var argument = Value.null
    if let with = work.with, let input = callee?.net.caseRules.input {
      argument = try construct(with, input, frame, "\(candidate.path)/with").unsealed
    }
    let event = ChildStarted(
      callee: work.workflow, consumed: candidate.consumed, per: try per(candidate, frame),
      read: candidate.read, transition: candidate.transition.transition.name,
      workflow: candidate.caseID == nil ? candidate.plan.id : nil)
    let call = PreparedCall(
      firing: FiringID(nextSeq), callee: callee, callerCase: candidate.caseID, argument: argument)
    return Prepared(event: .childStarted(event), call: call)
  }
}
