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
/// Those of the form `always` are evaluated: per case, over all cases where they count a shared place,
/// and with `by` for each value of the field that some token has. The others are not, and `unchecked`
/// names them.
struct InvariantChecks {
  private struct Check {
    var invariant: Invariant
    var program: Program
    var isOfCase: Bool
  }

  /// Reads a token's text.
  typealias Reading = (_ text: [UInt8], _ colour: ColourSet) throws -> Value

  private let net: Net
  private let checks: [Check]
  private let read: Reading
  /// What tokens hold in the field of a `by`, by its name.
  private var keys: [String: [TokenID: Value]] = [:]
  private(set) var broken: [BrokenInvariant] = []

  init(_ net: Net, read: @escaping Reading) {
    self.net = net
    self.read = read
    checks = net.invariants.compactMap { invariant in
      guard case .always(let program) = invariant.claim else { return nil }
      return Check(
        invariant: invariant, program: program,
        isOfCase: invariant.isOfCase(in: net))
    }
  }

  /// Names of the invariants that are not evaluated here.
  static func unchecked(in net: Net) -> [String] {
    net.invariants.compactMap { invariant in
      if case .always = invariant.claim { return nil }
      return invariant.name
    }
  }

  /// Each invariant is told once, at the first row after which it does not hold.
  ///
  /// Rows that load the net are passed over: until its shared places are filled it does not stand.
  mutating func check(after logged: LoggedEvent, in state: State) throws {
    switch logged.event {
    case .ownerStarted, .definitionRegistered, .placeFilled: return
    default: break
    }
    for check in checks where !broken.contains(where: { $0.name == check.invariant.name }) {
      if let field = check.invariant.by {
        if try !holds(check, by: field, state) {
          broken.append(.init(name: check.invariant.name, seq: logged.seq, caseID: nil))
        }
      } else if check.isOfCase {
        guard let id = logged.caseID, state.cases[id] != nil else { continue }
        if !holds(check, state, id) {
          broken.append(.init(name: check.invariant.name, seq: logged.seq, caseID: id))
        }
      } else if !holds(check, state, nil) {
        broken.append(.init(name: check.invariant.name, seq: logged.seq, caseID: nil))
      }
    }
  }

  /// For each value that a token has in the field.
  private mutating func holds(
    _ check: Check, by field: String, _ state: State
  ) throws -> Bool {
    var counts: [Value: [Int]] = [:]
    let terms = check.invariant.terms
    for (slot, term) in terms.enumerated() {
      for token in counted(term, state) {
        guard let key = try key(of: token, field, state) else { continue }
        counts[key, default: Array(repeating: 0, count: terms.count)][slot] += 1
      }
    }
    return counts.values.allSatisfy { counts in
      (try? check.program.holds(in: Frame(counts.map { .int(Int64($0)) }))) ?? false
    }
  }

  private mutating func key(
    of token: Token, _ field: String, _ state: State
  ) throws -> Value? {
    if let known = keys[field]?[token.id] { return known }
    guard let place = net.places.first(where: { state.places.find($0.name) == token.place }),
      case .record(let record) = try value(of: token, place.colour),
      let index = record.type.fields.firstIndex(where: { $0.name.hasSameBytes(as: field) })
    else { return nil }
    keys[field, default: [:]][token.id] = record.fields[index]
    return record.fields[index]
  }

  private func value(of token: Token, _ colour: ColourSet) throws -> Value {
    switch token.content {
    case nil: .null
    case .value(let value): value
    case .text(let text): try read(text, colour)
    }
  }

  /// The tokens that a term counts, of all cases; none for a transition, whose firings have no field.
  private func counted(_ term: Invariant.Term, _ state: State) -> [Token] {
    switch term {
    case .place(let index):
      guard let symbol = state.places.find(net.places[index].name) else { return [] }
      return tokens(state, nil).filter { $0.place == symbol }
    case .transition: return []
    case .held(let index, let slot):
      let inputs = net.transitions[index].inputs
      guard let arc = inputs.firstIndex(where: { $0.slot == slot }) else { return [] }
      return firings(of: index, state, nil).flatMap { $0.tokens(ofArc: arc) }
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
