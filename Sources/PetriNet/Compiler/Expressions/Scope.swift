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

  /// What many expressions see: made once, so that each of them costs what it changes.
  final class Table: Sendable {
    let variables: [Variable]
    fileprivate let named: Environment.Table
    /// How many have a name and may be used.
    fileprivate let usable: Int

    init(_ variables: [Variable]) {
      self.variables = variables
      named = Environment.Table(variables.indices.map { Scope.named(variables[$0], at: $0) })
      usable = variables.count(where: \.isUsable)
    }
  }

  private let table: Table
  /// What stands at some of the slots instead, ascending by slot.
  private let changes: [(slot: Int, variable: Variable)]
  /// Whether some names that may be meant here could not be read.
  var isInPart = false

  init(variables: [Variable]) { self.init(Table(variables), changes: []) }

  /// The variables of a table, but at the slots of `changes`, which ascend, these.
  init(_ table: Table, changes: [(slot: Int, variable: Variable)]) {
    self.table = table
    self.changes = changes
  }

  var count: Int { table.variables.count }

  subscript(slot: Int) -> Variable {
    changes.first { $0.slot == slot }?.variable ?? table.variables[slot]
  }

  /// As CEL takes it.
  func environment(timeZones: TimeZones) -> Environment {
    Environment(
      table.named,
      changes: changes.map { ($0.slot, Self.named($0.variable, at: $0.slot)) },
      timeZones: timeZones)
  }

  /// An unnamed slot has a name that no expression can spell.
  private static func named(_ variable: Variable, at slot: Int) -> Environment.Variable {
    Environment.Variable(variable.name ?? "#\(slot)", variable.type, constant: variable.constant)
  }

  /// The names of all variables, by slot.
  var names: some Sequence<String> {
    table.variables.indices.lazy.compactMap { self[$0].name }
  }

  /// The names that may be used here, for a message.
  var usableNames: String {
    let changed = changes.reduce(0) { count, change in
      count + (change.variable.isUsable ? 1 : 0) - (table.variables[change.slot].isUsable ? 1 : 0)
    }
    let first = table.variables.indices.lazy.map { self[$0] }.filter(\.isUsable)
      .compactMap(\.name).prefix(String.listedMax)
    return Array(first).listed(of: table.usable + changed)
  }
}

extension Scope.Variable {
  fileprivate var isUsable: Bool { name != nil && denial == nil }
}
