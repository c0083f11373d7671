import CEL
import Engine
import Orchestration
import PetriNet
import Synchronization
import Testing

struct ActionPoolTests {
  @Test func `so many attempts run at once, the rest in order`() async {
    let performer = GatedPerformer()
    let ended = Ended()
    let pool = ActionPool(performers: [performer], limit: 2, clock: MonotonicClock()) {
      attempt, _ in ended.add(attempt.firing.seq.number)
    }

    for number in 1...4 { pool.perform(.sample(Int64(number))) }
    await performer.begun(2)
    let load = pool.load
    performer.open()
    await ended.all(4)

    #expect(load == (running: 2, waiting: 2))
    #expect(performer.order.prefix(2).sorted() == [1, 2])
    #expect(performer.order.sorted() == [1, 2, 3, 4])
  }

  @Test func `an attempt let go before it began never begins`() async {
    let performer = GatedPerformer()
    let ended = Ended()
    let pool = ActionPool(performers: [performer], limit: 1, clock: MonotonicClock()) {
      attempt, _ in ended.add(attempt.firing.seq.number)
    }

    for number in 1...3 { pool.perform(.sample(Int64(number))) }
    await performer.begun(1)
    pool.abandon(FiringID(Seq(2)))
    performer.open()
    await ended.all(2)

    #expect(performer.order == [1, 3])
  }

  @Test func `an action that nobody performs fails with a code of its own`() async {
    let ended = Ended()
    let pool = ActionPool(performers: [], limit: 1, clock: MonotonicClock()) { attempt, outcome in
      if case .failed(let code, false, .no, nil, nil) = outcome, code == "unbound" {
        ended.add(attempt.firing.seq.number)
      }
    }

    pool.perform(.sample(5))
    await ended.all(1)

    #expect(ended.numbers == [5])
  }
}

/// Performs attempts only once its gate is open, and writes down what it was asked.
final class GatedPerformer: ActionPerformer {
  private struct State {
    var order: [Int64] = []
    var isOpen = false
    var waiting: [CheckedContinuation<Void, Never>] = []
    var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())
  let names: Set<ActionName> = [ActionName("sample")]

  var order: [Int64] { state.withLock { $0.order } }

  func perform(_ attempt: ActionAttempt) async -> PerformedAttempt {
    await withCheckedContinuation { continuation in
      let resumed = state.withLock { state -> [CheckedContinuation<Void, Never>] in
        state.order.append(attempt.firing.seq.number)
        var resumed = state.watchers.filter { $0.count <= state.order.count }.map(\.continuation)
        state.watchers.removeAll { $0.count <= state.order.count }
        if state.isOpen { resumed.append(continuation) } else { state.waiting.append(continuation) }
        return resumed
      }
      for continuation in resumed { continuation.resume() }
    }
    return .ok(.null)
  }

  func begun(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.order.count < count { state.watchers.append((count, continuation)) }
        return state.order.count >= count
      }
      if isThere { continuation.resume() }
    }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}

/// Collects numbers, and wakes who waits for so many.
final class Ended: Sendable {
  private struct State {
    var numbers: [Int64] = []
    var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  var numbers: [Int64] { state.withLock { $0.numbers } }

  func add(_ number: Int64) {
    let resumed = state.withLock { state in
      state.numbers.append(number)
      let resumed = state.watchers.filter { $0.count <= state.numbers.count }.map(\.continuation)
      state.watchers.removeAll { $0.count <= state.numbers.count }
      return resumed
    }
    for continuation in resumed { continuation.resume() }
  }

  func all(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.numbers.count < count { state.watchers.append((count, continuation)) }
        return state.numbers.count >= count
      }
      if isThere { continuation.resume() }
    }
  }
}

extension ActionAttempt {
  static func sample(_ number: Int64) -> ActionAttempt {
    ActionAttempt(
      firing: FiringID(Seq(number)),
      action: ActionDeclaration(
        name: ActionName("sample"), takes: .unit, returns: .unit, effect: .none),
      argument: .null, attempt: 1, idempotencyKey: "0-\(number)-00",
      workflow: WorkflowName("sample"), caseID: nil, deadline: Instant(microseconds: .max))
  }
}
