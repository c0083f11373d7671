import PetriNet

/// What was booked and what was given back, each once for its key.
///
/// Giving back names the key of the booking, so that also a booking whose answer was lost can be given
/// back; a booking that arrives after it was given back is refused.
package struct BookingLedger: Sendable {
  /// What a request comes to.
  package enum Decision: Equatable, Sendable {
    /// Took place just now; to be written before it is answered.
    case performed(BookingEffect)
    /// Took place before under this key.
    case replayed(BookingEffect)
    /// Nothing to give back: it never came here, and will be refused if it does.
    case nothing(BookingEffect)
    case refused(Refusal)
  }

  package enum Refusal: String, Equatable, Sendable {
    /// The key stands for something else.
    case keyReused = "key_reused"
    /// It was given back before it came.
    case givenBack = "given_back"

    package var status: Int {
      switch self {
      case .keyReused: 422
      case .givenBack: 409
      }
    }
  }

  private var numbers: [String: Int] = [:]
  /// Booking keys that were given back, with the key that did.
  private var givenBack: [String: String] = [:]
  private var entries: [BookingEffect] = []

  /// Takes up what was written before, in its order; of several lines of one key the last.
  package init(effects: [BookingEffect] = []) {
    for effect in effects {
      if let number = numbers[effect.key] { entries[number] = effect } else { add(effect) }
    }
  }

  /// Everything that took place, in order.
  package var effects: [BookingEffect] { entries.filter { $0.kind != .nothing } }

  /// Books `what` for `trip` under `key`.
  package mutating func book(_ what: String, trip: String, key: String) -> Decision {
    if let number = numbers[key] {
      return again(number) { $0.kind == .booked && $0.what == what && $0.trip == trip }
    }
    guard givenBack[key] == nil else { return .refused(.givenBack) }
    let effect = BookingEffect(kind: .booked, what: what, key: key, trip: trip)
    add(effect)
    return .performed(effect)
  }

  /// Gives back what `what` was booked under the key `bookedBy`.
  package mutating func giveBack(_ what: String, bookedBy: String, key: String) -> Decision {
    if let number = numbers[key] {
      return again(number) { $0.kind != .booked && $0.what == what && $0.bookedBy == bookedBy }
    }
    let booking = numbers[bookedBy].map { entries[$0] }
    guard booking == nil || (booking?.kind == .booked && booking?.what == what) else {
      return .refused(.keyReused)
    }
    guard givenBack[bookedBy] == nil else { return .refused(.givenBack) }
    let effect = BookingEffect(
      kind: booking == nil ? .nothing : .givenBack, what: what, key: key, trip: booking?.trip,
      bookedBy: bookedBy)
    add(effect)
    return booking == nil ? .nothing(effect) : .performed(effect)
  }

  private mutating func add(_ effect: BookingEffect) {
    numbers[effect.key] = entries.count
    entries.append(effect)
    if let bookedBy = effect.bookedBy { givenBack[bookedBy] = effect.key }
  }

  private mutating func again(_ number: Int, _ isSame: (BookingEffect) -> Bool) -> Decision {
    guard isSame(entries[number]) else { return .refused(.keyReused) }
    entries[number].seen += 1
    return .replayed(entries[number])
  }
}
