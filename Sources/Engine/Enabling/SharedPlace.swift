import PetriNet

extension EnablingIndex {
  /// A shared or message place, as the newest version that has it describes it.
  final class SharedPlace: Sendable {
    let name: PlaceName
    let colour: ColourSet
    let capacity: Int?
    let order: [Place.OrderTerm]
    /// Index of the field that is unique.
    let key: Int?
    /// Of a message place.
    let keepMicroseconds: Int64?

    init(_ place: Place) {
      name = place.name
      colour = place.colour
      capacity = place.capacity
      order = place.order
      key = place.key
      if case .message(let microseconds) = place.kind {
        keepMicroseconds = microseconds
      } else {
        keepMicroseconds = nil
      }
    }
  }

  /// What looks at a shared place, of all versions.
  final class Lookers: Sendable {
    struct Looker: Sendable {
      let site: Site
      let transition: TransitionPlan
      let takes: Bool
      let isInhibited: Bool
      /// Whether a token that comes may have some binding raise.
      let mayRaise: Bool
      /// Whether a token that leaves may enable it, or have it raise.
      let heedsLeaving: Bool
    }

    /// A table of keys, and the position of the arc there.
    struct Keeping: Sendable {
      let table: Int
      let position: Int
      /// Whether tokens enter it before they are available.
      let isAtOnce: Bool
    }

    /// Where its tokens are kept by key.
    let joins: [Keeping]
    /// How long tokens wait for some arc, constants only.
    let waits: [TransitionPlan.Wait]
    let coupled: [Looker]
    /// How many versions have the place.
    let versions: Int
    /// Whether nothing but arcs that take or read look here, and no wait is computed.
    let isPlain: Bool

    init(_ place: PlaceSymbol, _ plans: [VersionPlan]) {
      var joins: [Keeping] = []
      var waits: [TransitionPlan.Wait] = []
      var coupled: [Looker] = []
      var versions = 0
      var isPlain = true
      for plan in plans {
        guard let number = plan.index(of: place) else { continue }
        versions += 1
        joins += plan.joinArcs[number].map {
          Keeping(
            table: $0.plan.number, position: $0.position,
            isAtOnce: $0.plan.isKeptAtOnce($0.position))
        }
        waits += plan.constantWaits[number]
        for transition in plan.coupled[number] {
          let looker = Looker(
            site: Site(plan: plan.id, transition: transition.index), transition: transition,
            takes: transition.takesOrReads(place), isInhibited: transition.isInhibited(by: place),
            mayRaise: transition.mayRaise(at: place),
            heedsLeaving: transition.heedsLeaving(of: place))
          coupled.append(looker)
          if looker.isInhibited || transition.isTask { isPlain = false }
        }
        if plan.places[number].capacity != nil || !plan.computedWaits[number].isEmpty {
          isPlain = false
        }
      }
      self.joins = joins
      self.waits = waits
      self.coupled = coupled
      self.versions = versions
      self.isPlain = isPlain
    }
  }

  /// The tokens at rest of a shared place.
  struct SharedTokens: Sendable {
    /// As the newest version says it.
    let terms: [Place.OrderTerm]
    private(set) var count = 0
    /// Kept where an arc goes over the place from its first token on; elsewhere keys lead to tokens.
    private(set) var order: OrderedTokens?

    init(_ terms: [Place.OrderTerm], count: Int = 0) {
      self.terms = terms
      self.count = count
    }

    mutating func insert(_ token: Token, slot: Int32) {
      count += 1
      if order != nil { order?.insert(OrderedToken(token, of: nil, terms, slot: slot)) }
    }

    mutating func remove(_ token: Token, slot: Int32) {
      count -= 1
      if order != nil { order?.remove(OrderedToken(token, of: nil, terms, slot: slot)) }
    }

    /// From now on the order is kept.
    mutating func keep(_ tokens: OrderedTokens) {
      precondition(tokens.count == count, "an order holds all tokens of its place")
      order = tokens
    }
  }
}

extension State {
  /// The tokens at rest of a shared place, in its order; nil if no version has the place.
  ///
  /// - Complexity: O(1) where the order is kept, else O(n log n) in all shared tokens.
  func tokensInOrder(_ place: PlaceSymbol) -> OrderedTokens? {
    guard let tokens = index.sharedTokens[place] else { return nil }
    if let order = tokens.order { return order }
    guard tokens.count > 0 else { return OrderedTokens() }
    let terms = tokens.terms
    var entries: [OrderedToken] = []
    for (slot, token) in shared.positioned where token.place == place {
      entries.append(OrderedToken(token, of: nil, terms, slot: slot))
    }
    entries.sort()
    var ordered = OrderedTokens()
    for entry in entries { ordered.insert(entry) }
    return ordered
  }

  /// Keeps the order of a place from now on.
  mutating func keepOrder(of place: PlaceSymbol) {
    guard let tokens = index.sharedTokens[place], tokens.order == nil,
      let order = tokensInOrder(place)
    else { return }
    index.sharedTokens[place]?.keep(order)
  }
}
