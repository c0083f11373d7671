internal import Synchronization

/// A transfer under way, for whoever started it.
package final class TransferHandle: Sendable {
  package enum Progress: UInt8, Sendable {
    /// No byte of the reply has come.
    case waiting
    case receiving
    case ended
  }

  let number: UInt64
  private let state = Atomic<UInt8>(0)
  private let cancellation: @Sendable (UInt64) -> Void

  init(number: UInt64, cancellation: @escaping @Sendable (UInt64) -> Void) {
    self.number = number
    self.cancellation = cancellation
  }

  /// As of now; may be asked from any thread.
  package var progress: Progress {
    Progress(rawValue: state.load(ordering: .acquiring)) ?? .ended
  }

  func advance(to progress: Progress) { state.store(progress.rawValue, ordering: .releasing) }

  /// Cuts the transfer; its completion is called with `.cancelled` unless it has ended before.
  package func cancel() { cancellation(number) }
}
