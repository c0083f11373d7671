/// What an expression may name: variables at slots, and the options of the language.
package struct Environment: Sendable {
  package struct Variable: Sendable {
    /// A simple or a dotted name (`x`, `x.y`).
    package var name: String
    package var type: ValueType
    /// Known when compiled (`params`): folded into the program, its slot is never read.
    package var constant: Value?

    package init(_ name: String, _ type: ValueType, constant: Value? = nil) {
      self.name = name
      self.type = type
      self.constant = constant
    }
  }

  /// The variables of many environments, looked up by name.
  package final class Table: Sendable {
    fileprivate let variables: [Variable]
    fileprivate let slots: [ByteString: Int]
    fileprivate let hasDottedNames: Bool

    /// The slot of a variable is its index; of two with one name the later is meant.
    package init(_ variables: [Variable]) {
      self.variables = variables
      var slots: [ByteString: Int] = [:]
      slots.reserveCapacity(variables.count)
      for (slot, variable) in variables.enumerated() {
        slots[ByteString(text: variable.name)] = slot
      }
      self.slots = slots
      hasDottedNames = variables.contains { $0.name.utf8.contains(UInt8(ascii: ".")) }
    }
  }

  /// What most expressions beside this one see too.
  private let table: Table
  /// What stands at some of the slots instead, ascending by slot.
  private let changes: [(slot: Int, variable: Variable)]
  /// The namespace in which names are resolved, innermost first; "" in workflows.
  package var container: String
  package var timeZones: TimeZones
  /// Functions that the checker knows beside the library; calling one raises.
  package var functions: [FunctionDeclaration] = []
  /// False: nothing is refused for its types, every operand is `dyn`. Workflows are always checked.
  package var isChecked = true

  package init(variables: [Variable], container: String = "", timeZones: TimeZones = .utcOnly) {
    self.init(Table(variables), changes: [], container: container, timeZones: timeZones)
  }

  /// The variables of a table, but at the slots of `changes`, which ascend, these.
  package init(
    _ table: Table, changes: [(slot: Int, variable: Variable)], container: String = "",
    timeZones: TimeZones = .utcOnly
  ) {
    self.table = table
    self.changes = changes
    self.container = container
    self.timeZones = timeZones
  }

  /// The variable of that name, the last of several; nil if there is none.
  func variable(named name: String) -> (slot: Int, variable: Variable)? {
    let changed = changes.last { $0.variable.name.hasSameBytes(as: name) }
    guard let slot = table.slots[ByteString(text: name)], slot > changed?.slot ?? -1,
      !changes.contains(where: { $0.slot == slot })
    else { return changed }
    return (slot, table.variables[slot])
  }

  /// The names of all variables, by slot.
  var names: some Sequence<String> {
    table.variables.indices.lazy.map { slot in
      changes.first { $0.slot == slot }?.variable.name ?? table.variables[slot].name
    }
  }

  /// Whether a variable has a name like `x.y`.
  var hasDottedNames: Bool {
    table.hasDottedNames
      || changes.contains { $0.variable.name.utf8.contains(UInt8(ascii: ".")) }
  }
}

/// The name of a function and the types it takes.
package struct FunctionDeclaration: Sendable {
  package struct Overload: Sendable {
    /// The receiver first if it is a method. `ValueType.parameter` stands for any type.
    package var parameters: [ValueType]
    package var result: ValueType
    package var isMethod: Bool

    package init(_ parameters: [ValueType], _ result: ValueType, isMethod: Bool = false) {
      self.parameters = parameters
      self.result = result
      self.isMethod = isMethod
    }
  }

  package var name: String
  package var overloads: [Overload]

  package init(_ name: String, _ overloads: [Overload]) {
    self.name = name
    self.overloads = overloads
  }
}
