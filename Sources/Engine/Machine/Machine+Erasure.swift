package import CEL
package import PetriNet

extension Machine {
  /// Ends the open cases that the keys belong to, and logs what is to be shredded.
  mutating func erase(_ command: EraseKeys, _ step: inout Step) -> Reply {
    let keys = Set(command.keys)
    let ending = state.cases.keys.sorted().filter { id in
      state.cases[id]?.keys.first.map(keys.contains) ?? false
    }
    for id in ending where state.cases[id] != nil {
      let end = EndCase(caseID: id, by: command.by)
      _ = log(state.decideEnd(end, how: .erased, at: step.now), &step)
    }
    let event = ErasureRequested(
      by: command.by, keys: keys.sorted(), reason: command.reason, request: command.request)
    return .done(event: log(Draft(nil, .erasureRequested(event)), &step))
  }
}

extension State {
  func decideCompleted(_ erasure: Seq) -> Decision {
    guard erasures[erasure] != nil else { return Decision(reply: .done(event: nil)) }
    return Decision(
      [Draft(nil, .erasureCompleted(ErasureCompleted(erasure: erasure)))],
      reply: .done(event: nextSeq))
  }

  /// Whether a value in memory may have been sealed under one of these keys: of an open case that
  /// has it, or of a message.
  package func mayHold(_ keys: Set<Int64>) -> Bool {
    cases.values.contains { $0.keys.contains(where: keys.contains) }
      || shared.values.contains { $0.key.map(keys.contains) ?? false }
      || firings.values.contains { firing in
        (firing.held + firing.copies).contains { $0.key.map(keys.contains) ?? false }
      } || recent.holds(keys)
  }
}

extension CaseRules {
  /// Whom a case with this input is about; nil if the workflow does not say, or it cannot be told.
  package func subject(of input: Value) -> String? {
    guard let subject else { return nil }
    let frame = Frame(count: Transition.Slots.firstArc)
    frame.slots[Transition.Slots.input] = input
    guard case .string(let text)? = try? subject.value(in: frame) else { return nil }
    return text
  }
}
