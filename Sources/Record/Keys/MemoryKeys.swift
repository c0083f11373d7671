package import Orchestration
internal import Synchronization

/// Data keys that live as long as the process.
package final class MemoryKeys: CaseKeys {
  private struct State {
    var keys: [DataKey?] = []
  }

  private let source: KeySource
  private let state = Mutex(State())

  package init(_ source: KeySource = .random) { self.source = source }

  package func reserve(through number: Int64) throws(StoreError) {
    let source = source
    let isReserved = state.withLock { state in
      while state.keys.count <= number {
        guard let bytes = source.key(Int64(state.keys.count)) else { return false }
        state.keys.append(DataKey(bytes))
      }
      return true
    }
    guard isReserved else { throw .missingKey(number) }
  }

  package func key(_ number: Int64) throws(StoreError) -> CaseKey {
    let key = state.withLock { state -> CaseKey? in
      guard state.keys.indices.contains(Int(number)) else { return nil }
      return state.keys[Int(number)].map { .present($0) } ?? .shredded
    }
    guard let key else { throw .missingKey(number) }
    return key
  }

  package func shred(_ numbers: [Int64]) throws(StoreError) {
    state.withLock { state in
      for number in numbers where state.keys.indices.contains(Int(number)) {
        state.keys[Int(number)] = nil
      }
    }
  }

  package func abandon(through number: Int64) throws(StoreError) {
    state.withLock { state in
      while state.keys.count <= number { state.keys.append(nil) }
    }
  }

  package func census() throws(StoreError) -> KeyCensus {
    state.withLock { state in
      KeyCensus(
        made: Int64(state.keys.count),
        shredded: state.keys.indices.filter { state.keys[$0] == nil }.map { Int64($0) })
    }
  }
}

extension StoreError {
  /// A key that no event erased is not there.
  static func missingKey(_ number: Int64) -> StoreError {
    StoreError(
      .keyMissing, code: "S114",
      "key \(number) is in no slot of the keys file and no event says that it was erased")
  }
}
