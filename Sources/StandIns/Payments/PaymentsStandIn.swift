/// A server on 127.0.0.1 that finds payments and refunds them, and remembers every effect
/// (CONFIG §4).
///
/// `GET /orders/{order}` gives a Payment made from the order's hash, `POST /refunds` honours
/// `Idempotency-Key`, `GET /effects` lists each effect once with how often its key was seen.
package final class PaymentsStandIn: StandIn {
  package struct Settings: Equatable, Sendable {
    /// Fixes the draws of `fail` and `slow`; payments depend on the order alone.
    package var seed: UInt64
    /// The share of requests that fail, 0 to 1: 503, 500 or a reset, before or after the effect.
    package var fail: Double
    /// The share of requests answered `slowness` later, 0 to 1.
    package var slow: Double
    package var slowness: Duration
    /// Where effects are written, one JSON object a line, and synced before they are answered.
    /// Effects that the file holds already are taken up. Nil: kept in memory only.
    package var effectsFile: String?

    package init(
      seed: UInt64 = 1, fail: Double = 0, slow: Double = 0, slowness: Duration = .seconds(2),
      effectsFile: String? = nil
    ) {
      self.seed = seed
      self.fail = fail
      self.slow = slow
      self.slowness = slowness
      self.effectsFile = effectsFile
    }
  }

  package let server: LoopbackServer

  /// Reads the effects file; nothing is bound yet.
  ///
  /// - Parameter port: 0 takes any free one.
  /// - Throws: An error that describes itself, if the file cannot be opened or read.
  package init(settings: Settings = Settings(), port: Int = 0) throws {
    server = LoopbackServer(service: try PaymentsService(settings: settings), port: port)
  }
}
