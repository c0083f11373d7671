import CEL
import PetriNet

extension State {
  /// `case` of expressions.
  func caseRecord(_ found: CaseState) -> Value {
    .record(
      Record(
        type: ContextRecords.caseRecord,
        fields: [
          .string(spelling(of: found.id)), found.businessKey.map(Value.string) ?? .null,
          .timestamp(found.opened.timestamp),
        ]))
  }

  /// As the API names a case.
  package func spelling(of id: CaseID) -> String {
    shard == 0 ? "c\(id.seq.number)" : "s\(shard)-c\(id.seq.number)"
  }

  func firingRecord(_ text: FiringText) -> Value {
    .record(Record(type: ContextRecords.firing, fields: [.string(text.text)]))
  }

  /// The firing that the next row begins.
  var nextFiring: FiringText {
    FiringText(shard: shard, seq: nextSeq, incarnation: incarnation)
  }

  /// A frame in which everything a transition's outputs and questions read is set, but the outcome.
  func frame(
    _ transition: TransitionPlan, inputs: [Bound], reads: [Bound], _ caseID: CaseID?,
    now: Instant, firing: FiringText
  ) -> Frame {
    let frame = Frame(count: transition.transition.slotCount)
    let built = transition.built
    if built.contains(Transition.Slots.now) {
      frame.slots[Transition.Slots.now] = .timestamp(now.timestamp)
    }
    if built.contains(Transition.Slots.firing) {
      frame.slots[Transition.Slots.firing] = firingRecord(firing)
    }
    if let caseID {
      if built.contains(Transition.Slots.input) {
        frame.slots[Transition.Slots.input] = cases[caseID]?.inputValue ?? .null
      }
      if built.contains(Transition.Slots.caseRecord) {
        frame.slots[Transition.Slots.caseRecord] = cases[caseID].map(caseRecord) ?? .null
      }
    }
    for (arc, bound) in zip(transition.transition.inputs, inputs) where built.contains(arc.slot) {
      frame.slots[arc.slot] = bound.value
    }
    for (arc, bound) in zip(transition.transition.reads, reads) where built.contains(arc.slot) {
      frame.slots[arc.slot] = bound.value
    }
    return frame
  }

  func frame(_ candidate: Candidate, now: Instant) -> Frame {
    frame(
      candidate.transition, inputs: candidate.inputs, reads: candidate.reads, candidate.caseID,
      now: now, firing: nextFiring)
  }
}
