import PetriNet

/// Something for each of some places, by the place's number: a look-up is an index.
struct PlaceTable<Value: Sendable>: Sendable {
  /// The first one is of no place: what a place without any has.
  private var slots = InPlaceArray<Value?>(repeating: nil, count: 1)

  subscript(place: PlaceSymbol) -> Value? {
    unsafeAddress {
      let index = Int(place.index) + 1
      return slots.address(of: index < slots.count ? index : 0)
    }
    unsafeMutableAddress { slots.mutableAddress(of: made(place)) }
  }

  private mutating func made(_ place: PlaceSymbol) -> Int {
    let index = Int(place.index) + 1
    while slots.count <= index { slots.append(nil) }
    return index
  }

  subscript(place: PlaceSymbol, default standard: @autoclosure () -> Value) -> Value {
    get { self[place] ?? standard() }
    _modify {
      let index = made(place)
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
    fileprivate let slots: InPlaceArray<Value?>
    fileprivate var index: Int32 = 1

    mutating func next() -> (place: PlaceSymbol, value: Value)? {
      while index < Int32(slots.count) {
        defer { index += 1 }
        if let value = slots[Int(index)] { return (PlaceSymbol(index: index - 1), value) }
      }
      return nil
    }
  }

  func makeIterator() -> Iterator { Iterator(slots: slots) }
}
