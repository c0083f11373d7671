package import Orchestration
package import PetriNet
package import Transfer

/// Performs actions that the configuration binds to services.
package final class HTTPActionPerformer: ActionPerformer {
  package let names: Set<ActionName>

  /// - Throws: The first thing that is wrong with the bindings.
  package init(
    configuration: HTTPActionsConfiguration, transfer: CurlLoop
  ) throws(HTTPActionsProblem) {
    names = Set(configuration.actions.map(\.action))
  }

  package func perform(_ attempt: ActionAttempt) async -> PerformedAttempt {
    .failed(
      code: "interrupted", retry: true, happened: .no, error: nil, retryAfterMicroseconds: nil)
  }
}
