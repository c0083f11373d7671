import CEL
import PetriNet

/// Gives what a row introduces its places among the row's sealed payloads: 0, 1, … in the order of
/// the body's keys, inside a value depth first. What has a seal already keeps it.
struct Sealer {
  let seq: Seq
  private(set) var next: Int32 = 0

  init(seq: Seq) { self.seq = seq }

  private mutating func reference() -> SealReference {
    defer { next += 1 }
    return SealReference(seq: seq.number, index: next)
  }

  mutating func text(_ text: inout SealedText?) {
    if text != nil, text?.seal == nil { text?.seal = reference() }
  }

  mutating func call(_ call: inout CallRecord) {
    if call.question != nil, call.question?.seal == nil { call.question?.seal = reference() }
    if call.reply != nil, call.reply?.seal == nil { call.reply?.seal = reference() }
  }

  mutating func cargo(_ cargo: inout Cargo?, _ colour: ColourSet?) {
    guard let colour, colour.holdsPersonal, case .value(let value)? = cargo else { return }
    cargo = .value(self.value(value, colour))
  }

  mutating func tokens(_ tokens: inout [MadeToken], _ colour: (PlaceName) -> ColourSet?) {
    for index in tokens.indices {
      guard case .value(.value(let value)) = tokens[index].content,
        let colour = colour(tokens[index].place), colour.holdsPersonal
      else { continue }
      tokens[index].content = .value(.value(self.value(value, colour)))
    }
  }

  private mutating func value(_ value: Value, _ colour: ColourSet) -> Value {
    guard colour.holdsPersonal else { return value }
    switch (colour, value) {
    case (.optional(let wrapped), _): return self.value(value, wrapped)
    case (.record(let colour), .record(let record)): return .record(self.record(record, colour))
    case (.list(let element, _), .list(let values)):
      return .list(values.map { self.value($0, element) })
    case (.map(let element), .map(let map)):
      let entries = map.entries.map {
        MapValue.Entry($0.key, self.value($0.value, element))
      }
      return MapValue(entries).map(Value.map) ?? value
    default: return value
    }
  }

  private mutating func record(_ record: Record, _ colour: RecordColour) -> Record {
    var seal = record.seal
    if seal == nil, colour.fields.contains(where: \.isPersonal) { seal = reference() }
    var fields = record.fields
    for (index, field) in colour.fields.enumerated()
    where !field.isPersonal && field.colour.holdsPersonal {
      fields[index] = value(fields[index], field.colour)
    }
    return Record(type: record.type, fields: fields, seal: seal)
  }
}

extension State {
  /// The event with the seals of what it introduces as row `seq`.
  ///
  /// Rows with a case seal texts, wire bytes and personal fields under the case's key, messages with
  /// a key of their own their personal fields. Other rows seal nothing: their texts stand in the
  /// clear, and wire bytes are not kept.
  func sealed(_ event: Event, at seq: Seq, _ caseID: CaseID?) -> Event {
    var sealer = Sealer(seq: seq)
    guard let caseID else { return sealedWithoutCase(event, &sealer) }
    if case .fired = event, plan(of: caseID)?.holdsPersonal != true { return event }
    switch event {
    case .caseOpened(var event):
      let plan = index.plans[event.workflow]
      sealer.cargo(&event.input, plan?.net.caseRules.input)
      seal(&event.tokens, plan, &sealer)
      return .caseOpened(event)
    case .caseClosed(var event):
      sealer.text(&event.why)
      return .caseClosed(event)
    case .fired(var event):
      seal(&event.tokens, plan(of: caseID), &sealer)
      return .fired(event)
    case .callRecorded(var event):
      sealer.call(&event.call)
      return .callRecorded(event)
    case .tokenDeposited(var event):
      seal(&event.tokens, plan(of: caseID), &sealer)
      sealer.text(&event.why)
      return .tokenDeposited(event)
    case .labelRecorded(var event):
      sealer.text(&event.why)
      return .labelRecorded(event)
    case .incidentResolved(var event):
      sealer.text(&event.why)
      return .incidentResolved(event)
    default: return sealedCompletion(event, caseID, &sealer)
    }
  }

