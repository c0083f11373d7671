import CEL
import PetriNet

/// A case is asked for, of a version: by a client, a call or a schedule.
struct CaseStart {
  let plan: VersionPlan
  /// Title of the start place; nil where there is one.
  var place: String?
  var value: Value
  var by: Subject?
  var request: RequestIdentity?
  /// When the token becomes available, if not at once.
  var ready: Instant?
  /// The call.
  var parent: FiringID?
  var schedule: String?
}

extension State {
  func decide(_ command: StartCase, at now: Instant) -> Decision {
    guard let plan = currentPlan(command.workflow) else {
      return refuse(
        Refusal(.start, .noSuchWorkflow, name: command.workflow.text), by: command.by,
        request: command.request)
    }
    return decide(
      CaseStart(
        plan: plan, place: command.place, value: command.value, by: command.by,
        request: command.request), at: now)
  }

  func decide(_ start: CaseStart, at now: Instant) -> Decision {
    let plan = start.plan
    func refuse(_ reason: RefusalReason, name: String? = nil, _ problems: [AdmissionProblem] = [])
      -> Decision
    {
      self.refuse(
        Refusal(.start, reason, name: name, problems: problems), by: start.by,
        request: start.request)
    }
    guard let place = plan.startPlace(start.place) else {
      return refuse(.noSuchPlace, name: start.place)
    }
    let described = plan.net.places[place.index]
    let value = described.colour.coerced(start.value).unsealed
    guard described.colour.contains(value) else {
      return refuse(.valueNotInColourSet, described.colour.admits(value))
    }
    var size = RowSize()
    size.add(value, described.colour)
    guard size.fits(index.limits) else { return refuse(.tooLarge) }
    do {
      let key = try businessKey(plan, value)
      if let key, let joined = joined(key, start, at: now) { return joined }
      guard cases.count < index.limits.casesMax, !isFull(place, plan) else {
        return Decision(reply: .placeFull(described.name))
      }
      return try open(start, place, value, key, size, at: now)
    } catch {
      return self.refuse(
        Refusal(.start, .raised, name: error.position, message: error.message), by: start.by,
        request: start.request)
    }
  }

  private func businessKey(_ plan: VersionPlan, _ value: Value) throws(Failure) -> String? {
    guard let program = plan.net.caseRules.key else { return nil }
    return try text(program, value, "/case/key")
  }

  private func text(_ program: Program, _ input: Value, _ path: String) throws(Failure) -> String {
    let frame = Frame(count: Transition.Slots.firstArc)
    frame.slots[Transition.Slots.input] = input
    guard case .string(let text) = try evaluate(program, frame, path) else {
      throw Failure("invalid_argument", at: path)
    }
    return text
  }

  /// A second start with the key of an open case, or of one closed less than `keep` ago.
  private func joined(
    _ key: String, _ command: CaseStart, at now: Instant
  ) -> Decision? {
    let plan = command.plan
    let businessKey = BusinessKey(workflow: plan.name, key: key)
    let rules = plan.net.caseRules
    let since = now.advanced(by: -rules.keepMicroseconds)
    guard
      let caseID = openKeys[businessKey] ?? recent.closedCase(businessKey, since: since)?.caseID
    else { return nil }
    switch rules.again {
    case .join:
      let event = StartJoined(
        by: command.by, parent: command.parent, request: command.request)
      return Decision(
        [Draft(caseID, .startJoined(event))],
        reply: .started(caseID, event: nextSeq, joined: true))
    case .refuse:
      return refuse(
        Refusal(.start, .caseExists, of: caseID.seq, name: key), caseID, by: command.by,
        request: command.request)
    }
  }

  private func open(
    _ command: CaseStart, _ place: PlacePlan, _ value: Value, _ key: String?, _ size: RowSize,
    at now: Instant
  ) throws(Failure) -> Decision {
    let plan = command.plan
    var labels: [Label] = []
    for label in plan.net.caseRules.labels {
      let text = try text(label.value, value, "/case/labels/\(label.name)")
      labels.append(Label(name: label.name, value: text))
    }
    labels.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    // Both are written beside the value that they come from.
    var size = size
    if let key { size.add(key) }
    for label in labels { size.add(label.name + label.value) }
    guard size.fits(index.limits) else {
      return refuse(Refusal(.start, .tooLarge), by: command.by, request: command.request)
    }
    let caseID = CaseID(nextSeq)
    let isUnit = value == .null
    var made = Made()
    var token = MadeToken(
      place: plan.net.places[place.index].name, content: isUnit ? .unit : .value(.value(value)),
      ready: command.ready)
    setWaits(
      &token, value, place, plan,
      CaseState(
        id: caseID, opened: now, workflow: plan.id, businessKey: key, keys: [nextKey],
        parent: command.parent,
        inputOrigin: TokenID(nextSeq, 0), input: isUnit ? nil : .value(value)), now, &made)
    made.tokens.append(token)
    let event = CaseOpened(
      businessKey: key, by: command.by, key: nextKey, labels: labels.isEmpty ? nil : labels,
      parent: command.parent, request: command.request, schedule: command.schedule,
      tokens: made.tokens, workflow: plan.id)
    return Decision(
      [Draft(caseID, .caseOpened(event))] + made.incidents(nextSeq, caseID),
      reply: .started(caseID, event: nextSeq, joined: false))
  }

