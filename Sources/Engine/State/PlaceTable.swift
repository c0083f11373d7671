import PetriNet

/// Something for each of some places, by the place's number: a look-up is an index.
struct PlaceTable<Value: Sendable>: Sendable {
  private var slots: [Value?] = []

  subscript(place: PlaceSymbol) -> Value? {
    _read {
      let index = Int(place.index)
      if index < slots.count { yield slots[index] } else { yield nil }
    }
    _modify {
      let index = Int(place.index)
      while slots.count <= index { slots.append(nil) }
      yield &slots[index]
    }
  }

  subscript(place: PlaceSymbol, default standard: @autoclosure () -> Value) -> Value {
    get { self[place] ?? standard() }
    _modify {
      let index = Int(place.index)
      while slots.count <= index { slots.append(nil) }
      var value = standard()
      if let known = slots[index] { value = known }
      slots[index] = nil
      defer { slots[index] = value }
      yield &value
    }
  }
}

extension PlaceTable: Sequence {
  struct Iterator: IteratorProtocol {
    fileprivate let slots: [Value?]
    fileprivate var index: Int32 = 0

    mutating func next() -> (place: PlaceSymbol, value: Value)? {
      while index < Int32(slots.count) {
        defer { index += 1 }
        if let value = slots[Int(index)] { return (PlaceSymbol(index: index), value) }
      }
      return nil
    }
  }

  func makeIterator() -> Iterator { Iterator(slots: slots) }
}
