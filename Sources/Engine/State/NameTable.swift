package import PetriNet

/// A name of the log as a small number, which is what tokens and firings carry. Numbers are given in
/// order of appearance and are no part of the state's text.
package struct Symbol<Name: Hashable & Sendable>: Hashable, Sendable {
  package let index: Int32
}

package typealias PlaceSymbol = Symbol<PlaceName>
package typealias TransitionSymbol = Symbol<TransitionName>

/// The names seen so far, and their numbers.
package struct NameTable<Name: Hashable & Sendable>: Sendable {
  private var indices: [Name: Int32] = [:]
  private var names: [Name] = []

  package var count: Int { names.count }

  package subscript(symbol: Symbol<Name>) -> Name { names[Int(symbol.index)] }

  /// The number of a name, a new one if it was never seen.
  mutating func intern(_ name: Name) -> Symbol<Name> {
    if let index = indices[name] { return Symbol(index: index) }
    let index = Int32(names.count)
    names.append(name)
    indices[name] = index
    return Symbol(index: index)
  }

  package func find(_ name: Name) -> Symbol<Name>? { indices[name].map(Symbol.init(index:)) }
}
