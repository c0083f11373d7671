import CEL
import PetriNet

/// How the arcs of a transition find each other: by keys that equalities between them give.
///
/// An arc has a *lookup* if an equality ties it to what is bound before; its tokens are then found in
/// a bucket. The *hub* is the first arc that such a lookup reads alone: its tokens are grouped with
/// those of its partners under one key, and only groups in which every single arc has a token, and no
/// arc of `unless` that bars by its key alone, are tried, in the order of the hub's tokens. What an
/// index leaves out must be refused without raising, so an expression that may raise and would be
/// reached keeps the transition from being indexed there.
///
/// Arcs stand at *positions*: the single ones in the order of binding, then counted ones, then those
/// of `unless`.
struct JoinPlan: Sendable {
  typealias Path = CheckedExpression.Path

  /// How an arc's tokens are found.
  struct Lookup: Sendable {
    /// Of the arc's own token or, on a case place, of `input` or `case`.
    var own: [Path] = []
    /// Of what is bound before, part by part.
    var other: [Path] = []
  }

  /// A field that has one value in every token that an arc binds.
  struct Filter: Sendable {
    let path: Path
    /// As `JoinEquality.key` gives it.
    let key: Value
  }

  struct Hub: Sendable {
    /// Position of the arc.
    let position: Int
    let paths: [Path]
    /// Positions of the arcs whose lookup reads exactly `paths`, ascending.
    let partners: [Int]
  }

  /// What a token of an arc says of the bindings of its key.
  enum Role: Sendable {
    /// Each of them holds one.
    case needed
    /// While there is one none is enabled.
    case barring
    /// Nothing: a list may be of no token.
    case listed
  }

  /// By position.
  let lookups: [Lookup?]
  /// By position: what keeps a token from ever being bound there.
  let filters: [[Filter]]
  let roles: [Role]
  let hub: Hub?
  /// Positions of counted arcs; single ones stand before them.
  let counted: Range<Int>
  /// By position of single arcs: whether nothing that is evaluated before can raise.
  let isCalmBefore: [Bool]
  /// Whether the first live key is looked at, whatever token or case has changed: it tells which
  /// binding is enabled. It does not where single arcs are not found by keys, or where a live key may
  /// have too few tokens for a list.
  let isContestedAnywhere: Bool
  /// Number of the transition's table in the index.
  let number: Int

  /// - Parameters:
  ///   - condition: the guard, if nothing that may raise is evaluated between the last single arc
  ///     and it.
  ///   - number: the next one that is free.
  /// - Returns: nil if no arc has a lookup.
  init?(
    _ arcs: JoinArcs, _ condition: TransitionPlan.Condition?, _ net: Net, number: Int
  ) {
    let reach = Reach(arcs, condition, net)
    let singles = arcs.singles
    var lookups: [Lookup?] = singles.map { _ in nil }
    for position in singles.indices.dropFirst() { lookups[position] = reach.lookup(of: position) }
    let tested = arcs.tested.map { ArcTest($0, reach) }
    lookups += tested.map(\.lookup)
    guard lookups.contains(where: { $0 != nil }) else { return nil }
    self.lookups = lookups
    filters = singles.indices.map(reach.filters(of:)) + tested.map(\.filters)
    hub = reach.hub(lookups)
    let barring = reach.barring(tested, hub)
    roles =
      singles.map { _ in .needed }
      + tested.indices.map { barring.contains($0) ? .barring : .listed }
    let counted = singles.count..<(singles.count + arcs.counted.count)
    self.counted = counted
    isContestedAnywhere =
      lookups[..<singles.count].contains { $0 != nil }
      && hub?.partners.contains(where: counted.contains) != true
    isCalmBefore = singles.indices.map { $0 == 0 || reach.isCalm(from: 0, to: $0 - 1) }
    self.number = number
  }

  /// Whether tokens of this arc are kept in the table.
  func isKept(_ position: Int) -> Bool {
    lookups[position] != nil || hub?.position == position
  }

  /// Whether tokens of an arc are kept from the moment they are put, not from when they are available.
  func isKeptAtOnce(_ position: Int) -> Bool { position >= counted.lowerBound }

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

/// The arcs of a transition whose tokens keys may find.
struct JoinArcs {
  let singles: [TransitionPlan.Single]
  let counted: [TransitionPlan.Counted]
  let inhibitors: [TransitionPlan.Inhibitor]
  /// Whether conditions wait for the case after all single arcs are bound.
  let hasConditionsOfCase: Bool

  init(
    _ singles: [TransitionPlan.Single], _ counted: [TransitionPlan.Counted],
    _ inhibitors: [TransitionPlan.Inhibitor], ofCase conditions: [TransitionPlan.Condition]
  ) {
    self.singles = singles
    self.counted = counted
    self.inhibitors = inhibitors
    hasConditionsOfCase = !conditions.isEmpty
  }

  var places: [PlacePlan] {
    singles.map(\.place) + counted.map(\.place) + inhibitors.map(\.place)
  }

