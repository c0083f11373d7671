import Orchestration
import Record
import Synchronization

/// Which call of a store fails, counted over all stores that are opened one after another.
final class Faults: Sendable {
  enum Kind: CaseIterable, Sendable {
    /// Nothing is done.
    case failed
    /// The disk is full: nothing is done.
    case full
    /// It is done, but whether it was is unknown.
    case unknown
  }

  private struct State {
    var calls = 0
    var hits = 0
  }

  private let position: Int?
  private let kind: Kind
  private let state = Mutex(State())

  /// - Parameter position: of the call that fails, from 1; nil = none does.
  init(position: Int?, kind: Kind) {
    self.position = position
    self.kind = kind
  }

  var hits: Int { state.withLock { $0.hits } }

  /// The store of which that call fails.
  func around(_ store: any EventStore) -> any EventStore {
    FaultyStore(store) { _ in self.next() }
  }

  private func next() -> FaultyStore.Fault? {
    let isHit = state.withLock { state in
      state.calls += 1
      if state.calls == position { state.hits += 1 }
      return state.calls == position
    }
    guard isHit else { return nil }
    return switch kind {
    case .failed: .before(StoreError(.failed, code: "S900", "made to fail"))
    case .full: .before(StoreError(.full, code: "S901", "made to be full"))
    case .unknown: .after(StoreError(.unknown, code: "S902", "made unknown"))
    }
  }
}
