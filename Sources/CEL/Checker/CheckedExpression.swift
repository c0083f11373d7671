/// An expression after names were resolved and types were checked.
///
/// Constants of the environment are literals here. Positions count Unicode scalars from the start
/// of the text.
package struct CheckedExpression: Sendable {
  package indirect enum Kind: Sendable {
    /// A literal, a constant of the environment, or a type's name (`int`).
    case literal(Value)
    /// A variable of the environment.
    case variable(slot: Int)
    /// A variable of the enclosing macro, by its index in the frame's locals.
    case local(Int)
    /// `operand.name`; `index` if the operand is a record, else a key of a map.
    case field(CheckedExpression, name: String, index: Int?)
    /// `has(operand.name)`.
    case has(CheckedExpression, name: String, index: Int?)
    case list([Element])
    case map([Entry])
    /// Two or more operands: `a && b && c` is one node.
    case and([CheckedExpression])
    case or([CheckedExpression])
    case conditional(
      condition: CheckedExpression, then: CheckedExpression, otherwise: CheckedExpression)
    /// An operator or a function; the receiver of `x.f(y)` is the first argument.
    case call(Function, [CheckedExpression])
    case comprehension(Comprehension)
    /// Evaluation raises here: a name that only an unchecked expression may leave open.
    case raise(EvaluationError)
  }

  package struct Element: Sendable {
    package var value: CheckedExpression
    /// Written `?value`: left out when the optional is empty.
    package var isOptional: Bool
  }

  package struct Entry: Sendable {
    package var key: CheckedExpression
    package var value: CheckedExpression
    package var isOptional: Bool
  }

  package let kind: Kind
  package var type: ValueType
  /// Offset and length in Unicode scalars.
  package let position: Int
  package let length: Int
  /// The nodes of the tree, macros inside counted once.
  let nodeCount: Int
  /// Whether it reads a variable of the environment, or is a name that raises.
  let readsSlots: Bool
  /// The outermost local that is read and not bound inside; `Int.max` if none.
  let lowestLocal: Int

  package init(kind: Kind, type: ValueType, position: Int, length: Int) {
    self.kind = kind
    self.type = type
    self.position = position
    self.length = length
    var count = 1
    var readsSlots = false
    var lowest = Int.max
    func add(_ part: CheckedExpression) {
      count += part.nodeCount
      readsSlots = readsSlots || part.readsSlots
      lowest = min(lowest, part.lowestLocal)
    }
    switch kind {
    case .literal: break
    case .variable, .raise: readsSlots = true
    case .local(let index): lowest = index
    case .field(let operand, _, _), .has(let operand, _, _): add(operand)
    case .list(let elements): for element in elements { add(element.value) }
    case .map(let entries):
      for entry in entries {
        add(entry.key)
        add(entry.value)
      }
    case .and(let parts), .or(let parts), .call(_, let parts): for part in parts { add(part) }
    case .conditional(let condition, let then, let otherwise):
      add(condition)
      add(then)
      add(otherwise)
    case .comprehension(let macro):
      if let predicate = macro.predicate { add(predicate) }
      if let transform = macro.transform { add(transform) }
      // Locals are numbered from the outside in: those from here on are bound here.
      if lowest >= macro.local { lowest = .max }
      add(macro.range)
    }
    nodeCount = count
    self.readsSlots = readsSlots
    lowestLocal = lowest
  }
}

/// What a call does.
package enum Function: Hashable, Sendable {
  case add, subtract, multiply, divide, remainder, negate, not
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  /// `element in list`, `key in map`.
  case isIn
  /// `list[index]`, `map[key]`; of an optional container the optional element.
  case index
  /// `container[?key]`: an optional.
  case optionalIndex
  /// `operand.?name`, and `operand.name` of an optional: the name is the second argument, a
  /// literal. The field of a record that is null is none.
  case optionalField
  /// A function of the library, by its qualified name; called as a method or not.
  case named(String)
}

/// A macro that walks a list or a map, or names a value.
package struct Comprehension: Sendable {
  package enum Macro: String, Sendable {
    case all, exists
    case existsOne = "exists_one"
    case map, filter
    /// With two variables only: a list, a map under the same keys, a map of the entries made.
    case transformList, transformMap, transformMapEntry
    /// Of an optional: what is made of its value, if it has one.
    case optMap, optFlatMap
    /// `cel.bind`: the range is the value, the transform the expression that may read it. The value
    /// is evaluated where it is read first; if it raises, whatever reads it raises.
    case bind
  }

  package var macro: Macro
  package var range: CheckedExpression
  /// The local that holds the element, or the key of a map; with `hasTwoLocals` the index or the
  /// key, and the local after it holds the element.
  package var local: Int
  package var hasTwoLocals: Bool
  /// The predicate of `all`, `exists`, `exists_one`, `filter`, and of `map` and the transforms
  /// where they filter.
  package var predicate: CheckedExpression?
  /// What `map`, the transforms, `optMap`, `optFlatMap` and `bind` make.
  package var transform: CheckedExpression?
}
