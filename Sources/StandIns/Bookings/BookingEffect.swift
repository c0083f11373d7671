import PetriNet

/// A booking, or its return, that took place.
package struct BookingEffect: Equatable, Sendable {
  package enum Kind: String, Sendable {
    case booked
    case givenBack = "given_back"
    /// Asked to give back what never came; no effect.
    case nothing
  }

  package var kind: Kind
  /// `flights`, `hotels` or `cars`.
  package var what: String
  /// The idempotency key it took place under, once.
  package var key: String
  package var trip: String?
  /// Of a return: the key of the booking.
  package var bookedBy: String?
  /// How many requests bore the key.
  package var seen: Int

  package init(
    kind: Kind, what: String, key: String, trip: String? = nil, bookedBy: String? = nil,
    seen: Int = 1
  ) {
    self.kind = kind
    self.what = what
    self.key = key
    self.trip = trip
    self.bookedBy = bookedBy
    self.seen = seen
  }

  var json: String {
    var members = [
      "\"effect\":\(JSONText.quoted(kind.rawValue))", "\"what\":\(JSONText.quoted(what))",
      "\"key\":\(JSONText.quoted(key))",
    ]
    if let trip { members.append("\"trip\":\(JSONText.quoted(trip))") }
    if let bookedBy { members.append("\"booked_by\":\(JSONText.quoted(bookedBy))") }
    return "{\(members.joined(separator: ",")),\"seen\":\(seen)}"
  }

  /// Nil for a text of another form.
  init?(json: [UInt8]) {
    guard let node = try? JSONText.parse(json), case .string(let effect)? = node["effect"],
      let kind = Kind(rawValue: effect), case .string(let what)? = node["what"],
      case .string(let key)? = node["key"], case .number(let seen)? = node["seen"],
      let times = seen.integer
    else { return nil }
    self.init(
      kind: kind, what: what, key: key, trip: Self.text(node["trip"]),
      bookedBy: Self.text(node["booked_by"]), seen: Int(times))
  }

  private static func text(_ node: JSONText.Node?) -> String? {
    if case .string(let text)? = node { text } else { nil }
  }
}
