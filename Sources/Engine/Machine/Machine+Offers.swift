package import CEL
import PetriNet

extension Machine {
  /// Withdraws offers that are no longer possible and makes new ones; true if that raised or made
  /// room, so that there is more to do.
  mutating func reviewOffers(_ horizon: Horizon, _ step: inout Step) -> Bool {
    var caseIDs = state.index.offerCases.take()
    if caseIDs.count > 1 { caseIDs.sort() }
    let first = state.nextSeq
    var raised = withdrawOffers(caseIDs, &step)
    let hasWithdrawn = state.nextSeq > first
    if hasWithdrawn {
      caseIDs = Set(caseIDs + state.index.offerCases.take()).sorted()
    }
    // What was withdrawn kept room, for tasks too.
    let sites = state.index.offerSites.isEmpty ? [] : state.index.offerSites.sorted()
    if !sites.isEmpty { state.index.offerSites = [] }
    for opening in state.openings(caseIDs, sites) {
      let site = state.index.site(opening.plan, opening.transition)
      guard let token = state.token(opening.token, of: opening.caseID),
        state.index.offered[site]?.contains(token.id) != true
      else { continue }
      do {
        let found = opening.caseID.map { state.cases.position(of: $0) }
        guard
          let candidate = try state.firstBinding(
            of: opening.transition, opening.plan, in: .offer(token, found), horizon)
        else { continue }
        let offer = try state.offer(candidate, at: step.now)
        log(Draft(candidate.caseID, .taskOffered(offer)), &step)
      } catch {
        log(error.draft, &step)
        raised = true
      }
    }
    return raised || !state.index.touched.isEmpty || !state.index.halts.isEmpty
      || (hasWithdrawn && !state.index.contests.isEmpty)
  }

  private mutating func withdrawOffers(_ caseIDs: [CaseID], _ step: inout Step) -> Bool {
    var suspects = state.index.suspects
    if !suspects.isEmpty { state.index.suspects = [] }
    for caseID in caseIDs { suspects.formUnion(state.cases[caseID]?.offers ?? []) }
    var raised = false
    guard !suspects.isEmpty else { return false }
    for id in suspects.sorted() {
      guard let offer = state.offers[id] else { continue }
      do {
        guard let reason = try state.reasonToWithdraw(offer, at: step.now) else { continue }
        log(
          Draft(offer.caseID, .taskWithdrawn(TaskWithdrawn(reason: reason, task: id))), &step)
      } catch {
        raised = true
        log(error.draft, &step)
        log(
          Draft(offer.caseID, .taskWithdrawn(TaskWithdrawn(reason: .disabled, task: id))), &step)
      }
    }
    return raised
  }
}

/// A task that may be offered for a token.
struct Opening {
  let plan: VersionPlan
  let transition: TransitionPlan
  let token: TokenID
  let caseID: CaseID?
}

extension State {
  /// The tasks to look at: by transition in file order, then by the place's order.
  func openings(_ caseIDs: [CaseID], _ sites: [EnablingIndex.Site]) -> [Opening] {
    var openings: [Opening] = []
    for caseID in caseIDs {
      guard let version = cases[caseID]?.workflow, let plan = index.plans[version],
        !plan.taskPlaces.isEmpty, let tokens = cases[caseID]?.marking.tokens, !tokens.isEmpty
      else { continue }
      if tokens.count == 1 {
        // Most cases: one place to look at.
        guard let number = plan.index(of: tokens[0].place), !plan.tasks[number].isEmpty else {
          continue
        }
      }
      for number in plan.taskPlaces {
        for token in self.tokens(of: tokens, in: plan.places[number], plan) {
          for transition in plan.tasks[number] {
            add(
              Opening(
                plan: plan, transition: transition, token: token.id, caseID: caseID), to: &openings)
          }
        }
      }
    }
    for site in sites {
      guard let plan = index.plans[site.plan] else { continue }
      let transition = plan.transitions[site.transition]
      let order =
        transition.trigger.isShared
        ? tokensInOrder(transition.trigger.symbol)
        : index.watched[.init(plan: plan.id, place: transition.trigger.index)]
      guard let order else { continue }
      for entry in order {
        add(
          Opening(
            plan: plan, transition: transition, token: entry.id, caseID: entry.caseID),
          to: &openings)
      }
    }
    return openings.count > 1 ? sorted(openings) : openings
  }

