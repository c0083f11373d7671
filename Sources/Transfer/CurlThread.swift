internal import CCurl
internal import Glibc

/// The loop's thread: owns the multi handle, the easy handles and the timers.
///
/// Unchecked: everything mutable is touched by the thread itself only, but `identity`, which is set
/// once before the loop can be used.
final class CurlThread: @unchecked Sendable {
  private static let easyHandlesKept = 1_024
  /// More than are under way at once: beyond that libcurl looks through all of them at each end.
  private static let connectionsKept = 16_384
  private static let pollMillisecondsMax: Int64 = 60_000

  private let wakeup: Wakeup
  private let inbox: CurlInbox
  private var identity: pthread_t = 0
  private var timers = TimerQueue()
  /// When libcurl wants to be called though nothing happened.
  private var curlDue: MonotonicInstant?
  private var active: [UInt64: EasyTransfer] = [:]
  /// Whose reply a socket is to bring, by descriptor.
  private var awaited: [Int32: UInt64] = [:]
  /// Origins that spoke HTTP/2.
  private var multiplexing: Set<String> = []
  /// By origin, how many connections may be left that nobody uses; never less than there are. Where
  /// there is none libcurl is told so, or it would look through all that are in use.
  private var unused: [String: Int] = [:]
  private var idle: [EasyTransfer] = []
  private var isStopping = false

  init(wakeup: Wakeup, inbox: CurlInbox) {
    self.wakeup = wakeup
    self.inbox = inbox
  }

  func begin() {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, 1 << 20)
    let code = pthread_create(
      &identity, &attributes,
      { context in
        guard let context else { return nil }
        let thread = Unmanaged<CurlThread>.fromOpaque(context).takeRetainedValue()
        thread.run()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    precondition(code == 0, "a thread can be created")
  }

  var isCurrent: Bool { pthread_equal(pthread_self(), identity) != 0 }

  func join() { pthread_join(identity, nil) }

  /// Nobody will join it.
  func detach() { pthread_detach(identity) }

  private func run() {
    let multi = wakeup.multi
    _ = petrel_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.connectionsKept)
    setCallbacks(multi)
    var running: Int32 = 0
    while true {
      while receive() {}
      if isStopping { break }
      let now = MonotonicInstant.now()
      if let due = curlDue, due <= now {
        curlDue = nil
        curl_multi_socket_action(multi, CURL_SOCKET_BAD, 0, &running)
      }
      collect(multi)
      while let work = timers.takeDue(at: now) { work() }
      let wait = receive() ? 0 : min(milliseconds(until: timers.next), milliseconds(until: curlDue))
      wakeup.sockets.wait(milliseconds: wait) { socket, states in
        let transfer = states.contains(.readable) ? awaited[socket].flatMap { active[$0] } : nil
        transfer?.lookAhead(socket)
        curl_multi_socket_action(multi, socket, Self.bits(of: states), &running)
        if awaited[socket] != nil { transfer?.lookBack() }
      }
      collect(multi)
    }
    end()
    _ = petrel_multi_set_sockets(multi, nil)
    _ = petrel_multi_set_timer(multi, nil)
  }

