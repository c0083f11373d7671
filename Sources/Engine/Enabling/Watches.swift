import PetriNet

/// The invariants that are watched, derived like the rest of the index.
struct Watches: Sendable {
  /// By version, those about each case.
  var ofCases: [DefinitionID: [Watch]] = [:]
  /// Of current versions, those about the whole net.
  var ofNets: [Watch] = []

  /// Whether something about a whole net is to be looked at again.
  var hasChanged: Bool { !ofNets.isEmpty && ofNets.contains(where: \.hasChanged) }
}

extension State {
  /// Has the watches of current versions count everything anew.
  mutating func recountWatches() {
    let earlier = index.watches.ofNets
    index.watches.ofNets = []
    for plan in index.planOrder {
      let watches = plan.net.invariants.compactMap { Watch($0, plan) }
      let ofCases = watches.filter(\.isOfCase)
      if !ofCases.isEmpty, index.watches.ofCases[plan.id] == nil {
        index.watches.ofCases[plan.id] = ofCases
      }
      if current[plan.name] == plan.id {
        index.watches.ofNets += watches.filter { !$0.isOfCase }
      }
    }
    guard !index.watches.ofNets.isEmpty else { return }
    for position in index.watches.ofNets.indices {
      index.watches.ofNets[position].inherit(earlier)
      for id in cases.keys.sorted() {
        for token in cases[id]?.marking.tokens ?? [] {
          index.watches.ofNets[position].count(token, 1)
        }
      }
      for id in shared.keys.sorted() {
        if let token = shared[id] { index.watches.ofNets[position].count(token, 1) }
      }
      for id in firings.keys.sorted() { count(id, at: position) }
    }
  }

  /// What is broken when the state is opened was told before.
  mutating func openWatches() {
    recountWatches()
    for position in index.watches.ofNets.indices {
      _ = index.watches.ofNets[position].breaches()
    }
    guard !index.watches.ofCases.isEmpty else { return }
    for id in cases.keys.sorted() { _ = breaches(of: id) }
  }

  mutating func watch(_ change: Change) {
    for position in index.watches.ofNets.indices {
      switch change {
      case .put(let id, _, let caseID, _):
        if let token = token(id, of: caseID) { index.watches.ofNets[position].count(token, 1) }
      case .left(let token, _, _), .leftShared(let token, _):
        index.watches.ofNets[position].count(token, -1)
      case .began(let id), .letGo(let id): count(id, at: position)
      case .ended(let firing): index.watches.ofNets[position].count(firing.id, nil)
      case .moved(let firing): count(firing.id, at: position)
      default: break
      }
    }
  }

  private mutating func count(_ id: FiringID, at position: Int) {
    let name = index.watches.ofNets[position].plan.name
    let firing = firings[id].flatMap { workflowName($0.workflow) == name ? $0 : nil }
    index.watches.ofNets[position].count(id, firing)
  }

  /// What broke in a case since the last look.
  mutating func breaches(of caseID: CaseID) -> [Draft] {
    guard let found = cases[caseID] else {
      for version in index.watches.ofCases.keys.sorted() {
        for position in index.watches.ofCases[version, default: []].indices {
          index.watches.ofCases[version]?[position].brokenCases.remove(caseID)
        }
      }
      return []
    }
    let flying = found.firings.compactMap { firings[$0] }
    var drafts: [Draft] = []
    for position in index.watches.ofCases[found.workflow, default: []].indices {
      guard let code = index.watches.ofCases[found.workflow]?[position].breach(found, flying),
        let name = index.watches.ofCases[found.workflow]?[position].name
      else { continue }
      let event = IncidentRaised(code: code, position: "/invariants/\(name)")
      drafts.append(Draft(caseID, .incidentRaised(event)))
    }
    return drafts
  }

  /// What broke in whole nets since the last look.
  mutating func breachesOfNets() -> [Draft] {
    var drafts: [Draft] = []
    for position in index.watches.ofNets.indices where index.watches.ofNets[position].hasChanged {
      let watch = index.watches.ofNets[position]
      for code in index.watches.ofNets[position].breaches() {
        let event = IncidentRaised(
          code: code, position: "/invariants/\(watch.name)", workflow: watch.plan.id)
        drafts.append(Draft(nil, .incidentRaised(event)))
      }
    }
    return drafts
  }
}
