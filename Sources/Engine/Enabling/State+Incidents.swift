import PetriNet

extension State {
  mutating func absorb(_ incident: Incident, isOpen: Bool) {
    for token in incident.binding ?? [] {
      if isOpen {
        index.asideTokens[token, default: []].append(incident.id)
      } else {
        index.asideTokens[token]?.removeAll { $0 == incident.id }
        if index.asideTokens[token]?.isEmpty == true { index.asideTokens[token] = nil }
      }
    }
    touch(incident.caseID)
    if !isOpen { for aside in asides(of: incident) { heed(aside) } }
    if !isOpen, incident.code == IncidentRaised.runaway, let caseID = incident.caseID {
      contestAll(of: caseID)
    }
    guard let workflow = incident.workflow, let transition = incident.transition else { return }
    let path = TransitionPath(workflow: workflowName(workflow), transition: transition)
    index.openIncidents[path, default: 0] += isOpen ? 1 : -1
    index.halts.append(path)
    for site in index.sitesByPath[path] ?? [] { index.contestAnywhere(site) }
  }

  /// What stays set aside although its incident is closed.
  private func asides(of incident: Incident) -> [Aside] {
    let all = incident.caseID.map { cases[$0]?.asides ?? [] } ?? sharedAsides
    return all.filter { $0.incident == incident.id }
  }

  /// Has the transition looked at again once a token leaves with which a list was set aside for good.
  mutating func heed(_ aside: Aside) {
    guard let plan = index.plans[aside.workflow],
      let transition = plan.transition(aside.transition),
      !transition.counted.isEmpty
    else { return }
    for token in aside.tokens {
      index.ignoredTokens[token, default: []].append(index.site(plan, transition))
    }
  }

  /// A case no longer rests: all its transitions are looked at again.
  private mutating func contestAll(of caseID: CaseID) {
    guard let version = cases[caseID]?.workflow, let plan = index.plans[version] else { return }
    for transition in plan.transitions where transition.isCoupled && transition.bindsCase {
      index.contest(index.site(plan, transition), transition, caseID)
    }
  }
}
