/// A server on 127.0.0.1 that books flights, hotels and cars and gives them back, and remembers every
/// effect.
///
/// `POST /flights`, `/hotels` and `/cars` take an object with the trip's `id`; `POST /flights/cancel` and
/// so on take `{"booked_by": KEY}`. All want an `Idempotency-Key` and honour it. `GET /effects` lists
/// bookings and returns in the order in which they took place.
package final class BookingsStandIn: StandIn {
  package struct Settings: Equatable, Sendable {
    /// Fixes the draws of `fail`.
    package var seed: UInt64
    /// The share of requests that fail, 0 to 1: 503, 500 or a reset, before or after the effect.
    package var fail: Double
    /// How long every answer waits.
    package var delay: Duration
    /// Where effects are written, one JSON object a line, and synced before they are answered.
    /// Effects that the file holds already are taken up. Nil: kept in memory only.
    package var effectsFile: String?

    package init(
      seed: UInt64 = 1, fail: Double = 0, delay: Duration = .zero, effectsFile: String? = nil
    ) {
      self.seed = seed
      self.fail = fail
      self.delay = delay
      self.effectsFile = effectsFile
    }
  }

  package let server: LoopbackServer

  /// Reads the effects file; nothing is bound yet.
  ///
  /// - Parameter port: 0 takes any free one.
  /// - Throws: An error that describes itself, if the file cannot be opened or read.
  package init(settings: Settings = Settings(), port: Int = 0) throws {
    server = LoopbackServer(service: try BookingsService(settings: settings), port: port)
  }
}
