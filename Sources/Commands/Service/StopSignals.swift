@preconcurrency internal import Dispatch
internal import Foundation
internal import Synchronization

/// Waits for the signals that ask a process to stop.
final class StopSignals: Sendable {
  private let sources: [any DispatchSourceSignal]
  private let state = Mutex<(signal: Int32?, waiting: [CheckedContinuation<Int32, Never>])>(
    (nil, []))

  /// Takes SIGTERM and SIGINT over.
  init() {
    var sources: [any DispatchSourceSignal] = []
    for number in [SIGTERM, SIGINT] {
      signal(number, SIG_IGN)
      sources.append(DispatchSource.makeSignalSource(signal: number, queue: .global()))
    }
    self.sources = sources
    for (source, number) in zip(sources, [SIGTERM, SIGINT]) {
      source.setEventHandler { [weak self] in self?.came(number) }
      source.resume()
    }
  }

  deinit {
    for source in sources { source.cancel() }
  }

  /// The first signal that came, at once if one has.
  func wait() async -> Int32 {
    await withCheckedContinuation { continuation in
      let signal = state.withLock { state -> Int32? in
        if state.signal == nil { state.waiting.append(continuation) }
        return state.signal
      }
      if let signal { continuation.resume(returning: signal) }
    }
  }

  private func came(_ number: Int32) {
    let waiting = state.withLock { state in
      state.signal = number
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume(returning: number) }
  }
}
