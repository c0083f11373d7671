package import CEL
package import Engine
package import PetriNet

/// One attempt to bring an effect about.
package struct PerformedEffect: Sendable, Equatable {
  package var firing: FiringID
  package var action: ActionName
  package var argument: Value
  /// The idempotency key that went with it.
  package var key: String
}
