package import Engine
package import PetriNet

/// A start, message or deed of a test that the engine did not take.
package struct RefusedInput: Sendable, Equatable {
  /// `start`, `start.1`, `messages.0`, `do.2`.
  package var path: String
  package var reason: RefusalReason
  package var mark: SourceMark
  package var at: Instant
}