  /// By transition in file order, then by the place's order over all cases.
  private func sorted(_ openings: [Opening]) -> [Opening] {
    var entries: [(opening: Opening, site: EnablingIndex.Site, token: OrderedToken)] = []
    for opening in openings {
      guard let token = token(opening.token, of: opening.caseID) else { continue }
      let order = opening.plan.net.places[opening.transition.trigger.index].order
      entries.append(
        (opening, site(opening), OrderedToken(token, of: opening.caseID, order)))
    }
    entries.sort { $0.site == $1.site ? $0.token < $1.token : $0.site < $1.site }
    // One that its case and its transition both name is looked at once.
    return entries.indices.lazy.filter { number in
      guard number > 0 else { return true }
      let (entry, before) = (entries[number], entries[number - 1])
      return entry.site != before.site || entry.token.id != before.token.id
    }.map { entries[$0].opening }
  }

  private func site(_ opening: Opening) -> EnablingIndex.Site {
    index.site(opening.plan, opening.transition)
  }

  private func add(_ opening: Opening, to openings: inout [Opening]) {
    if index.offered[site(opening)]?.contains(opening.token) == true { return }
    openings.append(opening)
  }

  /// Why an offer is no longer possible; nil if it is.
  func reasonToWithdraw(_ offer: Offer, at now: Instant) throws(Raised) -> WithdrawalReason? {
    guard let token = token(offer.token, of: offer.caseID) else { return .taken }
    guard let plan = index.plans[offer.workflow],
      let transition = plan.transition(offer.transition)
    else { return .disabled }
    var bound = [token]
    for id in (offer.read ?? []).flatMap(\.ids) {
      guard let read = self.token(id, of: offer.caseID) else { return .disabled }
      bound.append(read)
    }
    guard !transition.inhibitors.isEmpty else { return nil }
    var partial = PartialBinding(
      plan: plan, transition: transition, horizon: Horizon(instant: now, now: now, last: lastSeq),
      frame: transition.needsFrame ? Frame(count: transition.transition.slotCount) : nil)
    if let found = offer.caseID.map({ cases.position(of: $0) }), found >= 0 {
      _ = enter(found, &partial)
    }
    for (arc, token) in zip(transition.singles, bound) {
      partial.frame?.slots[arc.slot] = token.value
    }
    partial.bound = bound
    for number in transition.inhibitors.indices {
      if try isInhibited(by: number, partial) { return .disabled }
    }
    return nil
  }

  /// The offer of a task for a binding. What is shown is computed too, so that a mistake in it is
  /// told before a person sees the task.
  func offer(_ candidate: Candidate, at now: Instant) throws(Raised) -> TaskOffered {
    guard case .task(let work) = candidate.transition.transition.work,
      case .one(let token)? = candidate.inputs.first
    else { preconditionFailure("a task has one `in` arc") }
    let frame = frame(candidate, now: now)
    let path = "/transitions/\(candidate.transition.transition.name.text)"
    do {
      _ = try shown(work, frame, path)
      return TaskOffered(
        due: try due(work, frame, path, now), group: try group(work, frame, path),
        notBy: try excluded(work, frame, path), read: candidate.read, token: token.id,
        transition: candidate.transition.transition.name,
        workflow: candidate.caseID == nil ? candidate.plan.id : nil)
    } catch {
      throw candidate.raised(error)
    }
  }

