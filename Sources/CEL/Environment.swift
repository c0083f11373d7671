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

  /// The slot of a variable is its index here.
  package var variables: [Variable]
  /// The namespace in which names are resolved, innermost first; "" in workflows.
  package var container: String
  package var timeZones: TimeZones
  /// Functions that the checker knows beside the library; calling one raises.
  package var functions: [FunctionDeclaration] = []
  /// False: nothing is refused for its types, every operand is `dyn`. Workflows are always checked.
  package var isChecked = true

  package init(variables: [Variable], container: String = "", timeZones: TimeZones = .utcOnly) {
    self.variables = variables
    self.container = container
    self.timeZones = timeZones
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
