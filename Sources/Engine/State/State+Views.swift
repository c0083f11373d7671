package import PetriNet

/// What readers of the state need beside the fold itself.
extension State {
  /// The net of a version that is current or has open cases, firings or offers; nil for others.
  ///
  /// - Precondition: the state was opened.
  package func net(of version: DefinitionID) -> Net? { index.plans[version]?.net }

  /// How many cases of a version are open.
  package func openCases(of version: DefinitionID) -> Int { index.openCases[version] ?? 0 }

  /// The tokens at rest of a place, all cases of all versions together, in the order in which a
  /// transition of version `id` would take them; nil if its net has no such place.
  ///
  /// - Complexity: O(n log n) in the tokens of the place.
  package func tokens(
    at place: PlaceName, of id: DefinitionID
  ) -> [(token: Token, caseID: CaseID?)]? {
    guard let net = net(of: id), let symbol = places.find(place),
      let described = net.places.first(where: { $0.name == place })
    else { return nil }
    var found: [(token: Token, caseID: CaseID?)] = []
    if described.isOfCase {
      for (caseID, open) in cases where workflowName(open.workflow) == net.name {
        for token in open.marking.tokens where token.place == symbol {
          found.append((token, caseID))
        }
      }
    } else {
      for token in shared.values where token.place == symbol { found.append((token, nil)) }
    }
    let order = described.order
    return found.sorted { left, right in
      OrderedToken(left.token, of: left.caseID, order)
        < OrderedToken(right.token, of: right.caseID, order)
    }
  }
}
