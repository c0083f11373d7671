import CEL
import PetriNet

extension State {
  /// Brings the index up to date with what `apply` changed.
  ///
  /// Steps without a search (`goStraight`, `goMatched`) note no changes: they may be taken only where
  /// nothing but their own places and tables would have to hear of them.
  mutating func absorb() {
    // Absorbing notes nothing, so that the buffer can be kept.
    for position in changes.indices { absorb(changes[position]) }
    changes.removeAll(keepingCapacity: changes.count < 1_024)
    if !index.wantedOrders.isEmpty {
      for place in index.wantedOrders { keepOrder(of: place) }
      index.wantedOrders = []
    }
  }

  private mutating func absorb(_ change: Change) {
    if !index.watches.ofNets.isEmpty { watch(change) }
    switch change {
    case .put(let id, let place, nil, let isNew): putShared(id, place, isNew: isNew)
    case .put(let id, let place, let caseID?, _): put(id, place, caseID)
    case .left(let token, let caseID, let version): left(token, caseID, version)
    case .leftShared(let token, let slot): leftShared(token, slot)
    case .waits(let id, let caseID):
      if let token = token(id, of: caseID) { awaitReadiness(of: token, caseID) }
    case .gone(let token): gone(token)
    case .began(let id): began(id)
    case .ended(let firing): ended(firing)
    case .letGo(let id):
      if let firing = firings[id] {
        reserve(for: firing.workflow, firing.transition, -1)
        touch(firing.caseID)
      }
    case .retried(let id): retried(id)
    case .offered(let id): offered(id)
    case .offerLeft(let offer): left(offer)
    case .caseOpened(let id):
      if let version = cases[id]?.workflow { index.openCases[version, default: 0] += 1 }
      index.touch(id)
    case .caseClosed(let version): index.openCases[version, default: 0] -= 1
    case .migrated(let old, let new):
      index.openCases[old, default: 0] -= 1
      index.openCases[new, default: 0] += 1
    case .moved(let firing): moved(firing)
    case .incident(let incident, let isOpen): absorb(incident, isOpen: isOpen)
    case .scheduled(let key): awaitSchedule(key)
    case .everything: lookAtEverything()
    }
  }

  mutating func touch(_ caseID: CaseID?) {
    if let caseID { index.touch(caseID) }
  }

  private mutating func lookAtEverything() {
    for id in cases.keys.sorted() { index.touch(id) }
    for plan in index.planOrder {
      for transition in plan.transitions where transition.isCoupled {
        index.contestAnywhere(index.site(plan, transition))
      }
    }
    index.suspects.formUnion(offers.keys)
    recountWatches()
  }
}

// MARK: Tokens

extension State {
  private mutating func put(_ id: TokenID, _ place: PlaceSymbol, _ caseID: CaseID) {
    index.touch(caseID)
    let position = cases.position(of: caseID)
    guard position >= 0, let version = cases[at: position]?.workflow,
      let plan = index.plans[version], let token = cases[at: position]?.marking[id],
      let number = plan.index(of: place)
    else { return }
    awaitReadiness(of: token, caseID)
    for wait in plan.constantWaits[number] { awaitReadiness(of: token, caseID, wait) }
    if plan.places[number].capacity != nil {
      index.rooms[plan.room(of: plan.places[number]), default: .init()].rest += 1
    }
    if plan.isWatched[number] {
      let entry = OrderedToken(token, of: caseID, plan.net.places[number].order)
      index.watched[.init(plan: plan.id, place: number)]?.insert(entry)
    }
    if token.available <= lastAt { join(token, ofCase: caseID, plan, number) }
    for transition in plan.coupled[number] {
      index.contest(index.site(plan, transition), transition, caseID)
    }
  }

  private mutating func left(_ token: Token, _ caseID: CaseID, _ version: DefinitionID) {
    index.touch(caseID)
    leaveOffersAndAsides(token)
    guard let plan = index.plans[version], let number = plan.index(of: token.place) else { return }
    if plan.places[number].capacity != nil {
      let room = plan.room(of: plan.places[number])
      index.rooms[room]?.rest -= 1
      index.freed(room)
    }
    if plan.isWatched[number] {
      let entry = OrderedToken(token, of: caseID, plan.net.places[number].order)
      index.watched[.init(plan: plan.id, place: number)]?.remove(entry)
    }
    for (join, position) in plan.joinArcs[number] {
      index.joins[join.number].remove(token, of: caseID, at: position, slot: -1)
    }
    for transition in plan.coupled[number] where transition.heedsLeaving(of: token.place) {
      index.contest(index.site(plan, transition), transition, caseID)
    }
  }

