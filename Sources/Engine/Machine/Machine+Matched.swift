import CEL
import PetriNet

extension Machine {
  /// Fires transitions over shared places that need no search, as long as only such are contested;
  /// false if none fired.
  ///
  /// The same rows as by search: of each arc the first token of its place or key is taken, and of
  /// several transitions the one that the firing rule names.
  mutating func goMatched(
    _ horizon: Horizon, _ locals: LocalCandidates, _ step: inout Step
  ) -> Bool {
    guard locals.isEmpty, state.index.dirty.isEmpty, !state.index.contests.isEmpty,
      state.isUndisturbed
    else { return false }
    var runs = MatchedRuns()
    var count = 0
    while let chosen = state.next(in: &runs, horizon) {
      if count == 0 { runs.steps = state.steps(of: runs.runs[chosen].plan, at: step.now) }
      guard runs.steps + count + 1 < limits.stepsAtOneInstantMax,
        state.make(runs.runs[chosen], &runs.bindings[chosen], at: step.now)
      else { break }
      if keepsEvents {
        step.events.append(
          LoggedEvent(
            seq: state.nextSeq, epoch: state.epoch, at: step.now, caseID: nil,
            event: .fired(runs.runs[chosen].fired(runs.bindings[chosen], at: step.now))))
      }
      state.fire(runs.runs[chosen], &runs.bindings[chosen], at: step.now)
      count += 1
    }
    guard count > 0, let plan = runs.runs.first?.plan else { return false }
    state.steps[plan.name] = StepCount(at: step.now, count: runs.steps + count)
    return true
  }
}

/// The contested transitions of one version that need no search.
private struct MatchedRuns {
  var runs: [MatchedRun] = []
  /// Of each the binding found last.
  var bindings: [MatchedBinding] = []
  /// One-step firings of the workflow at this instant, before these.
  var steps = 0
}

/// What a transition takes and puts.
private struct MatchedBinding {
  /// The tokens found, by arc.
  var heads: [OrderedToken?]
  /// Of the key.
  var group: Int32 = -1
  /// The tokens to be put, by output.
  var made: [Token] = []
}

/// One of them.
private final class MatchedRun {
  let site: EnablingIndex.Site
  let plan: VersionPlan
  let transition: TransitionPlan
  let step: MatchedStep
  let frame: Frame?
  /// By arc.
  let sources: [Seen]
  /// By output.
  let targets: [Seen]

  /// A place and what looks at it.
  struct Seen {
    let place: EnablingIndex.SharedPlace
    let lookers: EnablingIndex.Lookers

    init?(_ symbol: PlaceSymbol, _ index: EnablingIndex) {
      guard let place = index.sharedPlaces[symbol], let lookers = index.lookers[symbol],
        lookers.isPlain
      else { return nil }
      self.place = place
      self.lookers = lookers
    }
  }

  /// Nil if something else looks at its places.
  init?(_ site: EnablingIndex.Site, _ plan: VersionPlan, _ index: EnablingIndex) {
    guard let step = plan.matched[site.transition] else { return nil }
    var sources: [Seen] = []
    for arc in step.arcs {
      guard let seen = Seen(arc.place, index) else { return nil }
      sources.append(seen)
    }
    var targets: [Seen] = []
    for output in step.outputs {
      guard let seen = Seen(output.place, index) else { return nil }
      targets.append(seen)
    }
    self.site = site
    self.plan = plan
    self.step = step
    self.sources = sources
    self.targets = targets
    transition = plan.transitions[site.transition]
    frame = step.needsFrame ? Frame(count: transition.transition.slotCount) : nil
  }
}

/// Whether a transition has a binding.
private enum Found { case found, none, unsure }

extension State {
  /// Whether nothing is paused, set aside or offered: no firing then concerns anything but its places.
  fileprivate var isUndisturbed: Bool {
    pausedWorkflows.isEmpty && pausedTransitions.isEmpty && sharedAsides.isEmpty
      && index.asideTokens.isEmpty && index.ignoredTokens.isEmpty && index.offersByToken.isEmpty
      && index.repeatedKeys == 0
      && index.watches.ofNets.isEmpty
  }

  fileprivate func steps(of plan: VersionPlan, at now: Instant) -> Int {
    guard let count = steps[plan.name], count.at == now else { return 0 }
    return count.count
  }

