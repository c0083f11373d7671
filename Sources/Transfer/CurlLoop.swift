internal import CCurl
internal import Glibc
internal import Synchronization

/// One thread that carries all HTTP transfers of this process, thousands at once, and the timers of
/// those who use them.
///
/// Completions, timers and `perform` run on that thread, one after the other: who keeps its state
/// there needs no lock. They must not block. Ends with `stop`, or by itself when it is let go.
package final class CurlLoop: Sendable {
  private let inbox = CurlInbox()
  private let wakeup: Wakeup
  private let thread: CurlThread

  package init() {
    wakeup = Wakeup()
    thread = CurlThread(wakeup: wakeup, inbox: inbox)
    thread.begin()
  }

  deinit {
    guard inbox.close() else { return }
    thread.detach()
    wakeup.wake()
  }

  /// Begins a transfer; returns at once, from any thread. `completion` is called once, on the loop's
  /// thread, unless the loop has been stopped before.
  @discardableResult
  package func start(
    _ request: TransferRequest, completion: @escaping @Sendable (TransferResult) -> Void
  ) -> TransferHandle {
    let handle = TransferHandle(number: inbox.number()) { [weak self] number in
      self?.send(.cancel(number))
    }
    send(.start(request, handle, completion))
    return handle
  }

  /// Runs `work` on the loop's thread, after what was asked for before.
  package func perform(_ work: @escaping @Sendable () -> Void) { send(.work(work)) }

  /// Runs `work` on the loop's thread at `instant` or up to a millisecond later, when nothing
  /// holds the thread.
  package func perform(at instant: MonotonicInstant, _ work: @escaping @Sendable () -> Void) {
    send(.timer(instant, work))
  }

  /// Cuts all transfers, each of which is completed with `.cancelled`, forgets timers and ends the
  /// thread; returns when it has ended. Further calls do nothing.
  ///
  /// - Precondition: not called on the loop's thread.
  package func stop() {
    guard inbox.close() else { return }
    wakeup.wake()
    thread.join()
  }

  private func send(_ message: CurlInbox.Message) {
    if inbox.add(message), !thread.isCurrent { wakeup.wake() }
  }
}

/// What the loop's thread has been asked for and not yet taken up.
final class CurlInbox: Sendable {
  enum Message: Sendable {
    case start(TransferRequest, TransferHandle, @Sendable (TransferResult) -> Void)
    case cancel(UInt64)
    case work(@Sendable () -> Void)
    case timer(MonotonicInstant, @Sendable () -> Void)
    case stop
  }

  private struct State {
    var messages: [Message] = []
    var transfers: UInt64 = 0
    var isClosed = false
  }

  private let state = Mutex(State())

  /// A number that no other transfer has.
  func number() -> UInt64 {
    state.withLock { state in
      state.transfers += 1
      return state.transfers
    }
  }

  /// - Returns: Whether the thread may have to be woken: it was the first.
  func add(_ message: Message) -> Bool {
    state.withLock { state in
      guard !state.isClosed else { return false }
      state.messages.append(message)
      return state.messages.count == 1
    }
  }

  /// Adds the last message.
  ///
  /// - Returns: Whether it was open.
  func close() -> Bool {
    state.withLock { state in
      defer { state.isClosed = true }
      if !state.isClosed { state.messages.append(.stop) }
      return !state.isClosed
    }
  }

  func take() -> [Message] {
    state.withLock { state in
      let messages = state.messages
      state.messages = []
      return messages
    }
  }
}

/// The multi handle, the sockets it wants watched, and the way to wake who watches them.
///
/// Unchecked: the pointer never changes; only `wake` is called from other threads, and does not use it.
final class Wakeup: @unchecked Sendable {
  private static let isInitialised = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

  let multi: UnsafeMutableRawPointer
  let sockets = SocketWatch()

  init() {
    precondition(Self.isInitialised, "libcurl can be initialised")
    signal(SIGPIPE, SIG_IGN)
    guard let multi = curl_multi_init() else { preconditionFailure("no memory for libcurl") }
    self.multi = multi
  }

  deinit { curl_multi_cleanup(multi) }

  func wake() { sockets.ring() }
}
