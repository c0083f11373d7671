internal import Foundation
internal import StandIns

/// The stand-ins of the product, each in a process of its own.
enum OtherSides {
  static func model(milliseconds: Int) async throws {
    let delay = Duration.milliseconds(milliseconds)
    let standIn = try ModelStandIn(
      rules: StandInRules(delay: delay...delay, otherwise: .label("true")))
    Bench.say("\(try await standIn.start())")
    try await standIn.run()
  }

  static func payments() async throws {
    let standIn = try PaymentsStandIn()
    Bench.say("\(try await standIn.start())")
    try await standIn.run()
  }
}

/// Orders whose payments are settled and small, so that no person is asked.
enum Orders {
  static func small(_ count: Int) -> [String] {
    var found: [String] = []
    var number = 0
    while found.count < count {
      number += 1
      let order = "A-\(number)"
      guard let payment = StandInPayment(order: order) else { continue }
      if payment.settled, !payment.refunded, payment.amountWon <= 50_000 { found.append(order) }
    }
    return found
  }

  /// One a line.
  static func read(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
  }
}
