package import CEL
package import Engine
package import Orchestration
package import PetriNet

/// A store that fails at chosen calls: what simulations and tests put in front of a real one.
package final class FaultyStore: EventStore {
  /// How a call fails.
  package enum Fault: Equatable, Sendable {
    /// Nothing happened.
    case before(StoreError)
    /// What was asked happened, and the caller is not told so.
    case after(StoreError)
  }

  private let store: any EventStore
  private let fault: (Int) -> Fault?
  /// Calls so far, failed ones included.
  package private(set) var calls = 0

  /// `fault` is asked with the number of each call, from 0: `identity`, `prepare`,
  /// `beginSnapshot`, `snapshot` and `close` are none.
  package init(_ store: any EventStore, fault: @escaping (_ call: Int) -> Fault?) {
    self.store = store
    self.fault = fault
  }

  private func call<Result>(
    _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    defer { calls += 1 }
    switch fault(calls) {
    case nil: return try body()
    case .before(let error)?: throw error
    case .after(let error)?:
      _ = try body()
      throw error
    }
  }

  package var identity: LogIdentity { store.identity }

  package func fold(_ body: (LoggedEvent) throws -> Void) throws(StoreError) {
    try call { () throws(StoreError) in try store.fold(body) }
  }

  package func definitions() throws(StoreError) -> [StoredDefinition] {
    try call { () throws(StoreError) in try store.definitions() }
  }

  package func open(_ reference: SealReference) throws(StoreError) -> [UInt8]? {
    try call { () throws(StoreError) in try store.open(reference) }
  }

  package func value(of text: [UInt8], in colour: ColourSet) throws(StoreError) -> Value {
    try call { () throws(StoreError) in try store.value(of: text, in: colour) }
  }

  package func restore() throws(StoreError) -> State? {
    try call { () throws(StoreError) in try store.restore() }
  }

  package func keys(since: Instant) throws(StoreError) -> [RecalledKey] {
    try call { () throws(StoreError) in try store.keys(since: since) }
  }

  package func beginSnapshot(of cut: State) { store.beginSnapshot(of: cut) }

  package var snapshot: SnapshotProgress { store.snapshot }

  package func advanceSnapshot() throws(StoreError) {
    try call { () throws(StoreError) in try store.advanceSnapshot() }
  }

  package func prepare(_ events: [LoggedEvent]) { store.prepare(events) }

  package func append(_ group: AppendGroup) throws(StoreError) {
    try call { () throws(StoreError) in try store.append(group) }
  }

  package func erase(_ keys: [Int64]) throws(StoreError) {
    try call { () throws(StoreError) in try store.erase(keys) }
  }

  package func retire(_ plan: RetirementPlan) throws(StoreError) -> RetirementStep {
    try call { () throws(StoreError) in try store.retire(plan) }
  }

  package func probe() throws(StoreError) {
    try call { () throws(StoreError) in try store.probe() }
  }

  package func identify(
    _ request: RequestKey, at: Instant
  ) throws(StoreError) -> IdentifiedRequest? {
    try call { () throws(StoreError) in try store.identify(request, at: at) }
  }

  package func event(at seq: Seq) throws(StoreError) -> LoggedEvent? {
    try call { () throws(StoreError) in try store.event(at: seq) }
  }

  package func close() { store.close() }
}
