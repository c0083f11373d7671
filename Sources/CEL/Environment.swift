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

  package init(variables: [Variable], container: String = "", timeZones: TimeZones = .utcOnly) {
    self.variables = variables
    self.container = container
    self.timeZones = timeZones
  }
}