  /// Whether a place has no room for one more token.
  func isFull(_ place: PlacePlan, _ plan: VersionPlan) -> Bool {
    !hasRoom(for: 1, in: place, plan)
  }
}

extension VersionPlan {
  /// The start place of a title; without a title the only one.
  func startPlace(_ title: String?) -> PlacePlan? {
    let starts = places.filter { net.places[$0.index].kind == .start }
    guard let title else { return starts.count == 1 ? starts.first : nil }
    return starts.first { net.places[$0.index].title.utf8.elementsEqual(title.utf8) }
  }

  func place(titled title: String) -> PlacePlan? {
    places.first { net.places[$0.index].title.utf8.elementsEqual(title.utf8) }
  }
}

// MARK: Ending

extension State {
  func decideCancel(_ command: EndCase, at now: Instant) -> Decision {
    guard let found = cases[command.caseID] else {
      return refuseClosed(command, .cancel)
    }
    guard let plan = index.plans[found.workflow], let number = plan.net.caseRules.cancelPlace else {
      return decideEnd(command, how: .cancelled, at: now)
    }
    if let first = found.cancelled {
      return Decision(reply: .ending(command.caseID, event: first))
    }
    let colour = plan.net.places[number].colour
    let given = MapValue([
      .init(.string("by"), .string(command.by.text)),
      .init(.string("why"), .string(command.why ?? "")),
    ])
    let value = colour.coerced(given.map(Value.map) ?? .null)
    guard colour.contains(value) else {
      return refuse(
        Refusal(.cancel, .valueNotInColourSet, of: command.caseID.seq), command.caseID,
        by: command.by, request: command.request)
    }
    var made = Made()
    var token = MadeToken(place: plan.net.places[number].name, content: .value(.value(value)))
    setWaits(&token, value, plan.places[number], plan, found, now, &made)
    made.tokens.append(token)
    let event = TokenDeposited(
      by: command.by, request: command.request, tokens: made.tokens,
      why: command.why.map { SealedText($0) })
    return Decision(
      [Draft(command.caseID, .tokenDeposited(event))] + made.incidents(nextSeq, command.caseID),
      reply: .ending(command.caseID, event: nextSeq))
  }

  /// Tokens and offers leave, questions are given up, actions are let go.
  func decideEnd(_ command: EndCase, how: CaseEnding, at now: Instant) -> Decision {
    let kind: CommandKind = how == .terminated ? .terminate : .cancel
    guard let found = cases[command.caseID] else { return refuseClosed(command, kind) }
    var drafts = found.offers.map { task in
      Draft(command.caseID, .taskWithdrawn(TaskWithdrawn(reason: .caseClosed, task: task)))
    }
    let closing = Seq(lastSeq.number + Int64(drafts.count) + 1)
    drafts.append(
      Draft(
        command.caseID,
        .caseClosed(
          CaseClosed(
            by: command.by, endedIn: endedIn(found), how: how, request: command.request,
            why: command.why.map { SealedText($0) }))))
    var effects: [Effect] = []
    for id in found.firings {
      guard let firing = firings[id] else { continue }
      let left = lettingGo(of: firing, at: now)
      drafts += left.drafts
      effects += left.effects
    }
    return Decision(drafts, effects, reply: .ending(command.caseID, event: closing))
  }

  private func refuseClosed(_ command: EndCase, _ kind: CommandKind) -> Decision {
    refuse(
      Refusal(kind, .caseClosed, of: command.caseID.seq, name: spelling(of: command.caseID)),
      by: command.by, request: command.request)
  }

  /// How many tokens each end place keeps, by name.
  func endedIn(_ found: CaseState) -> [EndCount] {
    guard let plan = index.plans[found.workflow] else { return [] }
    var counts: [EndCount] = []
    for token in found.marking.tokens {
      guard let number = plan.index(of: token.place),
        case .end = plan.net.places[number].kind
      else { continue }
      let name = plan.net.places[number].name
      if let index = counts.firstIndex(where: { $0.place == name }) {
        counts[index].count += 1
      } else {
        counts.append(EndCount(place: name, count: 1))
      }
    }
    return counts.sorted { $0.place < $1.place }
  }

  /// A case ends when only end places and the place of its cancellation keep tokens of it, and
  /// nothing is in flight but what was let go.
  func isOver(at position: Int) -> Bool {
    guard cases[at: position]?.firings.isEmpty == true,
      let version = cases[at: position]?.workflow, let plan = index.plans[version]
    else { return false }
    for token in tokens(at: position) {
      guard let place = plan.index(of: token.place), plan.isFinal[place] else { return false }
    }
    return true
  }
}