  private mutating func putShared(_ id: TokenID, _ place: PlaceSymbol, isNew: Bool) {
    let position = shared.position(of: id)
    guard position >= 0, let token = shared[at: position],
      let described = index.sharedPlaces[place], let lookers = index.lookers[place]
    else { return }
    rest(token, lookers, slot: Int32(position))
    if isNew { countKey(of: token, described, 1) }
    if let keep = described.keepMicroseconds {
      index.due.insert(.message(id), at: token.available.advanced(by: keep))
    }
    if described.capacity != nil {
      index.rooms[.init(workflow: nil, place: place), default: .init()].rest += 1
    }
    for looker in lookers.coupled where looker.transition.isTask && looker.isInhibited {
      for offer in offers.values where offer.transition == looker.transition.symbol {
        index.suspects.insert(offer.id)
      }
    }
  }

  /// Lets the arcs that look at a shared place find a token there, now or when it is available.
  mutating func rest(
    _ token: Token, _ lookers: EnablingIndex.Lookers, slot: Int32
  ) {
    index.sharedTokens[token.place]?.insert(token, slot: slot)
    awaitReadiness(of: token, nil)
    for wait in lookers.waits { awaitReadiness(of: token, nil, wait) }
    join(token, lookers, slot: slot, isAvailable: token.available <= lastAt)
    for looker in lookers.coupled {
      if looker.mayRaise {
        index.contestAnywhere(looker.site)
      } else if looker.takes {
        index.contest(looker.site, looker.transition, token: token.id)
      }
    }
  }

  private mutating func leftShared(_ token: Token, _ slot: Int32) {
    leaveOffersAndAsides(token)
    guard let described = index.sharedPlaces[token.place],
      let lookers = index.lookers[token.place]
    else { return }
    index.sharedTokens[token.place]?.remove(token, slot: slot)
    if described.capacity != nil {
      let room = EnablingIndex.RoomKey(workflow: nil, place: token.place)
      index.rooms[room]?.rest -= 1
      index.freed(room)
    }
    for join in lookers.joins {
      index.joins[join.table].remove(token, of: nil, at: join.position, slot: slot)
    }
    for looker in lookers.coupled where looker.heedsLeaving { index.contestAnywhere(looker.site) }
  }

  private mutating func leaveOffersAndAsides(_ token: Token) {
    if !index.ignoredTokens.isEmpty, let sites = index.ignoredTokens.removeValue(forKey: token.id) {
      for site in sites { index.contestAnywhere(site) }
    }
    if !index.asideTokens.isEmpty, let incidents = index.asideTokens[token.id] {
      index.gone += incidents
    }
    if !index.offersByToken.isEmpty, let tasks = index.offersByToken[token.id] {
      index.suspects.formUnion(tasks)
    }
  }

  private mutating func gone(_ token: Token) {
    // A version may have come, and set it aside, while a firing held it.
    if !index.asideTokens.isEmpty, let incidents = index.asideTokens[token.id] {
      index.gone += incidents
    }
    guard isShared(token.place), let described = index.sharedPlaces[token.place] else { return }
    countKey(of: token, described, -1)
  }

  mutating func countKey(
    of token: Token, _ place: EnablingIndex.SharedPlace, _ change: Int
  ) {
    guard let field = place.key, case .record(let record) = token.value else { return }
    let key = record.fields[field]
    let before = index.keys[token.place]?[key] ?? 0
    let count = before + change
    index.keys[token.place, default: [:]][key] = count == 0 ? nil : count
    if count > 1, before <= 1 { index.repeatedKeys += 1 }
    if count <= 1, before > 1 { index.repeatedKeys -= 1 }
  }

  /// Tokens at rest when a version comes are waited for on its arcs too.
  mutating func awaitReadiness(under plan: VersionPlan) {
    for token in shared.values {
      guard let number = plan.index(of: token.place) else { continue }
      for wait in plan.constantWaits[number] { awaitReadiness(of: token, nil, wait) }
    }
  }

  /// Has the clock look at the token again when it becomes available, or ready for arcs whose wait
  /// it carries.
  private mutating func awaitReadiness(of token: Token, _ caseID: CaseID?) {
    if token.available > lastAt { index.due.insert(.token(token.id, caseID), at: token.available) }
    for wait in token.waits where wait.ready > lastAt {
      index.due.insert(.token(token.id, caseID), at: wait.ready)
    }
  }

  private mutating func awaitReadiness(
    of token: Token, _ caseID: CaseID?, _ wait: TransitionPlan.Wait
  ) {
    guard let ready = token.ready(wait), ready > lastAt else { return }
    index.due.insert(.token(token.id, caseID), at: ready)
  }
}

extension TransitionPlan {
  func takesOrReads(_ place: PlaceSymbol) -> Bool {
    singles.contains { $0.place.symbol == place } || counted.contains { $0.place.symbol == place }
  }

  func isInhibited(by place: PlaceSymbol) -> Bool {
    inhibitors.contains { $0.place.symbol == place }
  }

  /// Whether a token that comes to a place of `unless` may have a binding raise that does not hold it.
  func mayRaise(at place: PlaceSymbol) -> Bool {
    inhibitors.contains { $0.place.symbol == place && $0.mayRaise }
  }

