import CEL
import PetriNet

@testable import Engine

extension NaiveEngine {
  /// An expression raised: what was bound is to be set aside.
  struct Raised: Error {
    var caseID: CaseID?
    var version: DefinitionID
    var transition: Int
    var tokens: [TokenID]
    var code: String
  }

  struct Single {
    let arc: Int
    let isRead: Bool
    let place: Place
    let slot: Int
    let condition: Program?
  }

  /// The binding that fires next: by falling priority, then in file order, each transition's first
  /// enabled binding; of these the one whose first arc has been ready longest.
  func candidate(_ horizon: Horizon) throws(Raised) -> Binding? {
    var visited: [(priority: Int, version: Int, transition: Int)] = []
    for (number, version) in versions.enumerated() {
      for (index, transition) in version.net.transitions.enumerated() {
        if case .task = transition.work { continue }
        visited.append((transition.priority, number, index))
      }
    }
    visited.sort {
      ($1.priority, $0.version, $0.transition) < ($0.priority, $1.version, $1.transition)
    }
    var best: Binding?
    for (priority, version, transition) in visited {
      if let best, self.transition(best).priority > priority { break }
      guard let found = try first(versions[version].id, transition, horizon, pin: nil) else {
        continue
      }
      if let current = best, current.ready <= found.ready { continue }
      best = found
    }
    return best
  }

  /// The first enabled binding of a transition; with a `pin`, of those whose first arc holds it.
  func first(
    _ version: DefinitionID, _ number: Int, _ horizon: Horizon, pin: Token?
  ) throws(Raised) -> Binding? {
    let net = net(version)
    let transition = net.transitions[number]
    if pausedWorkflows.contains(net.name) { return nil }
    let path = TransitionPath(workflow: net.name, transition: transition.name)
    if halted.contains(path) { return nil }
    if !transition.bindsCase {
      if current[net.name] != version { return nil }
      if let count = steps[net.name], count.at == now, transition.work.isStep,
        count.count >= limits.stepsAtOneInstantMax
      {
        return nil
      }
    }
    if let limit = transition.limit, limit.per == nil, inFlight(path, nil) >= limit.max {
      tally.use(.limit)
      return nil
    }
    let singles = singles(of: transition, net)
    let choices = singles.enumerated().map { position, single in
      let tokens = tokens.filter { token in
        guard token.place == single.place.name, runs(version, token) else { return false }
        let ready =
          single.isRead
          ? token.available : ready(token, transition.inputs[single.arc], transition, version)
        return ready.map { reached($0, token, horizon) } ?? false
      }
      if position == 0, let pin { return tokens.filter { $0.id == pin.id } }
      return sorted(tokens, in: single.place)
    }
    return try combine(version, number, singles, choices, [], horizon)
  }

  private func singles(of transition: Transition, _ net: Net) -> [Single] {
    var singles: [Single] = []
    for (index, arc) in transition.inputs.enumerated() {
      guard case .one = arc.count else { continue }
      singles.append(
        Single(
          arc: index, isRead: false, place: net.places[arc.place], slot: arc.slot,
          condition: arc.condition))
    }
    for (index, arc) in transition.reads.enumerated() {
      singles.append(
        Single(
          arc: index, isRead: true, place: net.places[arc.place], slot: arc.slot,
          condition: arc.condition))
    }
    return singles
  }

  /// All combinations, in the order of the first arc, then the second, and so on.
  private func combine(
    _ version: DefinitionID, _ number: Int, _ singles: [Single], _ choices: [[Token]],
    _ bound: [Token], _ horizon: Horizon
  ) throws(Raised) -> Binding? {
    guard bound.count == singles.count else {
      // What is of two cases, or takes a token twice, is no binding whatever else it holds.
      for token in choices[bound.count] {
        if let owner = token.caseID,
          bound.contains(where: { $0.caseID != nil && $0.caseID != owner })
        {
          continue
        }
        if zip(singles, bound).contains(where: { !$0.isRead && $1.id == token.id }) { continue }
        if let found = try combine(version, number, singles, choices, bound + [token], horizon) {
          return found
        }
      }
      return nil
    }
    let transition = net(version).transitions[number]
    let owners = Set(bound.compactMap(\.caseID))
    if owners.count > 1 { return nil }
    guard owners.isEmpty && transition.bindsCase else {
      return try enabled(version, number, singles, bound, owners.first, horizon)
    }
    for found in cases where found.version == version {
      if let found = try enabled(version, number, singles, bound, found.id, horizon) {
        return found
      }
    }
    return nil
  }

  /// Whether a case has a token at rest that the transition may take: where only counted arcs take its
  /// tokens, for the first of them that takes at least one.
  private func hasPart(_ caseID: CaseID, _ transition: Transition, _ net: Net) -> Bool {
    let arcs = transition.inputs.filter { net.places[$0.place].isOfCase }
    if arcs.contains(where: \.count.isOne) { return true }
    for arc in arcs {
      if case .range(let least, _) = arc.count, least > 0 {
        return !at(net.places[arc.place], caseID).isEmpty
      }
    }
    return false
  }

