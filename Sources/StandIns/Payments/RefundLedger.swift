/// Which refunds were asked for and which took place: each key has one effect at most, and each
/// payment one refund.
struct RefundLedger: Sendable {
  struct Order: Equatable, Sendable {
    var payment: String
    var amount: Int64
  }

  /// What a request for a refund comes to.
  enum Decision: Equatable {
    /// Took place just now; to be written before it is answered.
    case performed(RefundEffect, StandInPayment)
    /// Took place before under this key; the first answer is due again.
    case replayed(RefundEffect, StandInPayment)
    case refused(Refusal)
  }

  enum Refusal: String, Equatable {
    case keyReused = "key_reused"
    case noSuchPayment = "no_such_payment"
    case notSettled = "not_settled"
    case alreadyRefunded = "refunded"
    case otherAmount = "amount"

    var status: Int {
      switch self {
      case .keyReused: 422
      case .noSuchPayment: 404
      case .notSettled, .alreadyRefunded, .otherAmount: 409
      }
    }
  }

  private struct Entry: Sendable {
    var order: Order
    var seen: Int
    var isPerformed = false
  }

  private var entries: [String: Entry] = [:]
  private var keyOfPayment: [String: String] = [:]
  private var performedKeys: [String] = []

  /// Takes up effects that were written before, in their order; of several of one key the last.
  init(effects: [RefundEffect] = []) {
    for effect in effects {
      let order = Order(payment: effect.payment, amount: effect.amount)
      if entries[effect.key] == nil { performedKeys.append(effect.key) }
      entries[effect.key] = Entry(order: order, seen: effect.seen, isPerformed: true)
      keyOfPayment[effect.payment] = effect.key
    }
  }

  /// In the order in which they took place.
  var effects: [RefundEffect] {
    performedKeys.compactMap { key in
      entries[key].map { Self.effect(key, $0) }
    }
  }

  /// Whether this payment was refunded here.
  func isRefunded(_ payment: String) -> Bool {
    keyOfPayment[payment] != nil
  }

  /// Notes that `key` was seen once more; returns how often by now. A key that stands for another
  /// order is left as it is.
  mutating func see(_ key: String, for order: Order) -> Int {
    var entry = entries[key] ?? Entry(order: order, seen: 0)
    guard entry.order == order else { return entry.seen }
    entry.seen += 1
    entries[key] = entry
    return entry.seen
  }

  /// Refunds under a key that was seen, unless it did so before or must not.
  mutating func decide(_ key: String, for order: Order) -> Decision {
    guard var entry = entries[key], entry.order == order else { return .refused(.keyReused) }
    guard var payment = StandInPayment(id: order.payment) else {
      return .refused(.noSuchPayment)
    }
    let wasRefunded = payment.refunded
    payment.refunded = true
    if entry.isPerformed { return .replayed(Self.effect(key, entry), payment) }
    guard payment.settled else { return .refused(.notSettled) }
    guard !wasRefunded, !isRefunded(order.payment) else { return .refused(.alreadyRefunded) }
    guard payment.amountWon == order.amount else { return .refused(.otherAmount) }
    entry.isPerformed = true
    entries[key] = entry
    keyOfPayment[order.payment] = key
    performedKeys.append(key)
    return .performed(Self.effect(key, entry), payment)
  }

  private static func effect(_ key: String, _ entry: Entry) -> RefundEffect {
    RefundEffect(
      key: key, payment: entry.order.payment, amount: entry.order.amount, seen: entry.seen)
  }
}