  /// Which of the runs fires next; nil if there is none, or only a search can say.
  fileprivate mutating func next(in runs: inout MatchedRuns, _ horizon: Horizon) -> Int? {
    if runs.runs.count == 1, let only = index.contests.only, runs.runs[0].site == only {
      switch find(runs.runs[0], &runs.bindings[0], horizon) {
      case .found: return 0
      case .none: index.contests.remove(only)
      case .unsure: break
      }
      return nil
    }
    return firstOfSeveral(in: &runs, horizon)
  }

  private mutating func firstOfSeveral(in runs: inout MatchedRuns, _ horizon: Horizon) -> Int? {
    var contested: [(priority: Int, site: EnablingIndex.Site, plan: VersionPlan)] = []
    for site in index.contests.sites {
      guard let plan = index.plans[site.plan] else { return nil }
      let transition = plan.transitions[site.transition]
      if !transition.bindsCase, current[plan.name] != plan.id {
        index.contests.remove(site)
      } else {
        contested.append((transition.priority, site, plan))
      }
    }
    contested.sort { ($1.priority, $0.site) < ($0.priority, $1.site) }
    var best: Int?
    for (priority, site, plan) in contested {
      if let best, runs.runs[best].transition.priority > priority { break }
      guard let number = runs.number(of: site, plan, index) else { return nil }
      switch find(runs.runs[number], &runs.bindings[number], horizon) {
      case .unsure: return nil
      case .none: index.contests.remove(site)
      case .found:
        if let found = best, runs.bindings[found].ready <= runs.bindings[number].ready {
          continue
        }
        best = number
      }
    }
    return best
  }

  private mutating func find(
    _ run: MatchedRun, _ binding: inout MatchedBinding, _ horizon: Horizon
  ) -> Found {
    if let join = run.step.join {
      binding.group = index.joins[join].firstLive(&binding.heads)
      guard binding.group >= 0 else { return binding.group == -1 ? .none : .unsure }
    }
    for position in run.step.arcs.indices {
      let arc = run.step.arcs[position]
      if !arc.isKeyed {
        guard index.sharedTokens[arc.place]?.order != nil else { return .unsure }
        binding.heads[position] = index.sharedTokens[arc.place]?.order?.first
      }
      guard let head = binding.heads[position] else { return .none }
      guard horizon.reached(head.available, by: head.id) else {
        return !arc.isKeyed && arc.isByAvailability ? .none : .unsure
      }
    }
    return .found
  }

  /// Takes the tokens found and puts those made, as the row says it.
  fileprivate mutating func fire(
    _ run: MatchedRun, _ binding: inout MatchedBinding, at now: Instant
  ) {
    let step = run.step
    lastSeq = nextSeq
    lastAt = now
    if let join = step.join { index.joins[join].takeHeads(of: binding.group, binding.heads) }
    for position in step.arcs.indices {
      guard let slot = binding.heads[position]?.slot, let token = shared.removeValue(at: Int(slot))
      else { preconditionFailure("a token that is taken is at rest") }
      index.sharedTokens[token.place]?.remove(token, slot: slot)
      for join in run.sources[position].lookers.joins where join.table != step.join {
        index.joins[join.table].remove(token, of: nil, at: join.position, slot: slot)
      }
      if run.sources[position].place.key != nil, !step.returned[position] {
        countKey(of: token, run.sources[position].place, -1)
      }
    }
    while let token = binding.made.popLast() {
      let number = binding.made.count
      let slot = shared.insert(token, forKey: token.id)
      rest(token, run.targets[number].lookers, slot: Int32(slot))
      if run.targets[number].place.key != nil, !step.outputs[number].isReturn {
        countKey(of: token, run.targets[number].place, 1)
      }
    }
  }

