import Synchronization

/// The port that is listened on: the configured one until the system has given one.
final class ListeningPort: Sendable {
  private enum State: Sendable {
    case unknown([CheckedContinuation<Int?, Never>])
    case known(Int)
    case never
  }

  private let configured: Int
  private let state = Mutex(State.unknown([]))

  init(configured: Int) { self.configured = configured }

  var number: Int {
    state.withLock { state in
      if case .known(let number) = state { number } else { configured }
    }
  }

  func isBound(to number: Int) { settle(.known(number)) }

  /// Nothing is listened on, or not any more.
  func isGone() { settle(.never) }

  /// Waits until it is known; nil where listening failed.
  var bound: Int? {
    get async {
      await withCheckedContinuation { continuation in
        let answer: Int?? = state.withLock { state in
          switch state {
          case .unknown(let waiting):
            state = .unknown(waiting + [continuation])
            return .none
          case .known(let number): return .some(number)
          case .never: return .some(nil)
          }
        }
        if let answer { continuation.resume(returning: answer) }
      }
    }
  }

  private func settle(_ settled: State) {
    let waiting = state.withLock { state -> [CheckedContinuation<Int?, Never>] in
      guard case .unknown(let waiting) = state else { return [] }
      state = settled
      return waiting
    }
    let number: Int? = if case .known(let number) = settled { number } else { nil }
    for continuation in waiting { continuation.resume(returning: number) }
  }
}