  private func enabled(
    _ version: DefinitionID, _ number: Int, _ singles: [Single], _ bound: [Token],
    _ caseID: CaseID?, _ horizon: Horizon
  ) throws(Raised) -> Binding? {
    let transition = net(version).transitions[number]
    if let caseID, let index = index(of: caseID), cases[index].restedBy != nil,
      transition.work.isStep
    {
      return nil
    }
    if let caseID, !hasPart(caseID, transition, net(version)) { return nil }
    let binding = Binding(
      version: version, transition: number, caseID: caseID,
      inputs: transition.inputs.indices.map { arc in
        zip(singles, bound).filter { !$0.0.isRead && $0.0.arc == arc }.map(\.1)
      }, reads: zip(singles, bound).filter(\.0.isRead).map(\.1), ready: horizon.now)
    let ids = bound.map(\.id)
    if isAside(version, number, caseID, ids) { return nil }
    return try decide(binding, singles, bound, horizon)
  }

  private func reached(_ ready: Instant, _ token: Token, _ horizon: Horizon) -> Bool {
    ready <= (token.id.seq > horizon.last ? horizon.now : horizon.instant)
  }

  func isAside(
    _ version: DefinitionID, _ number: Int, _ caseID: CaseID?, _ ids: [TokenID]
  ) -> Bool {
    asides.contains { aside in
      aside.version == version && aside.transition == number
        && (aside.caseID == nil || aside.caseID == caseID)
        && aside.tokens.allSatisfy(ids.contains)
    }
  }

  /// A binding in the making: its single arcs with their tokens, and what expressions read.
  private struct Trial {
    var binding: Binding
    let singles: [Single]
    let bound: [Token]
    let frame: Frame

    func raised(_ program: Program, _ extra: TokenID?, _ code: String) -> Raised {
      var read = zip(singles, bound).filter { program.slots.contains($0.0.slot) }.map(\.1.id)
      if let extra { read.append(extra) }
      return Raised(
        caseID: binding.caseID, version: binding.version, transition: binding.transition,
        tokens: read.isEmpty ? bound.map(\.id) : read, code: code)
    }

    func holds(_ program: Program, _ extra: TokenID? = nil) throws(Raised) -> Bool {
      do { return try program.holds(in: frame) } catch {
        throw raised(program, extra, error.code.rawValue)
      }
    }
  }

  /// `where`, counted arcs, `unless`, `guard`, `limit`, room.
  private func decide(
    _ binding: Binding, _ singles: [Single], _ bound: [Token], _ horizon: Horizon
  ) throws(Raised) -> Binding? {
    let transition = transition(binding)
    let frame = Frame(count: transition.slotCount)
    setCase(binding.caseID, frame)
    for (single, token) in zip(singles, bound) { frame.slots[single.slot] = token.value }
    var trial = Trial(binding: binding, singles: singles, bound: bound, frame: frame)
    // Each as soon as all that it reads is bound: the case by the first arc that holds a token of it,
    // or, if none does, behind all.
    let ofCase = singles.firstIndex(where: \.place.isOfCase) ?? singles.count
    for position in 0...singles.count {
      for single in singles {
        guard let condition = single.condition else { continue }
        var last = singles.lastIndex {
          condition.slots.contains($0.slot) || $0.slot == single.slot
        }
        if condition.slots.contains(where: { $0 < Transition.Slots.firstArc }) {
          last = max(last ?? 0, ofCase)
        }
        if last == position, try !trial.holds(condition) { return nil }
      }
    }
    guard try fillLists(&trial, horizon), try !isInhibited(trial) else { return nil }
    if let condition = transition.condition, try !trial.holds(condition) { return nil }
    guard try hasPermit(trial) else { return nil }
    trial.binding.ready = ready(of: trial.binding)
    if try hasRoom(trial.binding) { return trial.binding }
    tally.use(.capacity)
    return nil
  }

  /// Counted arcs take their tokens; false if one finds too few, or the whole was set aside.
  private func fillLists(_ trial: inout Trial, _ horizon: Horizon) throws(Raised) -> Bool {
    let binding = trial.binding
    let transition = transition(binding)
    let ids = trial.bound.map(\.id)
    var taken = ids
    for (index, arc) in transition.inputs.enumerated() {
      guard let (low, high) = try bounds(of: arc, trial.frame, { trial.raised($0, nil, $1) })
      else { continue }
      let place = net(binding.version).places[arc.place]
      var list: [Token] = []
      for token in sorted(at(place, binding.caseID), in: place) where list.count < high {
        guard let ready = ready(token, arc, transition, binding.version),
          reached(ready, token, horizon), !taken.contains(token.id),
          !isAside(binding.version, binding.transition, binding.caseID, ids + [token.id])
        else { continue }
        trial.frame.slots[arc.slot] = token.value
        if let condition = arc.condition, try !trial.holds(condition, token.id) { continue }
        list.append(token)
      }
      if list.count < low { return false }
      taken += list.map(\.id)
      trial.frame.slots[arc.slot] = .list(list.map(\.value))
      trial.binding.inputs[index] = list
    }
    guard transition.inputs.contains(where: { !$0.count.isOne }) else { return true }
    let whole = taken.sorted()
    return !asides.contains { aside in
      aside.version == binding.version && aside.transition == binding.transition
        && (aside.caseID == nil || aside.caseID == binding.caseID) && aside.tokens == whole
    }
  }

