import CEL
import PetriNet

/// How the arcs of a transition find each other: by keys that equalities between them give.
///
/// An arc has a *lookup* if an equality ties it to what is bound before; its tokens are then found in
/// a bucket. The *hub* is the first arc that such a lookup reads alone: its tokens are grouped with
/// those of its partners under one key, and only groups in which every arc has a token are tried, in
/// the order of the hub's tokens. What an index leaves out must be refused without raising, so an
/// expression that may raise and would be reached keeps the transition from being indexed there.
struct JoinPlan: Sendable {
  typealias Path = CheckedExpression.Path

  /// How an arc's tokens are found.
  struct Lookup: Sendable {
    /// Of the arc's own token or, on a case place, of `input` or `case`.
    var own: [Path] = []
    /// Of what is bound before, part by part.
    var other: [Path] = []
  }

  struct Hub: Sendable {
    /// Position of the arc.
    let position: Int
    let paths: [Path]
    /// Positions of the arcs whose lookup reads exactly `paths`, ascending.
    let partners: [Int]
  }

  /// By position of single arcs.
  let lookups: [Lookup?]
  let hub: Hub?
  /// By position: whether nothing that is evaluated before can raise.
  let isCalmBefore: [Bool]
  /// Number of the transition's table in the index.
  let number: Int

  /// - Parameters:
  ///   - condition: the guard, if nothing that may raise is evaluated between the last single arc
  ///     and it.
  ///   - number: the next one that is free.
  /// - Returns: nil if no arc has a lookup.
  init?(
    _ singles: [TransitionPlan.Single], _ condition: TransitionPlan.Condition?, _ net: Net,
    number: Int
  ) {
    let reach = Reach(singles, condition, net)
    var lookups: [Lookup?] = singles.map { _ in nil }
    for position in singles.indices.dropFirst() { lookups[position] = reach.lookup(of: position) }
    guard lookups.contains(where: { $0 != nil }) else { return nil }
    self.lookups = lookups
    hub = reach.hub(lookups)
    isCalmBefore = singles.indices.map { $0 == 0 || reach.isCalm(from: 0, to: $0 - 1) }
    self.number = number
  }

  /// Whether tokens of this arc are kept in the table.
  func isKept(_ position: Int) -> Bool {
    lookups[position] != nil || hub?.position == position
  }

  /// Whether a token of an arc is kept by what its case holds, too.
  func readsCase(_ position: Int) -> Bool {
    paths(of: position).contains {
      $0.slot == Transition.Slots.input || $0.slot == Transition.Slots.caseRecord
    }
  }

  /// What a token of an arc is kept by.
  func paths(of position: Int) -> [Path] {
    lookups[position]?.own ?? (hub?.position == position ? hub?.paths ?? [] : [])
  }
}

/// What is bound when, and what may raise on the way.
private struct Reach {
  let singles: [TransitionPlan.Single]
  let condition: TransitionPlan.Condition?
  let calm: Calm

  init(
    _ singles: [TransitionPlan.Single], _ condition: TransitionPlan.Condition?, _ net: Net
  ) {
    self.singles = singles
    self.condition = condition
    calm = Calm(singles.map { ($0.slot, $0.place) }, net)
  }

  func lookup(of position: Int) -> JoinPlan.Lookup? {
    var lookup = JoinPlan.Lookup()
    for (index, condition) in singles[position].conditions.enumerated() {
      let others = singles[position].conditions.indices.filter { $0 != index }
      guard others.allSatisfy({ isCalm(singles[position].conditions[$0].program) }) else {
        continue
      }
      add(condition.program, position, &lookup)
    }
    let isCalmBehind = singles[position...].allSatisfy { arc in
      arc.conditions.allSatisfy { isCalm($0.program) }
    }
    if let condition, isCalmBehind { add(condition.program, position, &lookup) }
    return lookup.own.isEmpty ? nil : lookup
  }

  private func add(_ program: Program, _ position: Int, _ lookup: inout JoinPlan.Lookup) {
    for equality in program.syntax.joinEqualities.equalities {
      guard let left = equality.left.path, let right = equality.right.path else { continue }
      for (own, other) in [(left, right), (right, left)] {
        guard isOwn(own.slot, position), isBound(other.slot, before: position) else { continue }
        lookup.own.append(own)
        lookup.other.append(other)
        break
      }
    }
  }

  private func isOwn(_ slot: Int, _ position: Int) -> Bool {
    let arc = singles[position]
    if slot == arc.slot { return true }
    return isOfCase(slot) && !arc.place.isShared
      && singles[..<position].allSatisfy(\.place.isShared)
  }

  private func isOfCase(_ slot: Int) -> Bool {
    slot == Transition.Slots.input || slot == Transition.Slots.caseRecord
  }

  private func isBound(_ slot: Int, before position: Int) -> Bool {
    if isOfCase(slot) {
      return singles[..<position].contains { !$0.place.isShared }
    }
    return singles[..<position].contains { $0.slot == slot }
  }

  /// The first arc that has no lookup itself and whose token alone gives the key of later ones.
  func hub(_ lookups: [JoinPlan.Lookup?]) -> JoinPlan.Hub? {
    for position in lookups.indices where lookups[position] == nil {
      let paths = lookups.indices.dropFirst(position + 1).lazy
        .compactMap { lookups[$0]?.other }
        .first { other in other.allSatisfy { self.isOwn($0.slot, position) } }
      guard let paths else { continue }
      let partners = lookups.indices.filter { lookups[$0]?.other == paths }
      guard let last = partners.last, isCalm(from: position, to: last) else { continue }
      return JoinPlan.Hub(position: position, paths: paths, partners: partners)
    }
    return nil
  }

  /// Whether nothing that is evaluated between two positions can raise.
  func isCalm(from first: Int, to last: Int) -> Bool {
    singles[first...last].allSatisfy { arc in arc.conditions.allSatisfy { isCalm($0.program) } }
  }

  private func isCalm(_ program: Program) -> Bool { calm.holds(program) }
}

extension CheckedExpression.Path {
  /// What the path leads to; nil where reading it would raise.
  func value(in root: Value) -> Value? {
    var value = root
    for field in fields {
      guard case .record(let record) = value, field < record.fields.count else { return nil }
      value = record.fields[field]
    }
    return JoinEquality.mustBeCompared(value) ? nil : value
  }
}