  /// Those whose tokens are looked at once all single arcs are bound.
  fileprivate var tested: [TestedArc] {
    counted.map {
      TestedArc(
        slot: $0.slot, place: $0.place, condition: $0.condition, mayRaise: $0.computed != nil,
        isInhibitor: false)
    }
      + inhibitors.map {
        TestedArc(
          slot: $0.slot, place: $0.place, condition: $0.condition, mayRaise: false,
          isInhibitor: true)
      }
  }
}

/// A counted arc, or one of `unless`.
private struct TestedArc {
  let slot: Int
  let place: PlacePlan
  let condition: TransitionPlan.Condition?
  /// Whether something else than the condition may raise.
  let mayRaise: Bool
  let isInhibitor: Bool
}

/// What is known of such an arc from its condition.
private struct ArcTest {
  let lookup: JoinPlan.Lookup?
  let filters: [JoinPlan.Filter]
  /// Whether nothing that is evaluated for the arc can raise.
  let isCalm: Bool
  /// Whether a token that has the key is all that it takes to bar a binding.
  let isBarred: Bool

  init(_ arc: TestedArc, _ reach: Reach) {
    let isConditionCalm = arc.condition.map { reach.isCalm($0.program, arc) } ?? true
    isCalm = isConditionCalm && !arc.mayRaise
    guard arc.place.isShared, isConditionCalm, let program = arc.condition?.program else {
      (lookup, filters, isBarred) = (nil, [], false)
      return
    }
    var lookup = JoinPlan.Lookup()
    reach.add(program, before: reach.singles.count, to: &lookup) { $0 == arc.slot }
    let parts = program.syntax.joinEqualities
    filters = parts.residue.compactMap { JoinPlan.Filter($0, slot: arc.slot) }
    self.lookup = lookup.own.isEmpty && filters.isEmpty ? nil : lookup
    isBarred =
      arc.isInhibitor && filters.count == parts.residue.count
      && lookup.own.count == parts.equalities.count
  }
}

extension JoinPlan.Filter {
  /// Nil if the expression is no comparison of a field of the variable with a constant.
  fileprivate init?(_ expression: CheckedExpression, slot: Int) {
    guard let constant = expression.constantEquality, constant.path.slot == slot else { return nil }
    self.init(path: constant.path, key: constant.key)
  }
}

/// What is bound when, and what may raise on the way.
private struct Reach {
  let singles: [TransitionPlan.Single]
  let condition: TransitionPlan.Condition?
  let calm: Calm
  private let arcs: JoinArcs
  private let net: Net

  init(_ arcs: JoinArcs, _ condition: TransitionPlan.Condition?, _ net: Net) {
    singles = arcs.singles
    self.condition = condition
    self.arcs = arcs
    self.net = net
    calm = Calm(singles.map { ($0.slot, $0.place) }, net)
  }

  func isCalm(_ program: Program, _ arc: TestedArc) -> Bool {
    Calm(singles.map { ($0.slot, $0.place) } + [(arc.slot, arc.place)], net).holds(program)
  }

  /// What tokens must hold to be bound at a position, whatever is bound before.
  func filters(of position: Int) -> [JoinPlan.Filter] {
    decisive(at: position).flatMap { program in
      program.syntax.joinEqualities.residue
        .compactMap { JoinPlan.Filter($0, slot: singles[position].slot) }
    }
  }

  /// Conditions at a position beside which no other can raise: where one is false the token is refused.
  private func decisive(at position: Int) -> [Program] {
    let programs = singles[position].conditions.map(\.program)
    return programs.indices.filter { index in
      programs.indices.allSatisfy { $0 == index || isCalm(programs[$0]) }
    }.map { programs[$0] }
  }

  /// Which of the tested arcs bar a key by a token alone.
  func barring(_ tested: [ArcTest], _ hub: JoinPlan.Hub?) -> [Int] {
    guard let hub, !arcs.hasConditionsOfCase, isCalm(from: hub.position, to: singles.count - 1)
    else { return [] }
    let calm = tested.prefix(while: \.isCalm).count
    return tested.indices.filter { index in
      index < calm && tested[index].isBarred
        && hub.partners.contains(singles.count + index)
    }
  }

  func lookup(of position: Int) -> JoinPlan.Lookup? {
    var lookup = JoinPlan.Lookup()
    for program in decisive(at: position) {
      add(program, before: position, to: &lookup) { isOwn($0, position) }
    }
    let isCalmBehind = singles[position...].allSatisfy { arc in
      arc.conditions.allSatisfy { isCalm($0.program) }
    }
    if let condition, isCalmBehind {
      add(condition.program, before: position, to: &lookup) { isOwn($0, position) }
    }
    return lookup.own.isEmpty ? nil : lookup
  }

  /// Adds the equalities that tie an arc to what is bound before `position`.
  func add(
    _ program: Program, before position: Int, to lookup: inout JoinPlan.Lookup,
    isOwn: (_ slot: Int) -> Bool
  ) {
    for equality in program.syntax.joinEqualities.equalities {
      guard let left = equality.left.path, let right = equality.right.path else { continue }
      for (own, other) in [(left, right), (right, left)] {
        guard isOwn(own.slot), isBound(other.slot, before: position) else { continue }
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
    hub(lookups, of: singles.indices) ?? hub(lookups, of: lookups.indices)
  }

  /// - Parameter positions: of the arcs one of which must be found by the hub's key.
  private func hub(_ lookups: [JoinPlan.Lookup?], of positions: Range<Int>) -> JoinPlan.Hub? {
    for position in singles.indices where lookups[position] == nil {
      let paths = positions.dropFirst(position + 1).lazy
        .compactMap { lookups[$0]?.other }
        .first { other in !other.isEmpty && other.allSatisfy { isOwn($0.slot, position) } }
      guard let paths else { continue }
      let partners = lookups.indices.filter { lookups[$0]?.other == paths }
      let last = partners.last { $0 < singles.count } ?? position
      guard isCalm(from: position, to: last) else { continue }
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
