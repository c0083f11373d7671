import Engine
import PetriNet

extension State {
  /// The current version of a workflow.
  func workflow(_ name: WorkflowName) -> WorkflowView? {
    current[name].flatMap { definitions[$0] }.flatMap { version($0) }
  }

  /// A version whose net is at hand.
  func version(_ definition: Definition) -> WorkflowView? {
    guard let net = net(of: definition.id) else { return nil }
    return WorkflowView(
      net: net, definition: definition.id, hash: definition.hash,
      isCurrent: current[net.name] == definition.id,
      isPaused: pausedWorkflows.contains(net.name),
      pausedTransitions: pausedTransitions.union(halted).filter { $0.workflow == net.name }
        .map(\.transition).sorted(),
      openCases: openCases(of: net.name))
  }

  /// Under whatever version they run.
  private func openCases(of name: WorkflowName) -> Int {
    definitions.values.reduce(0) { sum, definition in
      let isVersion =
        definition.kind == .workflow && definition.name.utf8.elementsEqual(name.text.utf8)
      return isVersion ? sum + openCases(of: definition.id) : sum
    }
  }

  /// Counts over all open cases of all versions of a workflow, and its shared places.
  ///
  /// - Complexity: O(tokens + firings + offers) of the whole state.
  func markingView(of name: WorkflowName) -> MarkingView? {
    guard let version = current[name], let net = net(of: version) else { return nil }
    var byPlace: [PlaceSymbol: Int] = [:]
    for open in cases.values where workflowName(open.workflow) == name {
      for token in open.marking.tokens { byPlace[token.place, default: 0] += 1 }
    }
    for token in shared.values { byPlace[token.place, default: 0] += 1 }
    var flying: [TransitionSymbol: Int] = [:]
    for firing in firings.values where workflowName(firing.workflow) == name {
      flying[firing.transition, default: 0] += 1
    }
    var offered: [TransitionSymbol: Int] = [:]
    for offer in offers.values where workflowName(offer.workflow) == name {
      offered[offer.transition, default: 0] += 1
    }
    func counts(_ counts: [TransitionSymbol: Int]) -> [MarkingView.Count] {
      counts.map { MarkingView.Count(name: transitionName($0.key).text, count: $0.value) }
        .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
    return MarkingView(
      seq: lastSeq,
      places: net.places.map { place in
        let symbol = places.find(place.name)
        return MarkingView.Count(
          name: place.title, count: symbol.flatMap { byPlace[$0] } ?? 0)
      }, inFlight: counts(flying), tasks: counts(offered))
  }

  /// Tokens of a place in its order, then those that firings in flight hold; behind `after`.
  func tokenViews(
    in title: String, of name: WorkflowName, after: TokenID?, limit: Int
  ) -> [TokenView]? {
    guard let version = current[name], let net = net(of: version),
      let place = net.places.first(where: { $0.title.utf8.elementsEqual(title.utf8) }),
      let symbol = places.find(place.name), let resting = tokens(at: place.name, of: version)
    else { return nil }
    let all =
      resting.map { view($0.token, in: place, $0.caseID) }
      + firings.values.sorted { $0.id < $1.id }.flatMap { firing in
        firing.held.filter { $0.place == symbol && belongs(firing, to: name, place) }
          .map { view($0, in: place, firing.caseID, heldBy: firing.id) }
      }
    guard let after else { return Array(all.prefix(limit)) }
    // What the last page ended with may be gone; then the list goes on behind what arrived before.
    if let index = all.firstIndex(where: { $0.id == after }) {
      return Array(all.dropFirst(index + 1).prefix(limit))
    }
    return Array(all.filter { $0.id > after }.prefix(limit))
  }

  private func belongs(_ firing: Firing, to name: WorkflowName, _ place: Place) -> Bool {
    !place.isOfCase || workflowName(firing.workflow) == name
  }

  /// A token wherever it is.
  func tokenView(_ id: TokenID) -> TokenView? {
    if let token = shared[id] { return view(token, nil, heldBy: nil) }
    for (caseID, open) in cases {
      if let token = open.marking[id] { return view(token, caseID, heldBy: nil) }
    }
    for firing in firings.values {
      if let token = firing.held.first(where: { $0.id == id }) {
        return view(token, firing.caseID, heldBy: firing.id)
      }
    }
    return nil
  }

  /// A token with the place as a version that knows it spells it.
  func view(_ token: Token, _ caseID: CaseID?, heldBy firing: FiringID?) -> TokenView? {
    let name = placeName(token.place)
    let versions = caseID.flatMap { cases[$0]?.workflow }.map { [$0] } ?? current.values.sorted()
    for version in versions {
      if let place = net(of: version)?.places.first(where: { $0.name == name }) {
        return view(token, in: place, place.isOfCase ? caseID : nil, heldBy: firing)
      }
    }
    return nil
  }

  private func view(
    _ token: Token, in place: Place, _ caseID: CaseID?, heldBy firing: FiringID? = nil
  ) -> TokenView {
    TokenView(
      id: token.id, place: place.title, colour: place.colour, value: token.value, caseID: caseID,
      ready: token.available, heldBy: firing)
  }
}
