import CEL
import PetriNet

extension Machine {
  mutating func register(_ command: Register, _ step: inout Step) -> Reply {
    var registered: [Reply.Registered] = []
    for definition in command.definitions {
      registered.append(register(definition, command, &step))
    }
    state.note(.everything)
    state.absorb()
    return .registered(registered)
  }

  private mutating func register(
    _ definition: Register.Definition, _ command: Register, _ step: inout Step
  ) -> Reply.Registered {
    if let known = state.known(definition) {
      install(definition.net, known)
      if definition.kind == .workflow, state.current[WorkflowName(definition.name)] != known {
        let event = DefinitionActivated(
          by: command.by ?? .engine, definition: known, request: command.request)
        log(Draft(nil, .definitionActivated(event)), &step)
      }
      setSchedules(of: known, &step)
      return Reply.Registered(definition: known, isNew: false)
    }
    let constants = definition.net?.constants.sorted {
      $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
    }.map { Constant(pointer: $0.key, value: $0.value) }
    let event = DefinitionRegistered(
      by: command.by, constants: constants?.isEmpty == false ? constants : nil,
      hash: definition.hash, kind: definition.kind, name: definition.name,
      request: command.request)
    let id = DefinitionID(log(Draft(nil, .definitionRegistered(event)), &step))
    if let plan = install(definition.net, id) {
      fillPlaces(plan, &step)
      setWaits(plan, &step)
      setSchedules(of: id, &step)
    }
    return Reply.Registered(definition: id, isNew: true)
  }

  @discardableResult
  private mutating func install(_ net: Net?, _ id: DefinitionID) -> VersionPlan? {
    guard let net else { return nil }
    if let known = state.index.plans[id] { return known }
    let plan = VersionPlan(id, net, &state)
    let unknown = plan.places.filter {
      $0.isShared && state.index.sharedPlaces[$0.symbol] == nil
    }
    let limited = state.index.limited
    state.index.install(plan)
    state.countLimited(beside: limited)
    state.joinShared(plan, except: unknown)
    state.awaitReadiness(under: plan)
    for place in unknown { state.index(place, plan, reading) }
    return plan
  }

  /// Fills the shared places that no file loaded before has filled.
  private mutating func fillPlaces(_ plan: VersionPlan, _ step: inout Step) {
    for place in plan.places {
      let described = plan.net.places[place.index]
      guard case .shared(let initial) = described.kind, !state.filled.contains(described.name)
      else { continue }
      var made = Made()
      for value in initial {
        var token = MadeToken(
          place: described.name, content: value == .null ? .unit : .value(.value(value)))
        state.setWaits(&token, value, place, plan, nil, step.now, &made)
        made.tokens.append(token)
      }
      var first = 0
      for tokens in state.split(made.tokens, described.colour) {
        let event = PlaceFilled(place: described.name, tokens: tokens, workflow: plan.id)
        let seq = log(Draft(nil, .placeFilled(event)), &step)
        for failed in made.failedWaits
        where (first..<first + tokens.count).contains(failed.index) {
          let raised = Raised(
            caseID: nil, plan: failed.plan, transition: failed.transition,
            tokens: [TokenID(seq, Int32(failed.index - first))], failure: failed.failure)
          log(raised.draft, &step)
        }
        first += tokens.count
      }
    }
  }

  /// Gives the tokens of shared places, at rest and in flight, the instants that arcs of a new version
  /// wait for; a wait that raises sets its token aside.
  private mutating func setWaits(_ plan: VersionPlan, _ step: inout Step) {
    var added: [AddedWaits] = []
    var failed: [Raised] = []
    for token in state.sharedTokens {
      guard let number = plan.index(of: token.place) else { continue }
      var waits: [ArcWait] = []
      for arc in plan.computedWaits[number]
      where !token.waits.contains(where: { $0.arc.utf8.elementsEqual(arc.arc.utf8) }) {
        do {
          let ready = try state.ready(arc, token.value, nil, token.available)
          waits.append(ArcWait(arc: arc.arc, ready: ready))
        } catch {
          failed.append(
            Raised(
              caseID: nil, plan: plan, transition: arc.transition, tokens: [token.id],
              failure: error))
        }
      }
      if !waits.isEmpty { added.append(AddedWaits(token: token.id, waits: waits)) }
    }
    if !added.isEmpty {
      log(Draft(nil, .waitsSet(WaitsSet(added: added, workflow: plan.id))), &step)
    }
    for raised in failed.filter({ !state.isAside($0) }) { log(raised.draft, &step) }
  }
}

extension State {
  /// The registration of the same text, if there is one. What a guard, a prompt or a library was called
  /// then is no matter: a guard is the same under another alias. A workflow's name is in its text.
  func known(_ definition: Register.Definition) -> DefinitionID? {
    definitions.values.filter {
      $0.kind == definition.kind && $0.hash == definition.hash
        && ($0.kind != .workflow || $0.name.utf8.elementsEqual(definition.name.utf8))
    }.map(\.id).max()
  }

  /// Tokens of shared and message places, those of firings in flight too, by number.
  fileprivate var sharedTokens: [Token] {
    let held = firings.values.flatMap(\.held).filter { isShared($0.place) }
    return (shared.values + held).sorted { $0.id < $1.id }
  }

  /// Whether what raised was set aside when its token was put.
  fileprivate func isAside(_ raised: Raised) -> Bool {
    sharedAsides.contains { aside in
      aside.workflow == raised.plan.id && aside.transition == raised.transition.symbol
        && aside.covers(raised.tokens)
    }
  }

  /// Tokens in rows that fit; one empty row for none.
  fileprivate func split(_ tokens: [MadeToken], _ colour: ColourSet) -> [[MadeToken]] {
    var rows: [[MadeToken]] = []
    var row: [MadeToken] = []
    var bytes = 0
    for token in tokens {
      var size = token.place.text.utf8.count + 48
      if case .value(.value(let value)) = token.content { size += colour.inlineBytes(value) }
      if bytes + size > index.limits.bodyBytesMax - 1_024 {
        rows.append(row)
        row = []
        bytes = 0
      }
      row.append(token)
      bytes += size
    }
    rows.append(row)
    return rows
  }
}