  /// The tokens of the outputs; false if something raises or does not fit.
  fileprivate func make(
    _ run: MatchedRun, _ binding: inout MatchedBinding, at now: Instant
  ) -> Bool {
    binding.made.removeAll(keepingCapacity: true)
    let step = run.step
    if let frame = run.frame {
      if step.readsNow { frame.slots[Transition.Slots.now] = .timestamp(now.timestamp) }
      if step.readsFiring { frame.slots[Transition.Slots.firing] = firingRecord(nextFiring) }
      for position in step.arcs.indices where step.arcs[position].isRead {
        guard let slot = binding.heads[position]?.slot else { return false }
        frame.slots[step.arcs[position].slot] = shared[at: Int(slot)]?.value ?? .null
      }
    }
    var size = step.size
    let seq = nextSeq
    for number in step.outputs.indices {
      let output = step.outputs[number]
      let id = TokenID(seq, Int32(number))
      guard let ready = ready(output.wait, run.frame, now) else { return false }
      var (content, origin, key) = (Cargo?.none, id, Int64?.none)
      switch output.content {
      case .unit: break
      case .moved(let arc):
        guard let slot = binding.heads[arc]?.slot, let token = shared[at: Int(slot)] else {
          return false
        }
        guard token.content != nil else { break }
        if !output.isOfColour || run.sources[arc].lookers.versions > 1 {
          guard output.colour.contains(token.value) else { return false }
        }
        (content, origin, key) = (token.content, token.origin, token.key)
      case .constructed(let recipe):
        guard let frame = run.frame,
          let value = try? construct(recipe.construction, output.colour, frame, "")
        else { return false }
        size.add(value, output.colour)
        content = .value(value)
      }
      let token = Token(
        id: id, place: output.place, origin: origin, content: content,
        available: ready > now ? ready : now, waits: [], key: key)
      guard isNew(token, number, run, binding) else { return false }
      binding.made.append(token)
    }
    return size.fits(index.limits) && binding.made.count <= index.limits.tokensMax
  }

  /// When an output's token becomes available; nil if that raises.
  private func ready(
    _ wait: MatchedStep.Wait?, _ frame: Frame?, _ now: Instant
  ) -> Instant? {
    switch wait {
    case nil: return now
    case .constant(let microseconds): return now.advanced(by: microseconds)
    case .after(let moment):
      guard let frame, case .duration(let span)? = try? moment.program.value(in: frame) else {
        return nil
      }
      return now.advanced(by: span.microseconds)
    case .at(let moment):
      guard let frame, case .timestamp(let timestamp)? = try? moment.program.value(in: frame)
      else {
        return nil
      }
      return Instant(timestamp)
    }
  }

  /// Whether a token's `key` is of no other in its place.
  private func isNew(
    _ token: Token, _ number: Int, _ run: MatchedRun, _ binding: MatchedBinding
  ) -> Bool {
    guard let field = run.targets[number].place.key, case .record(let record) = token.value else {
      return true
    }
    func holds(_ other: Token) -> Bool {
      guard other.place == token.place, case .record(let taken) = other.value else { return false }
      return taken.fields[field] == record.fields[field]
    }
    let isReturn = run.step.outputs[number].isReturn
    if binding.made.contains(where: holds) { return false }
    if isReturn { return true }
    var count = index.keys[token.place]?[record.fields[field]] ?? 0
    for case let head? in binding.heads {
      if let taken = shared[at: Int(head.slot)], holds(taken) { count -= 1 }
    }
    return count <= 0
  }
}

extension MatchedRuns {
  /// The run of a site, a new one if it has none; nil if it must be searched, or is of another
  /// version than the others.
  fileprivate mutating func number(
    of site: EnablingIndex.Site, _ plan: VersionPlan, _ index: EnablingIndex
  ) -> Int? {
    if let known = runs.firstIndex(where: { $0.site == site }) { return known }
    guard runs.first.map({ $0.plan.id == plan.id }) ?? true,
      let run = MatchedRun(site, plan, index)
    else { return nil }
    runs.append(run)
    bindings.append(MatchedBinding(heads: Array(repeating: nil, count: run.step.arcs.count)))
    return runs.count - 1
  }
}

extension MatchedBinding {
  /// Since when its first arc has been ready.
  fileprivate var ready: Instant { heads[0]?.available ?? Instant(microseconds: .max) }
}

extension MatchedRun {
  /// What the row says of the tokens found and made.
  fileprivate func fired(_ binding: MatchedBinding, at now: Instant) -> Fired {
    let heads = binding.heads
    let made = binding.made
    var consumed: [BoundTokens] = []
    consumed.reserveCapacity(heads.count)
    for case let head? in heads { consumed.append(.one(head.id)) }
    var tokens: [MadeToken] = []
    tokens.reserveCapacity(made.count)
    for number in made.indices {
      var content = MadeToken.Content.unit
      if let cargo = made[number].content {
        let isNew = made[number].origin == made[number].id
        content = isNew ? .value(cargo) : .same(made[number].origin)
      }
      let available = made[number].available
      tokens.append(
        MadeToken(
          place: step.outputs[number].name, content: content,
          ready: available > now ? available : nil))
    }
    return Fired(
      consumed: consumed, tokens: tokens, transition: transition.transition.name,
      workflow: plan.id)
  }
}