  private func isInhibited(_ trial: Trial) throws(Raised) -> Bool {
    let binding = trial.binding
    for arc in transition(binding).inhibitors {
      let place = net(binding.version).places[arc.place]
      for token in sorted(at(place, binding.caseID), in: place) {
        guard let condition = arc.condition else {
          noteInhibitor(token)
          return true
        }
        let ids = trial.bound.map(\.id) + [token.id]
        if isAside(binding.version, binding.transition, binding.caseID, ids) { return true }
        trial.frame.slots[arc.slot] = token.value
        if try trial.holds(condition, token.id) {
          noteInhibitor(token)
          return true
        }
      }
    }
    return false
  }

  private func hasPermit(_ trial: Trial) throws(Raised) -> Bool {
    let transition = transition(trial.binding)
    guard let limit = transition.limit, let per = limit.per else { return true }
    let path = TransitionPath(
      workflow: net(trial.binding.version).name, transition: transition.name)
    do {
      if inFlight(path, try per.value(in: trial.frame)) < limit.max { return true }
    } catch {
      var failure = trial.raised(per, nil, error.code.rawValue)
      failure.tokens = trial.bound.map(\.id)
      throw failure
    }
    tally.use(.limitPer)
    return false
  }

  private func noteInhibitor(_ token: Token) {
    tally.use(.unless)
    if token.available > now { tally.use(.unlessSeesLater) }
  }

  /// The ends of a count; nil for a single arc.
  private func bounds(
    of arc: InputArc, _ frame: Frame, _ raised: (Program, String) -> Raised
  ) throws(Raised) -> (Int, Int)? {
    func number(_ program: Program) throws(Raised) -> Int {
      do {
        if case .int(let number) = try program.value(in: frame), number >= 0 { return Int(number) }
      } catch {
        throw raised(program, error.code.rawValue)
      }
      throw raised(program, "invalid_argument")
    }
    switch arc.count {
    case .one: return nil
    case .all: return (0, .max)
    case .range(let low, let high): return (low, high)
    case .computed(let program):
      let count = try number(program)
      return (count, count)
    case .computedRange(let low, let high):
      let (least, most) = (try number(low), try number(high))
      if least <= most { return (least, most) }
      var failure = raised(low, "invalid_argument")
      let other = raised(high, "invalid_argument")
      if !high.slots.isEmpty {
        failure.tokens = low.slots.isEmpty ? other.tokens : failure.tokens
        failure.tokens += other.tokens.filter { !failure.tokens.contains($0) }
      }
      throw failure
    }
  }

  private func ready(of binding: Binding) -> Instant {
    let transition = transition(binding)
    func ready(_ arc: Int) -> [Instant] {
      binding.inputs[arc].compactMap {
        self.ready($0, transition.inputs[arc], transition, binding.version)
      }
    }
    for (index, arc) in transition.inputs.enumerated() {
      if case .one = arc.count { return ready(index).first ?? now }
    }
    return transition.inputs.indices.flatMap(ready).min() ?? now
  }

  func setCase(_ caseID: CaseID?, _ frame: Frame) {
    guard let caseID, let index = index(of: caseID) else { return }
    let found = cases[index]
    frame.slots[Transition.Slots.input] = found.input
    frame.slots[Transition.Slots.caseRecord] = .record(
      Record(
        type: ContextRecords.caseRecord,
        fields: [
          .string("c\(found.id.seq.number)"), found.key.map(Value.string) ?? .null,
          .timestamp(found.opened.timestamp),
        ]))
  }

  /// Firings in flight of a transition, of all versions, those let go too.
  func inFlight(_ path: TransitionPath, _ per: Value?) -> Int {
    firings.count { firing in
      let net = net(firing.binding.version)
      return net.name == path.workflow && transition(firing.binding).name == path.transition
        && (per == nil || firing.per == per)
    }
  }
}

extension Work {
  /// Of one step, or a call, which may end at once.
  fileprivate var isStep: Bool { if case .call = self { true } else { isOneStep } }
}

extension InputArc.Count {
  fileprivate var isOne: Bool { if case .one = self { true } else { false } }
}
