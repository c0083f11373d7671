import PetriNet

/// A payment that follows from its order's name alone (the type `Payment` of lib-payments.yaml).
package struct StandInPayment: Equatable, Sendable {
  package var id: String
  package var settled: Bool
  package var refunded: Bool
  /// From 3,000 to 2,000,000, in whole hundreds.
  package var amountWon: Int64

  /// The payment of `order`; nil where the order begins with `none`.
  ///
  /// Of a hundred orders about 6 are not settled and 4 were refunded before. Of the amounts about
  /// 60 in a hundred are at most 50,000 won, 28 at most 500,000, and 12 above.
  package init?(order: String) {
    guard !order.utf8.starts(with: "none".utf8), !order.isEmpty else { return nil }
    let draw = Draw(seed: 0, parts: ["payment", order])
    id = Self.idPrefix + order
    let state = draw.fraction(.fault)
    settled = state >= 0.06
    refunded = settled && state < 0.10
    let range: ClosedRange<Int64> =
      switch draw.fraction(.label) {
      case ..<0.60: 30...500
      case ..<0.88: 501...5_000
      default: 5_001...20_000
      }
    let hundreds = Double(range.upperBound - range.lowerBound + 1) * draw.fraction(.detail)
    amountWon = (range.lowerBound + Int64(hundreds)) * 100
  }

  /// The payment of that id; nil if no order has it.
  package init?(id: String) {
    guard id.utf8.starts(with: Self.idPrefix.utf8) else { return nil }
    let order = id.utf8.dropFirst(Self.idPrefix.utf8.count)
    self.init(order: String(decoding: order, as: UTF8.self))
  }

  private static let idPrefix = "pay-"

  var json: String {
    "{\"id\":\(JSONText.quoted(id)),\"settled\":\(settled),\"refunded\":\(refunded),"
      + "\"amount_won\":\(amountWon)}"
  }
}
