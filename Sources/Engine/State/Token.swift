package import CEL
import PetriNet

/// A token at rest, or held by a firing in flight.
package struct Token: Sendable {
  /// Also its arrival number.
  package let id: TokenID
  package let place: PlaceSymbol
  /// The token with which its value was written.
  package let origin: TokenID
  /// Nil: `unit`.
  package internal(set) var content: Cargo?
  package let available: Instant
  /// Ready instants of arcs whose wait depends on the token or the case's input.
  package internal(set) var waits: [ArcWait]
  /// Of a message with personal fields: the number of the key they are sealed under.
  package let key: Int64?

  /// - Precondition: the state was opened.
  package var value: Value {
    switch content {
    case nil: .null
    case .value(let value): value
    case .text: preconditionFailure("values are read only after the state was opened")
    }
  }
}

/// What one `in` or `read` arc of a binding holds.
package enum Bound: Sendable {
  case one(Token)
  case several([Token])

  var ids: BoundTokens {
    switch self {
    case .one(let token): .one(token.id)
    case .several(let tokens): .several(tokens.map(\.id))
    }
  }

  var tokens: [Token] {
    switch self {
    case .one(let token): [token]
    case .several(let tokens): tokens
    }
  }

  var value: Value {
    switch self {
    case .one(let token): token.value
    case .several(let tokens): .list(tokens.map(\.value))
    }
  }
}

extension BoundTokens {
  var ids: [TokenID] {
    switch self {
    case .one(let id): [id]
    case .several(let ids): ids
    }
  }
}

/// Tokens in order of arrival.
package struct Marking: Sendable {
  package private(set) var tokens: [Token] = []

  package var isEmpty: Bool { tokens.isEmpty }

  /// The token, if there is exactly one.
  var only: Token? { tokens.count == 1 ? tokens[0] : nil }

  /// - Precondition: there is exactly one token.
  mutating func replaceOnly(_ token: Token) { tokens[0] = token }

  /// - Complexity: O(log n).
  package subscript(id: TokenID) -> Token? {
    let index = position(of: id)
    return index < tokens.count && tokens[index].id == id ? tokens[index] : nil
  }

  func contains(_ id: TokenID) -> Bool {
    let index = position(of: id)
    return index < tokens.count && tokens[index].id == id
  }

  /// - Complexity: O(1) at the end, else O(n).
  mutating func insert(_ token: Token) {
    if let last = tokens.last, token.id < last.id {
      tokens.insert(token, at: position(of: token.id))
    } else {
      tokens.append(token)
    }
  }

  mutating func remove(_ id: TokenID) -> Token? {
    let index = position(of: id)
    guard index < tokens.count, tokens[index].id == id else { return nil }
    return tokens.remove(at: index)
  }

  mutating func add(_ waits: [ArcWait], to id: TokenID) -> Bool {
    let index = position(of: id)
    guard index < tokens.count, tokens[index].id == id else { return false }
    tokens[index].waits += waits
    return true
  }

  mutating func open(_ body: (inout Token) throws -> Void) rethrows {
    for index in tokens.indices { try body(&tokens[index]) }
  }

  private func position(of id: TokenID) -> Int {
    var low = 0
    var high = tokens.count
    while low < high {
      let middle = (low + high) / 2
      if tokens[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