  /// libcurl says which sockets it waits for and when it wants to be called; nothing is called back
  /// but while this thread is inside of it.
  private func setCallbacks(_ multi: UnsafeMutableRawPointer) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    _ = petrel_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
    _ = petrel_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
    _ = petrel_multi_set_sockets(multi) { easy, socket, what, context, _ in
      guard let context else { return 0 }
      let thread = Unmanaged<CurlThread>.fromOpaque(context).takeUnretainedValue()
      let states = CurlThread.states(what)
      thread.wakeup.sockets.set(socket, states)
      thread.awaited[socket] =
        states.contains(.readable) ? easy.map { EasyTransfer.of($0).number } : nil
      return 0
    }
    _ = petrel_multi_set_timer(multi) { _, milliseconds, context in
      guard let context else { return 0 }
      let thread = Unmanaged<CurlThread>.fromOpaque(context).takeUnretainedValue()
      let due = MonotonicInstant.now().advanced(byMilliseconds: Int64(milliseconds))
      thread.curlDue = milliseconds < 0 ? nil : due
      return 0
    }
  }

  private static func states(_ what: Int32) -> SocketWatch.States {
    switch what {
    case CURL_POLL_IN: .readable
    case CURL_POLL_OUT: .writable
    case CURL_POLL_INOUT: [.readable, .writable]
    default: []
    }
  }

  private static func bits(of states: SocketWatch.States) -> Int32 {
    (states.contains(.readable) ? CURL_CSELECT_IN : 0)
      | (states.contains(.writable) ? CURL_CSELECT_OUT : 0)
      | (states.contains(.failed) ? CURL_CSELECT_ERR : 0)
  }

  /// Takes what was sent; false if nothing was.
  private func receive() -> Bool {
    let messages = inbox.take()
    for message in messages {
      switch message {
      case .start(let request, let handle, let completion): start(request, handle, completion)
      case .cancel(let number): cancel(number)
      case .work(let work): work()
      case .timer(let instant, let work): timers.add(at: instant, work)
      case .stop: isStopping = true
      }
    }
    return !messages.isEmpty
  }

  private func milliseconds(until instant: MonotonicInstant?) -> Int32 {
    guard let instant else { return Int32(Self.pollMillisecondsMax) }
    let nanoseconds = instant.nanoseconds(since: .now())
    return Int32(min(max(0, (nanoseconds + 999_999) / 1_000_000), Self.pollMillisecondsMax))
  }

  private func start(
    _ request: TransferRequest, _ handle: TransferHandle,
    _ completion: @escaping @Sendable (TransferResult) -> Void
  ) {
    let transfer = idle.popLast() ?? EasyTransfer()
    let origin = EasyTransfer.origin(of: request.url)
    guard
      transfer.prepare(
        request, handle, origin: origin, connection: connection(to: origin), completion)
    else {
      transfer.finish(code: CURLE_URL_MALFORMAT)
      return
    }
    guard curl_multi_add_handle(wakeup.multi, transfer.easy) == CURLM_OK else {
      transfer.finish(code: CURLE_FAILED_INIT)
      return
    }
    active[handle.number] = transfer
    watch(transfer, request, handle.number)
  }

  private func connection(to origin: String) -> EasyTransfer.Connection {
    if multiplexing.contains(origin) { return .shared }
    guard let count = unused[origin] else { return .fresh }
    unused[origin] = count > 1 ? count - 1 : nil
    return .any
  }

  private func watch(_ transfer: EasyTransfer, _ request: TransferRequest, _ number: UInt64) {
    timers.add(at: request.deadline) { [weak self] in
      self?.expire(number) { $0.firstByte == nil ? .timeoutFirstByte : .timeoutTotal }
    }
    if let limit = request.firstByteMilliseconds {
      let instant = transfer.started.advanced(byMilliseconds: limit)
      if instant < request.deadline {
        timers.add(at: instant) { [weak self] in
          self?.expire(number) { $0.firstByte == nil ? .timeoutFirstByte : nil }
        }
      }
    }
    if let slow = request.slow { watchSlow(number, slow, received: 0, hasBegun: false) }
  }

  /// Looks at the bytes of each window, from the first one that begins after the first byte.
  private func watchSlow(
    _ number: UInt64, _ slow: TransferRequest.SlowLimit, received: Int, hasBegun: Bool
  ) {
    let instant = MonotonicInstant.now().advanced(byMilliseconds: slow.forMilliseconds)
    timers.add(at: instant) { [weak self] in
      guard let self, let transfer = active[number] else { return }
      let now = transfer.bytesReceived
      let least = Int64(slow.bytesPerSecond) * slow.forMilliseconds / 1_000
      if hasBegun, Int64(now - received) < least {
        expire(number) { _ in .timeoutSlow }
      } else {
        watchSlow(number, slow, received: now, hasBegun: transfer.firstByte != nil)
      }
    }
  }

  private func expire(_ number: UInt64, _ failure: (EasyTransfer) -> TransferFailure?) {
    guard let transfer = active[number], let failure = failure(transfer) else { return }
    transfer.failure = failure
    remove(transfer, number, code: CURLE_OPERATION_TIMEDOUT)
  }

  private func cancel(_ number: UInt64) {
    guard let transfer = active[number] else { return }
    transfer.failure = .cancelled
    remove(transfer, number, code: CURLE_ABORTED_BY_CALLBACK)
  }

  /// Completes what libcurl has done with.
  private func collect(_ multi: UnsafeMutableRawPointer) {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else {
        continue
      }
      let code = message.pointee.data.result
      let transfer = EasyTransfer.of(easy)
      remove(transfer, transfer.number, code: code)
    }
  }

  private func remove(_ transfer: EasyTransfer, _ number: UInt64, code: CURLcode) {
    active[number] = nil
    transfer.readFigures()
    if transfer.isMultiplexed {
      multiplexing.insert(transfer.origin)
    } else if code == CURLE_OK {
      unused[transfer.origin, default: 0] += 1
    }
    curl_multi_remove_handle(wakeup.multi, transfer.easy)
    transfer.finish(code: code)
    if idle.count < Self.easyHandlesKept { idle.append(transfer) }
  }

  private func end() {
    for number in active.keys.sorted() { cancel(number) }
    timers = TimerQueue()
    idle = []
  }
}
