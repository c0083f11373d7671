package import Engine
import Orchestration
import Synchronization

/// The state that a log folds to, made when it is first looked at; nothing is written.
///
/// Any number of threads.
package final class FoldedLog: Sendable {
  private enum Content {
    case waiting(() throws -> Machine)
    case folded(Machine)
    case failed(any Error)
  }

  private let content: Mutex<Content>

  /// - Parameter fold: called once, when the state is first needed.
  package init(fold: sending @escaping () throws -> Machine) {
    content = Mutex(.waiting(fold))
  }

  /// Why the log could not be folded; nil if it was, or was not needed.
  package var failure: (any Error)? {
    content.withLock { content in
      if case .failed(let error) = content { error } else { nil }
    }
  }

  /// - Returns: nil where the log cannot be folded.
  func look<T: Sendable>(_ body: (Machine) -> T) -> T? {
    content.withLock { content in
      if case .waiting(let fold) = content {
        do {
          content = .folded(try fold())
        } catch {
          content = .failed(error)
        }
      }
      if case .folded(let machine) = content { return body(machine) }
      return nil
    }
  }
}

/// An engine that only reads: what a log says when its owner is not asked.
struct FoldedEngine: WebEngine, MachineLooking {
  let log: FoldedLog

  func look<T: Sendable>(
    _ body: @escaping @Sendable (Machine) -> T
  ) async throws(SubmissionError) -> T {
    guard let found = log.look(body) else { throw .storeUnavailable }
    return found
  }

  func submit(_ requests: [Submission]) async -> [SubmissionResult] {
    requests.map { _ in .failure(.storeUnavailable) }
  }

  func changes(after: Seq) -> AsyncStream<Seq> { AsyncStream { $0.finish() } }

  /// The log does not know the configuration.
  func endpoints() async throws(SubmissionError) -> [EndpointStanding] { [] }

  func health() -> EngineHealth {
    EngineHealth(
      sinceTurnMicroseconds: 0, lastCommitMicroseconds: nil, isFolded: true, isWritable: false,
      isDraining: false, epoch: 0, head: Seq(0))
  }

  func gauges() async -> [Gauge] { [] }
}