  private func due(
    _ work: TaskWork, _ frame: Frame, _ path: String, _ now: Instant
  ) throws(Failure) -> Instant? {
    switch work.due {
    case nil: return nil
    case .after(let microseconds): return now.advanced(by: microseconds)
    case .at(let program):
      guard case .timestamp(let timestamp) = try evaluate(program, frame, "\(path)/due") else {
        throw Failure("invalid_argument", at: "\(path)/due")
      }
      return Instant(timestamp)
    }
  }

  private func group(_ work: TaskWork, _ frame: Frame, _ path: String) throws(Failure) -> String? {
    switch work.group {
    case nil: return nil
    case .named(let name): return name
    case .computed(let program):
      guard case .string(let name) = try evaluate(program, frame, "\(path)/for") else {
        throw Failure("invalid_argument", at: "\(path)/for")
      }
      return name
    }
  }

  private func excluded(
    _ work: TaskWork, _ frame: Frame, _ path: String
  ) throws(Failure) -> [Subject]? {
    guard let program = work.notBy else { return nil }
    guard case .list(let values) = try evaluate(program, frame, "\(path)/not") else {
      throw Failure("invalid_argument", at: "\(path)/not")
    }
    return values.compactMap { if case .string(let text) = $0 { Subject(text) } else { nil } }
  }
}

/// What a person sees of a task.
package struct ShownTask: Sendable {
  package var title: String
  /// In file order; nil where an expression raised, or reads what is sealed.
  package var values: [(name: String, value: Value)]?
}

extension State {
  /// What is shown of an offer; nil if it is gone or its title raises.
  package func shown(_ id: TaskID) -> ShownTask? {
    guard let offer = offers[id], let plan = index.plans[offer.workflow],
      let transition = plan.transition(offer.transition),
      case .task(let work) = transition.transition.work,
      let token = token(offer.token, of: offer.caseID)
    else { return nil }
    let reads = (offer.read ?? []).map { bound in
      switch bound {
      case .one(let id): self.token(id, of: offer.caseID).map(Bound.one) ?? .several([])
      case .several(let ids): Bound.several(ids.compactMap { self.token($0, of: offer.caseID) })
      }
    }
    let frame = frame(
      transition, inputs: [.one(token)], reads: reads, offer.caseID, now: offer.offered,
      firing: FiringText(shard: shard, seq: id.seq, incarnation: incarnation))
    let path = "/transitions/\(transition.transition.name.text)"
    guard let title = try? title(of: work, frame, path) else { return nil }
    return ShownTask(title: title, values: try? values(of: work, frame, path))
  }

  func shown(_ work: TaskWork, _ frame: Frame, _ path: String) throws(Failure) -> ShownTask {
    ShownTask(title: try title(of: work, frame, path), values: try values(of: work, frame, path))
  }

  private func title(of work: TaskWork, _ frame: Frame, _ path: String) throws(Failure) -> String {
    var title = ""
    for part in work.title {
      switch part {
      case .text(let text): title += text
      case .value(let program):
        title += try evaluate(program, frame, "\(path)/task").titleText
      }
    }
    return title
  }

  private func values(
    of work: TaskWork, _ frame: Frame, _ path: String
  ) throws(Failure) -> [(name: String, value: Value)] {
    var values: [(name: String, value: Value)] = []
    for (name, program) in work.with {
      values.append((name, try evaluate(program, frame, "\(path)/with/\(name)")))
    }
    return values
  }
}

extension Value {
  /// As it stands in a title.
  fileprivate var titleText: String {
    switch self {
    case .null: ""
    case .bool(let bool): bool ? "true" : "false"
    case .int(let int): "\(int)"
    case .uint(let uint): "\(uint)"
    case .double(let double): "\(double)"
    case .string(let string): string
    case .timestamp(let timestamp): timestamp.description
    case .duration(let span): span.description
    default: "…"
    }
  }
}
