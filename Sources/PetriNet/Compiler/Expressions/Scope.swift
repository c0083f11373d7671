internal import CEL

/// The variables that an expression sees, by slot, and what is known of each.
struct Scope: Sendable {
  struct Variable: Sendable {
    /// Nil for a slot that has no name here.
    var name: String?
    var type: ValueType
    var constant: Value?
    /// Why it may not be used here, though it has a name: a sentence.
    var denial: String?
    /// Where its value comes from, for the flow of marks.
    var origin: FlowOrigin

    init(
      _ name: String?, _ type: ValueType, constant: Value? = nil, denial: String? = nil,
      origin: FlowOrigin = .clean
    ) {
      self.name = name
      self.type = type
      self.constant = constant
      self.denial = denial
      self.origin = origin
    }

    static let unnamed = Variable(nil, .dyn)
  }

  var variables: [Variable]
  /// Whether some names that may be meant here could not be read.
  var isInPart = false

  /// As CEL takes it. An unnamed slot has a name that no expression can spell.
  func environment(timeZones: TimeZones) -> Environment {
    Environment(
      variables: variables.enumerated().map { slot, variable in
        Environment.Variable(
          variable.name ?? "#\(slot)", variable.type, constant: variable.constant)
      },
      timeZones: timeZones)
  }
}
