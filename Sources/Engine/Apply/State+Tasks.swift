import PetriNet

extension State {
  mutating func apply(_ event: TaskOffered, _ row: LoggedEvent) {
    let id = TaskID(row.seq)
    offers[id] = Offer(
      id: id, caseID: row.caseID, workflow: version(of: row.caseID, or: event.workflow),
      transition: transitions.intern(event.transition), offered: row.at, token: event.token,
      read: event.read, due: event.due, group: event.group, notBy: event.notBy)
    if let caseID = row.caseID { cases[caseID]?.offers.append(id) }
    note(.offered(id))
  }

  mutating func removeOffer(_ id: TaskID) {
    guard let offer = offers.removeValue(forKey: id) else {
      preconditionFailure("an offer that leaves was made")
    }
    if let caseID = offer.caseID, let index = cases[caseID]?.offers.firstIndex(of: id) {
      cases[caseID]?.offers.remove(at: index)
    }
    note(.offerLeft(offer))
  }

  mutating func apply(_ event: IncidentRaised, _ row: LoggedEvent) {
    let id = IncidentID(row.seq)
    let workflow = event.workflow ?? row.caseID.flatMap { cases[$0]?.workflow }
    let incident = Incident(
      id: id, caseID: row.caseID, code: event.code, position: event.position,
      transition: event.transition, workflow: workflow, binding: event.binding,
      firing: event.firing)
    incidents[id] = incident
    if let caseID = row.caseID {
      cases[caseID]?.incidents.append(id)
      if event.code == IncidentRaised.runaway { cases[caseID]?.restedBy = id }
    }
    if let binding = event.binding, let transition = event.transition, let workflow {
      let aside = Aside(
        incident: id, workflow: workflow, transition: transitions.intern(transition),
        tokens: binding.sorted())
      if let caseID = row.caseID {
        cases[caseID]?.asides.append(aside)
      } else {
        sharedAsides.append(aside)
      }
    }
    note(.incident(incident, isOpen: true))
  }

  mutating func apply(_ event: IncidentResolved) {
    guard let incident = incidents.removeValue(forKey: event.incident) else {
      preconditionFailure("an incident that is resolved is open")
    }
    let lifts = event.how == .retried || event.how == .gone
    if let caseID = incident.caseID {
      cases[caseID]?.incidents.removeAll { $0 == incident.id }
      if lifts { cases[caseID]?.asides.removeAll { $0.incident == incident.id } }
      if cases[caseID]?.restedBy == incident.id, lifts {
        cases[caseID]?.restedBy = nil
        cases[caseID]?.steps = 0
      }
    }
    if lifts { sharedAsides.removeAll { $0.incident == incident.id } }
    note(.incident(incident, isOpen: false))
  }

  mutating func setPause(_ event: Paused, to isPaused: Bool) {
    if let endpoint = event.endpoint {
      if isPaused { pausedEndpoints.insert(endpoint) } else { pausedEndpoints.remove(endpoint) }
    } else if let name = event.name, let transition = event.transition {
      let path = TransitionPath(workflow: name, transition: transition)
      if isPaused { pausedTransitions.insert(path) } else { pausedTransitions.remove(path) }
      if isPaused && event.code == Paused.incidents {
        halted.insert(path)
      } else {
        halted.remove(path)
      }
    } else if let name = event.name {
      if isPaused { pausedWorkflows.insert(name) } else { pausedWorkflows.remove(name) }
    }
    note(.everything)
  }
}

extension IncidentRaised {
  package static let runaway = "runaway"
}

extension Paused {
  /// The code of a halt by too many open incidents.
  package static let incidents = "incidents"
}
