import CEL
package import PetriNet

/// An invariant with `watch: true`: it is evaluated between firings, and what breaks it is an incident
/// that stops nothing.
///
/// One that reads only what is of a case is evaluated in each case of its version. One that reads a
/// shared place, or counts by a field, is about the whole net: the current version's, over the cases of
/// all versions.
struct Watch: Sendable {
  /// The value of `by`; nil without it.
  typealias Key = Value?

  private struct Share: Sendable {
    let key: Key
    let slot: Int
    let count: Int
  }

  let plan: VersionPlan
  let name: String
  let isOfCase: Bool
  /// Cases in which it does not hold.
  var brokenCases: Set<CaseID> = []
  private let program: Program
  private let terms: [Invariant.Term]
  private let by: String?
  /// By slot, of the whole net.
  private var counts: [Key: [Int]] = [:]
  private var shares: [FiringID: [Share]] = [:]
  /// Values whose counts changed since they were looked at, in order.
  private var changed: [Key] = []
  private var broken: Set<Key> = []

  init?(_ invariant: Invariant, _ plan: VersionPlan) {
    guard invariant.isWatched, case .always(let program) = invariant.claim else { return nil }
    self.plan = plan
    self.program = program
    name = invariant.name
    terms = invariant.terms
    by = invariant.by
    isOfCase = invariant.isOfCase(in: plan.net)
    if by == nil { changed = [nil] }
  }

  /// What an earlier count of the same has told is not told again.
  mutating func inherit(_ earlier: [Watch]) {
    let same = earlier.first { $0.plan.id == plan.id && $0.name.hasSameBytes(as: name) }
    if let same { broken = same.broken }
  }

  var hasChanged: Bool { !changed.isEmpty }

  // MARK: Counting the whole net

  /// A token came to rest, or left.
  mutating func count(_ token: Token, _ change: Int) {
    for slot in program.slots where slot < terms.count {
      guard case .place(let index) = terms[slot], plan.places[index].symbol == token.place
      else { continue }
      add(Share(key: key(of: token), slot: slot, count: change))
    }
  }

  /// A firing began, ended or holds other tokens; nil: it is no more.
  mutating func count(_ id: FiringID, _ firing: Firing?) {
    for share in shares.removeValue(forKey: id) ?? [] {
      add(Share(key: share.key, slot: share.slot, count: -share.count))
    }
    guard let firing else { return }
    let found = shares(of: firing)
    if !found.isEmpty { shares[id] = found }
    for share in found { add(share) }
  }

  private func shares(of firing: Firing) -> [Share] {
    var found: [Share] = []
    for slot in program.slots where slot < terms.count {
      switch terms[slot] {
      case .place: break
      case .transition(let index) where plan.transitions[index].symbol == firing.transition:
        found.append(Share(key: nil, slot: slot, count: 1))
      case .held(let index, let arc) where plan.transitions[index].symbol == firing.transition:
        for token in plan.held(by: firing, transition: index, slot: arc) {
          found.append(Share(key: key(of: token), slot: slot, count: 1))
        }
      case .transition, .held: break
      }
    }
    return found
  }

  private mutating func add(_ share: Share) {
    counts[share.key, default: Array(repeating: 0, count: terms.count)][share.slot] += share.count
    if !changed.contains(share.key) { changed.append(share.key) }
  }

  private func key(of token: Token) -> Key {
    guard let by, case .record(let record) = token.value,
      let field = record.type.fields.firstIndex(where: { $0.name.hasSameBytes(as: by) })
    else { return nil }
    return record.fields[field]
  }

  // MARK: Evaluating

  /// The codes of what broke since the last look. What was broken before is not told again.
  mutating func breaches() -> [String] {
    var codes: [String] = []
    let looked = changed
    changed = []
    for key in looked {
      let code = code(counts[key] ?? Array(repeating: 0, count: terms.count))
      if by != nil, counts[key]?.allSatisfy({ $0 == 0 }) == true { counts[key] = nil }
      if let code, !broken.contains(key) { codes.append(code) }
      // A value that no token has any more is forgotten.
      if code != nil, by == nil || counts[key] != nil {
        broken.insert(key)
      } else {
        broken.remove(key)
      }
    }
    return codes
  }

  /// The code of what does not hold in a case; nil if it holds, or was broken before.
  mutating func breach(_ found: CaseState, _ firings: [Firing]) -> String? {
    var counts = Array(repeating: 0, count: terms.count)
    for slot in program.slots where slot < terms.count {
      switch terms[slot] {
      case .place(let index):
        let symbol = plan.places[index].symbol
        counts[slot] = found.marking.tokens.count { $0.place == symbol }
      case .transition(let index):
        counts[slot] = firings.count { $0.transition == plan.transitions[index].symbol }
      case .held(let index, let arc):
        for firing in firings where firing.transition == plan.transitions[index].symbol {
          counts[slot] += plan.held(by: firing, transition: index, slot: arc).count
        }
      }
    }
    guard let code = code(counts) else {
      brokenCases.remove(found.id)
      return nil
    }
    return brokenCases.insert(found.id).inserted ? code : nil
  }

  private func code(_ counts: [Int]) -> String? {
    do {
      let holds = try program.holds(in: Frame(counts.map { .int(Int64($0)) }))
      return holds ? nil : IncidentRaised.invariant
    } catch {
      return error.code.rawValue
    }
  }
}

extension IncidentRaised {
  /// The code of a watched invariant that does not hold; its position names it.
  package static let invariant = "invariant"
}

extension Invariant {
  /// Whether it is about each case; else about the whole net.
  package func isOfCase(in net: Net) -> Bool {
    let slots: [Int]
    switch claim {
    case .always(let program), .eventually(let program): slots = program.slots
    case .leads(let before, let after): slots = before.slots + after.slots
    }
    return by == nil
      && slots.allSatisfy { slot in
        guard slot < terms.count else { return true }
        switch terms[slot] {
        case .place(let index): return net.places[index].isOfCase
        case .transition(let index), .held(let index, _): return net.transitions[index].bindsCase
        }
      }
  }
}

extension VersionPlan {
  /// The tokens that a firing holds in an arc.
  fileprivate func held(by firing: Firing, transition: Int, slot: Int) -> [Token] {
    let inputs = net.transitions[transition].inputs
    return inputs.firstIndex { $0.slot == slot }.map(firing.tokens(ofArc:)) ?? []
  }
}
