internal import CEL
package import Engine
internal import PetriNet

/// An invariant of the net that did not hold in a trial.
package struct BrokenInvariant: Sendable, Equatable {
  package var name: String
  /// The row after which it did not hold.
  package var seq: Seq
  package var caseID: CaseID?
}

/// Evaluates the invariants of a net after each row of a log.
///
/// Those of the form `always` without `by` are evaluated: per case, or over all cases where they
/// count a shared place. The others are not, and `unchecked` names them.
struct InvariantChecks {
  private struct Check {
    var invariant: Invariant
    var program: Program
    var isOfCase: Bool
  }

  private let net: Net
  private let checks: [Check]
  private(set) var broken: [BrokenInvariant] = []

  init(_ net: Net) {
    self.net = net
    checks = net.invariants.compactMap { invariant in
      guard invariant.by == nil, case .always(let program) = invariant.claim else { return nil }
      return Check(
        invariant: invariant, program: program,
        isOfCase: invariant.isOfCase(in: net))
    }
  }

  /// Names of the invariants that are not evaluated here.
  static func unchecked(in net: Net) -> [String] {
    net.invariants.compactMap { invariant in
      if invariant.by == nil, case .always = invariant.claim { return nil }
      return invariant.name
    }
  }

  /// Each invariant is told once, at the first row after which it does not hold.
  ///
  /// Rows that load the net are passed over: until its shared places are filled it does not stand.
  mutating func check(after logged: LoggedEvent, in state: State) {
    switch logged.event {
    case .ownerStarted, .definitionRegistered, .placeFilled: return
    default: break
    }
    for check in checks where !broken.contains(where: { $0.name == check.invariant.name }) {
      if check.isOfCase {
        guard let id = logged.caseID, state.cases[id] != nil else { continue }
        if !holds(check, state, id) {
          broken.append(.init(name: check.invariant.name, seq: logged.seq, caseID: id))
        }
      } else if !holds(check, state, nil) {
        broken.append(.init(name: check.invariant.name, seq: logged.seq, caseID: nil))
      }
    }
  }

  private func holds(_ check: Check, _ state: State, _ caseID: CaseID?) -> Bool {
    let counts = check.invariant.terms.map { Value.int(Int64(count($0, state, caseID))) }
    return (try? check.program.holds(in: Frame(counts))) ?? false
  }

  private func count(_ term: Invariant.Term, _ state: State, _ caseID: CaseID?) -> Int {
    switch term {
    case .place(let index):
      guard let symbol = state.places.find(net.places[index].name) else { return 0 }
      return tokens(state, caseID).count { $0.place == symbol }
    case .transition(let index):
      return firings(of: index, state, caseID).count
    case .held(let index, let slot):
      let inputs = net.transitions[index].inputs
      guard let arc = inputs.firstIndex(where: { $0.slot == slot }) else { return 0 }
      return firings(of: index, state, caseID).reduce(0) { sum, firing in
        guard firing.consumed.indices.contains(arc) else { return sum }
        switch firing.consumed[arc] {
        case .one: return sum + 1
        case .several(let ids): return sum + ids.count
        }
      }
    }
  }

  private func tokens(_ state: State, _ caseID: CaseID?) -> [Token] {
    if let caseID { return state.cases[caseID]?.marking.tokens ?? [] }
    return state.cases.values.flatMap(\.marking.tokens) + state.shared.values
  }

  private func firings(of index: Int, _ state: State, _ caseID: CaseID?) -> [Firing] {
    guard let symbol = state.transitions.find(net.transitions[index].name) else { return [] }
    return state.firings.values.filter {
      $0.transition == symbol && (caseID == nil || $0.caseID == caseID)
    }
  }
}
