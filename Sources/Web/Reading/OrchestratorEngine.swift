import Engine
import Orchestration
import PetriNet

/// The service's own engine, looked at between groups.
struct OrchestratorEngine: WebEngine, MachineLooking {
  let orchestrator: Orchestrator
  /// Of the owner that this process is.
  let epoch: Int64

  func submit(_ requests: [Submission]) async -> [SubmissionResult] {
    do {
      return try await orchestrator.submit(batch: requests)
    } catch {
      return requests.map { _ in .failure(error) }
    }
  }

  func look<T: Sendable>(
    _ body: @escaping @Sendable (Machine) -> T
  ) async throws(SubmissionError) -> T {
    try await orchestrator.read(body)
  }

  func endpoints() async throws(SubmissionError) -> [EndpointStanding] {
    let paused = try await look { $0.state.pausedEndpoints }
    return orchestrator.endpoints.map { standing in
      var standing = standing
      standing.isPaused = paused.contains { $0.utf8.elementsEqual(standing.name.utf8) }
      return standing
    }
  }

  func changes(after: Seq) -> AsyncStream<Seq> { orchestrator.changes() }
}
