internal import PetriNet
internal import Synchronization
internal import Transfer

/// One service with the requests that are at it and those that wait for it, first come first served.
final class ServiceLine: Sendable {
  private struct State {
    var free: Int
    /// In order of arrival.
    var waiting: [Turn] = []
  }

  let configuration: ServiceConfiguration
  private let loop: CurlLoop
  private let state: Mutex<State>

  init(_ configuration: ServiceConfiguration, loop: CurlLoop) {
    self.configuration = configuration
    self.loop = loop
    state = Mutex(State(free: max(1, configuration.concurrency)))
  }

  /// Sends a request when it is its turn. `ended` is told its end, once, on the loop's thread; nil if
  /// its turn did not come before its deadline, or was ended before, on the thread of who ended it. A
  /// request that was sent is not cut: how it ended must be known.
  ///
  /// - Precondition: called on the loop's thread.
  func send(
    _ request: TransferRequest, _ turn: Turn,
    ended: @escaping @Sendable (TransferResult?) -> Void
  ) {
    turn.wait { [self] isAdmitted in
      guard isAdmitted else { return ended(nil) }
      loop.start(request) { [self] result in
        leave()
        ended(result)
      }
    }
    let isFree = state.withLock { state in
      if state.free > 0 {
        state.free -= 1
        return true
      }
      state.waiting.append(turn)
      return false
    }
    guard isFree else { return loop.perform(at: request.deadline) { turn.end(admitted: false) } }
    if !turn.end(admitted: true) { leave() }
  }

  private func leave() {
    while true {
      let next = state.withLock { state -> Turn? in
        guard !state.waiting.isEmpty else {
          state.free += 1
          return nil
        }
        return state.waiting.removeFirst()
      }
      guard let next, !next.end(admitted: true) else { return }
    }
  }
}

/// The wait of one request, which ends once: by its turn, its deadline or its cancellation.
final class Turn: Sendable {
  private enum State {
    case begun
    case waiting(@Sendable (Bool) -> Void)
    case ended(admitted: Bool)
  }

  private let state = Mutex(State.begun)

  /// `body` is told how the wait ended, at once if it has.
  func wait(_ body: @escaping @Sendable (Bool) -> Void) {
    let answer = state.withLock { state -> Bool? in
      if case .ended(let isAdmitted) = state { return isAdmitted }
      state = .waiting(body)
      return nil
    }
    if let answer { body(answer) }
  }

  /// - Returns: Whether it had not ended before.
  @discardableResult
  func end(admitted isAdmitted: Bool) -> Bool {
    let (isFirst, waiting) = state.withLock { state in
      defer {
        if case .ended = state {} else { state = .ended(admitted: isAdmitted) }
      }
      switch state {
      case .begun: return (true, nil as (@Sendable (Bool) -> Void)?)
      case .waiting(let body): return (true, body)
      case .ended: return (false, nil)
      }
    }
    waiting?(isAdmitted)
    return isFirst
  }
}

extension ServiceConfiguration {
  /// Without a slash at the end.
  var baseURL: String { url.utf8.last == UInt8(ascii: "/") ? String(url.dropLast()) : url }

  /// A request within the service's limits, with its headers.
  func request(method: String, url: String, deadline: MonotonicInstant) -> TransferRequest {
    var request = TransferRequest(method: method, url: url, headers: headers, deadline: deadline)
    request.connectMilliseconds = connectMilliseconds
    request.bodyMax = replyMax
    request.certificates = certificates
    request.proxy = proxy
    request.addresses = .of(url: self.url, allowsPrivate: allowsPrivate)
    return request
  }

  /// Whether it may be used at all.
  func check() throws(HTTPActionsProblem) {
    guard WebAddress.isOne(url), AddressPolicy.permits(url: url, plain: plain)
    else { throw .urlRefused(service: name) }
    for header in headers where !header.isSendable { throw .headerRefused(name: header.name) }
  }
}