  /// Whether a token that leaves a place may enable the transition, or have it raise.
  func heedsLeaving(of place: PlaceSymbol) -> Bool {
    isInhibited(by: place) || counted.contains { $0.place.symbol == place && $0.heedsLeaving }
  }
}

extension Token {
  /// When the token is ready on an arc; nil if its wait could not be computed.
  func ready(_ wait: TransitionPlan.Wait?) -> Instant? {
    switch wait {
    case nil: available
    case .after(let microseconds): available.advanced(by: microseconds)
    case .at(let instant): max(available, instant)
    case .computed(_, let arc):
      waits.first { $0.arc.utf8.elementsEqual(arc.utf8) }.map { max(available, $0.ready) }
    }
  }
}

// MARK: Firings and offers

extension State {
  private mutating func began(_ id: FiringID) {
    guard let firing = firings[id] else { return }
    touch(firing.caseID)
    count(firing, 1)
    reserve(for: firing.workflow, firing.transition, 1)
    guard firing.isRunning else { return }
    switch firing.kind {
    case .judge: index.due.insert(.question(id), at: firing.deadline)
    case .action: index.due.insert(.attemptEnd(id), at: firing.deadline)
    case .call, .task: break
    }
  }

  private mutating func retried(_ id: FiringID) {
    guard let firing = firings[id] else { return }
    if firing.next > lastAt { index.due.insert(.attemptStart(id), at: firing.next) }
    index.due.insert(.attemptEnd(id), at: firing.deadline)
  }

  private mutating func ended(_ firing: Firing) {
    touch(firing.caseID)
    count(firing, -1)
    if !firing.isLetGo { reserve(for: firing.workflow, firing.transition, -1) }
  }

  private mutating func moved(_ before: Firing) {
    guard let after = firings[before.id] else { return }
    count(before, -1)
    reserve(for: before.workflow, before.transition, -1)
    count(after, 1)
    reserve(for: after.workflow, after.transition, 1)
  }

  private mutating func count(_ firing: Firing, _ change: Int) {
    count(firing, change, of: index.limited)
  }

  private mutating func count(_ firing: Firing, _ change: Int, of limited: Set<TransitionPath>) {
    guard !limited.isEmpty, let plan = index.plans[firing.workflow],
      let transition = plan.transition(firing.transition)
    else { return }
    let path = plan.path(of: transition)
    guard limited.contains(path) else { return }
    count(EnablingIndex.LimitKey(path: path, per: nil), change)
    if case .value(let value) = firing.per {
      count(EnablingIndex.LimitKey(path: path, per: value), change)
    }
    if change < 0 { for site in index.sitesByPath[path] ?? [] { index.contestAnywhere(site) } }
  }

  private mutating func count(_ key: EnablingIndex.LimitKey, _ change: Int) {
    let count = (index.inFlight[key] ?? 0) + change
    index.inFlight[key] = count == 0 ? nil : count
  }

  /// Counts what is in flight of transitions that had no limit before a version came.
  ///
  /// - Parameter known: the transitions that had one.
  mutating func countLimited(beside known: Set<TransitionPath>) {
    let new = index.limited.subtracting(known)
    guard !new.isEmpty else { return }
    for firing in firings.values { count(firing, 1, of: new) }
  }

  /// - Parameter isOffer: whether it is for an offer, whose token is still in its place.
  private mutating func reserve(
    for version: DefinitionID, _ symbol: TransitionSymbol, _ change: Int, isOffer: Bool = false
  ) {
    guard let plan = index.plans[version], let transition = plan.transition(symbol) else { return }
    for reservation in transition.reservations {
      let room = plan.room(of: reservation.place)
      let own = isOffer && reservation.place.symbol == transition.trigger.symbol ? 1 : 0
      index.rooms[room, default: .init()].reserved += change * max(reservation.count - own, 0)
      if change < 0 { index.freed(room) }
    }
  }

  private mutating func offered(_ id: TaskID) {
    guard let offer = offers[id], let plan = index.plans[offer.workflow],
      let transition = plan.transition(offer.transition)
    else { return }
    reserve(for: offer.workflow, offer.transition, 1, isOffer: true)
    index.offered[index.site(plan, transition), default: []].insert(offer.token)
    for token in [offer.token] + (offer.read ?? []).flatMap(\.ids) {
      index.offersByToken[token, default: []].append(id)
    }
  }

  private mutating func left(_ offer: Offer) {
    index.suspects.remove(offer.id)
    touch(offer.caseID)
    guard let plan = index.plans[offer.workflow],
      let transition = plan.transition(offer.transition)
    else { return }
    reserve(for: offer.workflow, offer.transition, -1, isOffer: true)
    let site = index.site(plan, transition)
    index.offered[site]?.remove(offer.token)
    if offer.caseID == nil { index.offerSites.insert(site) }
    for token in [offer.token] + (offer.read ?? []).flatMap(\.ids) {
      index.offersByToken[token]?.removeAll { $0 == offer.id }
      if index.offersByToken[token]?.isEmpty == true { index.offersByToken[token] = nil }
    }
  }
}
