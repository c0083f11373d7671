import PetriNet

/// A refund that took place.
package struct RefundEffect: Equatable, Sendable {
  /// The idempotency key it took place under, once.
  package var key: String
  package var payment: String
  package var amount: Int64
  /// How many requests bore the key.
  package var seen: Int

  package init(key: String, payment: String, amount: Int64, seen: Int) {
    self.key = key
    self.payment = payment
    self.amount = amount
    self.seen = seen
  }

  var json: String {
    "{\"key\":\(JSONText.quoted(key)),\"payment\":\(JSONText.quoted(payment)),"
      + "\"amount\":\(amount),\"seen\":\(seen)}"
  }

  /// Nil for a text of another form.
  init?(json: [UInt8]) {
    guard let node = try? JSONText.parse(json), case .string(let key)? = node["key"],
      case .string(let payment)? = node["payment"], case .number(let amount)? = node["amount"],
      case .number(let seen)? = node["seen"], let won = amount.integer, let times = seen.integer
    else { return nil }
    self.init(key: key, payment: payment, amount: won, seen: Int(times))
  }
}
