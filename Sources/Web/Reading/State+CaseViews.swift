import Engine
import PetriNet

extension State {
  func openCaseView(_ id: CaseID) -> OpenCaseView? {
    guard let open = cases[id], let net = net(of: open.workflow) else { return nil }
    let flying = open.firings.compactMap { firings[$0] }
    let held = flying.flatMap { firing in
      firing.held.compactMap { view($0, id, heldBy: firing.id) }
    }
    let letGo = firings.values.filter { $0.caseID == id && $0.isLetGo }.sorted { $0.id < $1.id }
    return OpenCaseView(
      id: id, workflow: net.name, version: definitions[open.workflow]?.hash ?? [],
      input: open.inputValue, inputColour: net.caseRules.input ?? .unit,
      tokens: open.marking.tokens.compactMap { view($0, id, heldBy: nil) } + held,
      inFlight: (flying + letGo).map { firingView($0) }, tasks: open.offers,
      incidents: open.incidents)
  }

  private func firingView(_ firing: Firing) -> FiringView {
    var view = FiringView(
      id: firing.id, transition: transitionName(firing.transition), kind: "",
      isLetGo: firing.isLetGo)
    switch firing.kind {
    case .judge: view.kind = "judge"
    case .action:
      view.kind = "action"
      view.attempt = firing.attempt
    case .call: view.kind = "call"
    case .task: view.kind = "task"
    }
    switch (firing.kind, firing.phase) {
    case (.judge, .running), (.action, .running): view.deadline = firing.deadline
    default: break
    }
    return view
  }

  /// Offers in the order they were made; what is shown is computed only for those that fit.
  func taskViews(_ filter: TaskFilter, after: TaskID?, limit: Int) -> [TaskView] {
    var views: [TaskView] = []
    for id in offers.keys.filter({ id in after.map { id > $0 } ?? true }).sorted() {
      guard views.count < limit else { break }
      guard let offer = offers[id], let bare = bareView(offer), filter.admits(bare) else {
        continue
      }
      views.append(taskView(offer) ?? bare)
    }
    return views
  }

  func taskView(_ offer: Offer) -> TaskView? {
    guard var view = bareView(offer) else { return nil }
    if let shown = shown(offer.id) {
      view.title = shown.title
      view.shown = shown.values?.map { TaskView.Shown(name: $0.name, value: $0.value) }
    }
    return view
  }

  /// An offer under the name of its transition, before any expression is evaluated.
  private func bareView(_ offer: Offer) -> TaskView? {
    let name = transitionName(offer.transition)
    guard let net = net(of: offer.workflow),
      let transition = net.transitions.first(where: { $0.name == name }),
      case .task(let work) = transition.work
    else { return nil }
    return TaskView(
      id: offer.id, workflow: net.name, transition: name, caseID: offer.caseID,
      token: offer.token, title: name.text, shown: nil,
      outcomes: work.routes.map { route in
        TaskView.Outcome(
          name: route.outcome,
          form: work.forms.first { $0.outcome.utf8.elementsEqual(route.outcome.utf8) }?.colour)
      },
      group: offer.group, due: offer.due, notBy: offer.notBy ?? [], holder: offer.holder,
      until: offer.until)
  }

  func incidentView(_ incident: Incident) -> IncidentView {
    let version =
      incident.workflow ?? incident.caseID.flatMap { cases[$0]?.workflow }
      ?? incident.firing.flatMap { firings[$0]?.workflow }
    var view = IncidentView(
      id: incident.id, code: incident.code, workflow: version.map { workflowName($0) },
      transition: incident.transition, caseID: incident.caseID, firing: incident.firing,
      binding: incident.binding ?? [], position: incident.position)
    if let firing = incident.firing.flatMap({ firings[$0] }), let net = net(of: firing.workflow) {
      let name = transitionName(firing.transition)
      view.transition = name
      let transition = net.transitions.first { $0.name == name }
      view.outcomes = transition?.work.outcomeNames ?? []
    }
    return view
  }
}

extension Work {
  /// Of the kinds that have a firing in flight.
  fileprivate var outcomeNames: [String] {
    switch self {
    case .plain, .choose: []
    case .judge(let work): work.routes.map(\.outcome)
    case .action(let work): work.routes.map(\.outcome)
    case .task(let work): work.routes.map(\.outcome)
    case .call(let work): work.routes.map(\.outcome)
    }
  }
}
