internal import CCurl
internal import Glibc
internal import Synchronization

/// One thread that carries all HTTP transfers of this process, thousands at once, and the timers of
/// those who use them.
///
/// Completions, timers and `perform` run on that thread, one after the other: who keeps its state
/// there needs no lock. They must not block. Ends with `stop`; a loop that is let go without it
/// keeps its thread.
package final class CurlLoop: Sendable {
  enum Message: Sendable {
    case start(TransferRequest, TransferHandle, @Sendable (TransferResult) -> Void)
    case cancel(UInt64)
    case work(@Sendable () -> Void)
    case timer(MonotonicInstant, @Sendable () -> Void)
    case stop
  }

  private struct Inbox {
    var messages: [Message] = []
    var transfers: UInt64 = 0
    var isStopped = false
  }

  private let inbox = Mutex(Inbox())
  private let wakeup: Wakeup
  private let thread: CurlThread

  package init() {
    let wakeup = Wakeup()
    self.wakeup = wakeup
    thread = CurlThread(wakeup: wakeup)
    thread.begin(taking: { [unowned self] in take() })
  }

  /// Begins a transfer; returns at once, from any thread. `completion` is called once, on the loop's
  /// thread, unless the loop has been stopped before.
  @discardableResult
  package func start(
    _ request: TransferRequest, completion: @escaping @Sendable (TransferResult) -> Void
  ) -> TransferHandle {
    let number = inbox.withLock { inbox in
      inbox.transfers += 1
      return inbox.transfers
    }
    let handle = TransferHandle(number: number) { [weak self] number in
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
    let isFirst = inbox.withLock { inbox in
      defer { inbox.isStopped = true }
      if !inbox.isStopped { inbox.messages.append(.stop) }
      return !inbox.isStopped
    }
    guard isFirst else { return }
    wakeup.wake()
    thread.join()
  }

  private func send(_ message: Message) {
    let mustWake = inbox.withLock { inbox in
      guard !inbox.isStopped else { return false }
      inbox.messages.append(message)
      return inbox.messages.count == 1
    }
    if mustWake, !thread.isCurrent { wakeup.wake() }
  }

  private func take() -> [Message] {
    inbox.withLock { inbox in
      defer { inbox.messages.removeAll(keepingCapacity: true) }
      return inbox.messages
    }
  }
}

/// The multi handle's wake-up, the one call on it that libcurl allows from other threads.
///
/// Unchecked: the pointer never changes, and `curl_multi_wakeup` is thread-safe.
final class Wakeup: @unchecked Sendable {
  private static let isInitialised = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

  let multi: UnsafeMutableRawPointer

  init() {
    precondition(Self.isInitialised, "libcurl can be initialised")
    signal(SIGPIPE, SIG_IGN)
    guard let multi = curl_multi_init() else { preconditionFailure("no memory for libcurl") }
    self.multi = multi
  }

  deinit { curl_multi_cleanup(multi) }

  func wake() { curl_multi_wakeup(multi) }
}
