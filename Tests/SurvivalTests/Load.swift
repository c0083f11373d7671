import PetriNet
import Synchronization

/// Clients that start refund cases, each under an idempotency key, and try again until they are
/// told that their case is on record.
final class Load: Sendable {
  private struct State {
    /// Orders up to this one may be sent.
    var allowed = 0
    var next = 0
    /// The service's turn: it grows with each start; nil while there is none.
    var turn: Int?
    var starts = 0
    var isOver = false
    var waiting: [CheckedContinuation<Void, Never>] = []
    /// The case that each order was told.
    var acknowledged: [String: String] = [:]
    var tries = 0
    /// Answers that contradict an earlier one or cannot be understood.
    var strange: [String] = []
  }

  private let caller: Caller
  private let url: String
  private let state = Mutex(State())

  init(caller: Caller, url: String) {
    self.caller = caller
    self.url = url
  }

  var acknowledged: [String: String] { state.withLock { $0.acknowledged } }
  var tries: Int { state.withLock { $0.tries } }
  var strange: [String] { state.withLock { $0.strange } }

  /// The service is up; `more` further orders may be sent.
  func begin(_ more: Int) {
    change { state in
      state.starts += 1
      state.turn = state.starts
      state.allowed += more
    }
  }

  /// The service is about to go.
  func pause() { change { $0.turn = nil } }

  /// No orders come any more; those that are under way are still sent until they are told.
  func finish() { change { $0.isOver = true } }

  /// Runs `clients` at a time; returns when all orders are acknowledged and `finish` was called.
  func run(clients: Int) async {
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<clients {
        group.addTask { [self] in
          while let order = await nextOrder() { await send(order) }
        }
      }
    }
  }

  private func change(_ body: (inout State) -> Void) {
    let waiting = state.withLock { state in
      body(&state)
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Waits for a change unless `found` finds something now.
  private func wait<Found: Sendable>(
    _ found: @Sendable (inout State) -> Found?
  ) async -> Found {
    while true {
      if let result = state.withLock({ found(&$0) }) { return result }
      await withCheckedContinuation { continuation in
        let isStale = state.withLock { state in
          if found(&state) != nil { return true }
          state.waiting.append(continuation)
          return false
        }
        if isStale { continuation.resume() }
      }
    }
  }

  private enum Next: Sendable {
    case order(Int)
    case none
  }

  private func nextOrder() async -> Int? {
    let next = await wait { state -> Next? in
      if state.next < state.allowed { return .order(state.next) }
      return state.isOver ? Next.none : nil
    }
    guard case .order(let number) = next else { return nil }
    // Another client may have taken it between the look and now.
    let taken = state.withLock { state -> Int? in
      guard state.next < state.allowed else { return nil }
      defer { state.next += 1 }
      return state.next
    }
    _ = number
    if let taken { return taken }
    return await nextOrder()
  }

  private func send(_ number: Int) async {
    let order = "kill-\(number)"
    let isKorean = number % 2 == 0
    let workflow = isKorean ? "환불-분류" : "refund-triage"
    let body: JSONText.Node = .object([
      .init("order", .string(order)), .init("customer", .string("customer \(number)")),
      .init(
        isKorean ? "고객메시지" : "message",
        .string(number % 5 == 0 ? "Where is my parcel?" : "I want a refund for \(order)")),
    ])
    while true {
      _ = await wait { $0.turn }
      let reply = await caller.send(
        "POST", "\(url)/v1/workflows/\(Caller.segment(workflow))/cases", body: body,
        headers: [("Idempotency-Key", order)])
      state.withLock { $0.tries += 1 }
      if reply.isGood, let id = reply.json.text("case") {
        return state.withLock { $0.acknowledged[order] = id }
      }
      // Gone, stopping, or not to be written now; all else would be a defect.
      guard reply.status == 0 || reply.status == 503 || reply.status == 429 else {
        return state.withLock { $0.strange.append("\(order): \(reply.status) \(reply.json)") }
      }
    }
  }
}
