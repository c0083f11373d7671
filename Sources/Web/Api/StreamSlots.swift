import Synchronization

/// How many streams are open, and word to all of them when the service stops.
final class StreamSlots: Sendable {
  /// A stream's place; free again when the last copy is gone.
  final class Slot: Sendable {
    private let slots: StreamSlots
    /// Counts the streams of this process.
    let number: Int

    fileprivate init(_ slots: StreamSlots, number: Int) {
      self.slots = slots
      self.number = number
    }

    deinit { slots.free() }
  }

  private struct State {
    var open = 0
    var opened = 0
    var isClosed = false
    var next = 0
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int) { self.limit = limit }

  /// Nil when as many are open as may, or the service stops.
  func take() -> Slot? {
    let number: Int? = state.withLock { state in
      guard state.open < limit, !state.isClosed else { return nil }
      state.open += 1
      state.opened += 1
      return state.opened
    }
    return number.map { Slot(self, number: $0) }
  }

  var open: Int { state.withLock { $0.open } }

  /// Every stream ends, and none begins.
  func close() {
    let waiting = state.withLock { state in
      state.isClosed = true
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Returns when the streams are closed or the task is cancelled.
  func closed() async {
    let number = state.withLock { state in
      state.next += 1
      return state.next
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.isClosed || Task.isCancelled { return true }
          state.waiting[number] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
    }
  }

  private func free() { state.withLock { $0.open -= 1 } }
}