  private func sealedCompletion(_ event: Event, _ caseID: CaseID, _ sealer: inout Sealer) -> Event {
    switch event {
    case .verdictRecorded(var event):
      if var call = event.call {
        sealer.call(&call)
        event.call = call
      }
      seal(&event.tokens, caseID, &sealer)
      return .verdictRecorded(event)
    case .firingStarted(var event):
      sealer.cargo(&event.with, action(event.action, caseID)?.takes)
      return .firingStarted(event)
    case .attemptFailed(var event):
      sealer.text(&event.error)
      return .attemptFailed(event)
    case .firingCompleted(var event):
      sealer.text(&event.error)
      sealer.cargo(&event.result, returned(event.firing))
      seal(&event.tokens, caseID, &sealer)
      return .firingCompleted(event)
    case .lateOutcomeRecorded(var event):
      sealer.text(&event.error)
      sealer.cargo(&event.result, returned(event.firing))
      return .lateOutcomeRecorded(event)
    case .childEnded(var event):
      sealer.cargo(&event.result, resultColour(of: event.firing, event.outcome))
      seal(&event.tokens, caseID, &sealer)
      return .childEnded(event)
    case .caseMigrated(var event):
      let target = index.plans[event.to]
      sealer.cargo(&event.input, target?.net.caseRules.input)
      seal(&event.tokens, target, &sealer)
      sealer.text(&event.why)
      return .caseMigrated(event)
    case .firingSettled(var event):
      seal(&event.tokens, caseID, &sealer)
      sealer.text(&event.why)
      return .firingSettled(event)
    case .taskAnswered(var event):
      let plan = plan(of: caseID)
      let transition = plan?.net.transitions.first { $0.name == event.transition }
      if case .task(let work)? = transition?.work, let form = work.form(of: event.outcome) {
        sealer.cargo(&event.answer, .record(form))
      }
      sealer.text(&event.note)
      seal(&event.tokens, caseID, &sealer)
      return .taskAnswered(event)
    default: return event
    }
  }

  private func sealedWithoutCase(_ event: Event, _ sealer: inout Sealer) -> Event {
    switch event {
    case .tokenDeposited(var event) where event.key != nil:
      sealer.tokens(&event.tokens) { name in
        places.find(name).flatMap { index.sharedPlaces[$0]?.colour }
      }
      return .tokenDeposited(event)
    case .callRecorded(var event):
      event.call.question = nil
      event.call.reply = nil
      return .callRecorded(event)
    case .verdictRecorded(var event):
      event.call?.question = nil
      event.call?.reply = nil
      return .verdictRecorded(event)
    default: return event
    }
  }

  private func seal(_ tokens: inout [MadeToken]?, _ caseID: CaseID, _ sealer: inout Sealer) {
    guard var made = tokens else { return }
    tokens = nil
    seal(&made, plan(of: caseID), &sealer)
    tokens = made
  }

  private func seal(
    _ tokens: inout [MadeToken], _ plan: VersionPlan?, _ sealer: inout Sealer
  ) {
    guard let plan, plan.holdsPersonal else { return }
    sealer.tokens(&tokens) { place in
      guard let symbol = places.find(place), let number = plan.index(of: symbol) else {
        return nil
      }
      return plan.net.places[number].colour
    }
  }

  private func plan(of caseID: CaseID) -> VersionPlan? {
    guard let version = cases[caseID]?.workflow else { return nil }
    return index.plans[version]
  }

  /// What the result of a call is of.
  func resultColour(of id: FiringID, _ outcome: String) -> ColourSet? {
    guard let firing = firings[id], case .call(let name) = firing.kind,
      let plan = calledVersion(of: name, by: firing.workflow).flatMap({ index.plans[$0] }),
      let place = plan.place(titled: outcome)
    else { return nil }
    let described = plan.net.places[place.index]
    if case .end(many: true) = described.kind { return .list(described.colour, max: nil) }
    return described.colour
  }

  private func action(_ name: ActionName, _ caseID: CaseID) -> ActionDeclaration? {
    plan(of: caseID)?.net.actions.first { $0.name == name }
  }

  private func returned(_ id: FiringID) -> ColourSet? {
    guard case .action(let name)? = firings[id]?.kind, let version = firings[id]?.workflow else {
      return nil
    }
    return index.plans[version]?.net.actions.first { $0.name == name }?.returns
  }
}
