/// Everything the engine counts has a maximum with a name.
package struct Limits: Sendable {
  /// Open incidents of a transition that halt it.
  package var incidentsMax = 100
  /// One-step firings of a case, or of a workflow without one, at one instant.
  package var stepsAtOneInstantMax = 10_000
  /// Open cases; while there are so many a start finds its place full.
  package var casesMax = 10_000_000
  /// Cases that call one another in a row; a deeper call is ended as a cycle.
  package var callDepthMax = 100
  /// How late a schedule may be taken and still count as in time.
  package var scheduleLateMicroseconds: Int64 = 60 * 1_000_000
  /// Missed instants of a schedule that are counted.
  package var missedMax = 1_000_000
  /// Interruptions by restarts after which an action's outcome is `unknown`.
  package var interruptionsMax = 3
  package var claimMicroseconds: Int64 = 15 * 60 * 1_000_000
  /// Bytes of a row's body (LOG §1).
  package var bodyBytesMax = 65_536
  /// Payloads sealed in one row (LOG §1).
  package var payloadsMax = 65_535
  /// Bytes of one payload (LOG §1).
  package var payloadBytesMax = 1_048_576
  /// Bytes of what a person or a failing action says beside a row (`why`, `note`, `error`): with all
  /// its escapes it fits into a body. A person's longer text is refused, an error is cut.
  package var textBytesMax = 8_192
  /// Tokens one row puts.
  package var tokensMax = 65_535

  package init() {}

  package static let standard = Limits()
}
