import PetriNet

/// A binding with a token for every single arc, whatever conditions say of it.
struct WholeBinding {
  /// Where its case lies; nil if it is of none.
  let found: Int?
}

/// Which binding an expression that raises belongs to.
///
/// What raises is set aside in the case of the first binding, in the order in which bindings are
/// compared, that holds what is bound so far and one token for every single arc still to come,
/// whatever conditions say of these. If there is none, the expression is not reached and nothing is
/// set aside. A transition that binds a case so has no incident without one. Where only counted arcs
/// take tokens of a case, the case has part if it holds one in the place of the first of them that
/// takes at least one; if no single arc binds the case, such cases follow each other by their numbers.
extension State {
  /// The first binding that holds what is bound; nil if there is none.
  ///
  /// - Complexity: that of trying all tokens of the arcs still to bind; asked only after a raise.
  func firstWhole(_ partial: PartialBinding) -> WholeBinding? {
    let position = partial.bound.count
    guard position < partial.transition.singles.count else { return firstCase(partial) }
    let arc = partial.transition.singles[position]
    if let pin = partial.pin, pin.position == position {
      return firstWhole(partial, with: pin.token, arc, partial.found)
    }
    if arc.place.isShared || partial.found != nil {
      for token in tokensAtRest(in: arc.place, partial.found, partial.plan) {
        if let whole = firstWhole(partial, with: token, arc, partial.found) { return whole }
      }
      return nil
    }
    let place = EnablingIndex.WatchedPlace(plan: partial.plan.id, place: arc.place.index)
    for entry in index.watched[place] ?? OrderedTokens() {
      guard let caseID = entry.caseID else { continue }
      let found = cases.position(of: caseID)
      guard found >= 0, let token = cases[at: found]?.marking[entry.id],
        let whole = firstWhole(partial, with: token, arc, found)
      else { continue }
      return whole
    }
    return nil
  }

  private func firstWhole(
    _ partial: PartialBinding, with token: Token, _ arc: TransitionPlan.Single, _ found: Int?
  ) -> WholeBinding? {
    guard isFree(token, arc, partial), found.map({ hasPart($0, in: partial.transition) }) ?? true
    else { return nil }
    var partial = partial
    partial.found = found
    partial.bound.append(token)
    return isAside(partial, with: nil) ? nil : firstWhole(partial)
  }

  /// The case of a binding whose single arcs are bound.
  private func firstCase(_ partial: PartialBinding) -> WholeBinding? {
    guard partial.found == nil, partial.transition.bindsCase else {
      return WholeBinding(found: partial.found)
    }
    for found in casesOfLists(partial) {
      var partial = partial
      partial.found = found
      if !isAside(partial, with: nil) { return WholeBinding(found: found) }
    }
    return nil
  }

  /// Whether a case has part in a transition: its steps do not rest, and it holds a token that the
  /// transition may take.
  func hasPart(_ found: Int, in transition: TransitionPlan) -> Bool {
    if transition.isStep, cases[at: found]?.restedBy != nil { return false }
    guard transition.takesLists else { return true }
    return tokens(at: found).contains { $0.place == transition.trigger.symbol }
  }

  /// Where the cases lie that only counted arcs bind, by their numbers.
  func casesOfLists(_ partial: PartialBinding) -> [Int] {
    let place = EnablingIndex.WatchedPlace(
      plan: partial.plan.id, place: partial.transition.trigger.index)
    var caseIDs: Set<CaseID> = []
    for entry in index.watched[place] ?? OrderedTokens() {
      if let caseID = entry.caseID { caseIDs.insert(caseID) }
    }
    return caseIDs.sorted().map { cases.position(of: $0) }
      .filter { $0 >= 0 && hasPart($0, in: partial.transition) }
  }
}

extension Raised {
  /// The same in a case.
  func of(_ caseID: CaseID?) -> Raised {
    Raised(
      caseID: caseID, plan: plan, transition: transition, tokens: tokens, failure: failure,
      first: first)
  }
}
