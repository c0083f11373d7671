import CEL
import PetriNet

/// What enabling is answered from, derived from the fold and from the values of what is live: in no
/// text of the state, and the same whether built at once after a fold or step by step.
struct EnablingIndex: Sendable {
  /// A transition of a version.
  struct Site: Hashable, Comparable, Sendable {
    let plan: DefinitionID
    let transition: Int

    static func < (left: Site, right: Site) -> Bool {
      left.plan == right.plan ? left.transition < right.transition : left.plan < right.plan
    }
  }

  struct WatchedPlace: Hashable, Sendable {
    let plan: DefinitionID
    let place: Int
  }

  struct LimitKey: Hashable, Sendable {
    let path: TransitionPath
    /// nil counts every firing, whatever its key.
    let per: Value?
  }

  /// A place with capacity; of a case place all versions of the workflow count together.
  struct RoomKey: Hashable, Sendable {
    let workflow: WorkflowName?
    let place: PlaceSymbol
  }

  struct Room: Sendable {
    var rest = 0
    var reserved = 0
  }

  struct GuardKey: Hashable, Sendable {
    let workflow: DefinitionID
    let prompt: String
    let models: [String]
  }

  var isOpen = false
  var limits = Limits.standard
  var plans = NumberTable<DefinitionID, VersionPlan>()
  /// By registration.
  var planOrder: [VersionPlan] = []
  var guards: [GuardKey: DefinitionID] = [:]
  var sharedPlaces = PlaceTable<SharedPlace>()
  var sitesByPath: [TransitionPath: [Site]] = [:]
  var producers: [RoomKey: [Site]] = [:]

  var due = DueQueue()
  var dueAfterPruning = 0
  /// By number of the plan.
  var joins = InPlaceArray<JoinTable>()
  var sharedTokens = PlaceTable<SharedTokens>()
  /// By shared place.
  var lookers = PlaceTable<Lookers>()
  /// Shared places that are to be kept in order from the next change on.
  var wantedOrders: [PlaceSymbol] = []
  var watched: [WatchedPlace: OrderedTokens] = [:]
  /// Of `limited` transitions: firings in flight of all versions, altogether and by key.
  var inFlight: [LimitKey: Int] = [:]
  /// Transitions that have a limit in some version.
  var limited: Set<TransitionPath> = []
  var rooms: [RoomKey: Room] = [:]
  /// How many live tokens of a shared place have a value of its `key`.
  var keys = PlaceTable<[Value: Int]>()
  /// How many values of a `key` several tokens have: a version may have brought the `key` later.
  var repeatedKeys = 0
  var openIncidents: [TransitionPath: Int] = [:]
  /// Incidents that end when a token leaves.
  var asideTokens: [TokenID: [IncidentID]] = [:]
  /// Tokens that stand in a list which was set aside for good: without one of them it is another list.
  var ignoredTokens: [TokenID: [Site]] = [:]
  var offersByToken: [TokenID: [TaskID]] = [:]
  /// Offers of a token by transition.
  var offered: [Site: Set<TokenID>] = [:]
  var openCases = NumberTable<DefinitionID, Int>()
  var watches = Watches()

  // What is to be looked at again.
  var touched = CaseList()
  var dirty = CaseList()
  var offerCases = CaseList()
  var contests = Contests()
  var offerSites: Set<Site> = []
  var suspects: Set<TaskID> = []
  var gone: [IncidentID] = []
  var halts: [TransitionPath] = []
}

extension EnablingIndex {
  mutating func touch(_ caseID: CaseID) {
    touched.insert(caseID)
    dirty.insert(caseID)
    offerCases.insert(caseID)
  }

  mutating func contest(_ site: Site, _ transition: TransitionPlan, _ caseID: CaseID) {
    if transition.isTask { return }
    if transition.join?.isContestedAnywhere == true {
      contests.addAnywhere(site)
    } else {
      contests.add(caseID, to: site)
    }
  }

  mutating func contest(_ site: Site, _ transition: TransitionPlan, token: TokenID) {
    if transition.isTask {
      offerSites.insert(site)
    } else if transition.join?.isContestedAnywhere == true {
      contests.addAnywhere(site)
    } else {
      contests.add(token, to: site)
    }
  }

  mutating func contestAnywhere(_ site: Site) {
    guard let plan = plans[site.plan] else { return }
    if plan.transitions[site.transition].isTask {
      offerSites.insert(site)
    } else {
      contests.addAnywhere(site)
    }
  }

  mutating func freed(_ room: RoomKey) {
    for site in producers[room] ?? [] { contestAnywhere(site) }
  }

  mutating func install(_ plan: VersionPlan) {
    plans[plan.id] = plan
    planOrder.append(plan)
    planOrder.sort { $0.id < $1.id }
    for (place, described) in zip(plan.places, plan.net.places) where place.isShared {
      sharedPlaces[place.symbol] = SharedPlace(described)
      lookers[place.symbol] = Lookers(place.symbol, planOrder)
      let known = sharedTokens[place.symbol]
      if known?.terms == described.order { continue }
      if known?.order != nil { wantedOrders.append(place.symbol) }
      sharedTokens[place.symbol] = SharedTokens(described.order, count: known?.count ?? 0)
    }
    for place in plan.transitions.lazy.flatMap(\.scannedPlaces) {
      if sharedTokens[place]?.order == nil { wantedOrders.append(place) }
    }
    for place in plan.places where plan.isWatched[place.index] && !place.isShared {
      watched[WatchedPlace(plan: plan.id, place: place.index)] = OrderedTokens()
    }
    for transition in plan.transitions {
      guard let join = transition.join else { continue }
      precondition(join.number == joins.count, "tables of joins are numbered in order")
      joins.append(
        JoinTable(
          join, transition.keyedPlaces,
          orders: transition.keyedPlaces.map { plan.net.places[$0.index].order }))
    }
    for transition in plan.transitions where transition.isCoupled {
      let site = Site(plan: plan.id, transition: transition.index)
      let path = TransitionPath(workflow: plan.name, transition: transition.transition.name)
      sitesByPath[path, default: []].append(site)
      if transition.transition.limit != nil { limited.insert(path) }
      for put in transition.transition.work.outputs.flatMap(\.puts) {
        let place = plan.places[put.place]
        guard place.capacity != nil else { continue }
        let room = plan.room(of: place)
        if producers[room]?.contains(site) != true { producers[room, default: []].append(site) }
      }
    }
  }

  func site(_ plan: VersionPlan, _ transition: TransitionPlan) -> Site {
    Site(plan: plan.id, transition: transition.index)
  }
}

extension VersionPlan {
  func room(of place: PlacePlan) -> EnablingIndex.RoomKey {
    .init(workflow: place.isShared ? nil : name, place: place.symbol)
  }

  func path(of transition: TransitionPlan) -> TransitionPath {
    TransitionPath(workflow: name, transition: transition.transition.name)
  }
}
