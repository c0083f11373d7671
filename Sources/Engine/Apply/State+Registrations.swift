import PetriNet

extension State {
  /// Rows that change what is known, and no marking.
  mutating func applyRegister(_ row: LoggedEvent) {
    switch row.event {
    case .definitionRegistered(let event):
      let id = DefinitionID(row.seq)
      definitions[id] = Definition(id: id, kind: event.kind, name: event.name, hash: event.hash)
      if event.kind == .workflow { current[WorkflowName(event.name)] = id }
      note(.everything)
    case .definitionActivated(let event):
      current[workflowName(event.definition)] = event.definition
      note(.everything)
    case .ownerStarted(let event): incarnation = event.incarnation.hex
    case .scheduleSet(let event): set(event.schedule, of: event.workflow, to: event.next)
    case .scheduleFired(let event):
      set(event.schedule, of: event.workflow, to: event.next)
      put(event.tokens ?? [], row, from: [])
    case .scheduleSkipped(let event): set(event.schedule, of: event.workflow, to: event.next)
    case .requestSlotOpened(let event):
      slots[event.slot] = event.key
      sawKey(event.key)
    case .requestSlotClosed(let event): slots[event.slot] = nil
    case .erasureRequested(let event):
      erasures[row.seq] = event.keys
      for key in event.keys { sawKey(key) }
    case .erasureCompleted(let event): erasures[event.erasure] = nil
    default: preconditionFailure("this row is no registration")
    }
  }

  private mutating func set(
    _ schedule: String, of workflow: DefinitionID, to next: Instant?
  ) {
    let key = ScheduleKey(workflow: workflowName(workflow), schedule: schedule)
    schedules[key] = next
    note(.scheduled(key))
  }
}

extension [UInt8] {
  /// Lower case, two digits a byte.
  var hex: String {
    let digits = Array<UInt8>("0123456789abcdef".utf8)
    return String(
      decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
