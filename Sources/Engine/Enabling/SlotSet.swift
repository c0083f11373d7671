/// Slots of a frame: a set of small numbers, of which the first 64 are bits.
struct SlotSet: Sendable {
  private var bits: UInt64 = 0
  private var others: Set<Int> = []

  func contains(_ slot: Int) -> Bool {
    slot < 64 ? bits & (1 << UInt64(slot)) != 0 : others.contains(slot)
  }

  mutating func formUnion(_ slots: [Int]) {
    for slot in slots {
      if slot < 64 { bits |= 1 << UInt64(slot) } else { others.insert(slot) }
    }
  }
}
