import CEL
import PetriNet

extension State {
  /// Puts the tokens a row makes. `sources` are the tokens whose values `same` may move.
  mutating func put(
    _ made: [MadeToken], _ row: LoggedEvent, from sources: [Token], key: Int64? = nil
  ) {
    for (index, made) in made.enumerated() {
      let id = TokenID(row.seq, Int32(index))
      let (content, origin) = content(of: made, id: id, row.caseID, from: sources)
      let place = intern(made.place)
      let token = Token(
        id: id, place: place, origin: origin, content: content, available: made.ready ?? row.at,
        waits: made.waits, key: key ?? messageKey(of: origin, from: sources))
      rest(token, of: row.caseID, isNew: true)
    }
  }

  private func content(
    of made: MadeToken, id: TokenID, _ caseID: CaseID?, from sources: [Token]
  ) -> (Cargo?, TokenID) {
    switch made.content {
    case .unit: return (nil, id)
    case .value(let cargo): return (cargo, id)
    case .same(let origin):
      if let source = sources.first(where: { $0.origin == origin }) {
        return (source.content, origin)
      }
      guard let caseID, let found = cases[caseID], found.inputOrigin == origin else {
        preconditionFailure("a value moved unchanged was bound by the firing")
      }
      return (found.input, origin)
    }
  }

  private func messageKey(of origin: TokenID, from sources: [Token]) -> Int64? {
    sources.isEmpty ? nil : sources.first { $0.origin == origin }?.key
  }

  /// Lets a token rest in its place.
  mutating func rest(_ token: Token, of caseID: CaseID?, isNew: Bool) {
    if isShared(token.place) {
      shared[token.id] = token
      note(.put(token.id, token.place, nil, isNew: isNew))
    } else {
      guard let caseID else { preconditionFailure("a token of a case place has a case") }
      cases[caseID]?.marking.insert(token)
      note(.put(token.id, token.place, caseID, isNew: isNew))
    }
  }

  /// Takes tokens at rest out of the marking.
  mutating func take(_ bound: [BoundTokens], of caseID: CaseID?) -> [Token] {
    var taken: [Token] = []
    for arc in bound {
      switch arc {
      case .one(let id): taken.append(take(id, of: caseID))
      case .several(let ids): for id in ids { taken.append(take(id, of: caseID)) }
      }
    }
    return taken
  }

  mutating func take(_ id: TokenID, of caseID: CaseID?) -> Token {
    if let caseID, let token = cases[caseID]?.marking.remove(id),
      let version = cases[caseID]?.workflow
    {
      note(.left(token, caseID, version))
      return token
    }
    let position = shared.position(of: id)
    guard position >= 0, let token = shared.removeValue(at: position) else {
      preconditionFailure("a token that is taken is at rest")
    }
    note(.leftShared(token, slot: Int32(position)))
    adopt(token.key, by: caseID)
    return token
  }

  /// Takes tokens away for good.
  mutating func remove(_ ids: [TokenID], of caseID: CaseID?) {
    for id in ids {
      let token = take(id, of: caseID)
      note(.gone(token))
    }
  }

  /// The tokens that a binding reads.
  mutating func copies(_ bound: [BoundTokens]?, of caseID: CaseID?) -> [Token] {
    guard let bound else { return [] }
    var copies: [Token] = []
    for id in bound.lazy.flatMap(\.ids) {
      guard let token = token(id, of: caseID) else {
        preconditionFailure("a token that is read is at rest")
      }
      adopt(token.key, by: caseID)
      copies.append(token)
    }
    return copies
  }

  mutating func discard(_ tokens: [Token]) {
    guard index.isOpen else { return }
    let isAwaited = !index.asideTokens.isEmpty
    for token in tokens where isAwaited || isShared(token.place) { changes.append(.gone(token)) }
  }

  /// A case that takes or reads a sealed message is erased with it (LOG §1).
  private mutating func adopt(_ key: Int64?, by caseID: CaseID?) {
    guard let key, let caseID, cases[caseID]?.keys.contains(key) == false else { return }
    cases[caseID]?.keys.append(key)
  }
}
