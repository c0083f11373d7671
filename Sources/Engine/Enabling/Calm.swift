import CEL
import PetriNet

/// Which expressions of a transition never raise, whatever tokens are bound: comparisons of fields
/// that are always there.
struct Calm {
  /// Slots whose values have no personal part.
  private let open: Set<Int>

  /// - Parameter arcs: those whose tokens may be read, with their slots.
  init(_ arcs: [(slot: Int, place: PlacePlan)], _ net: Net) {
    var open: Set<Int> = [Transition.Slots.caseRecord]
    for arc in arcs where !net.places[arc.place.index].colour.holdsPersonal {
      open.insert(arc.slot)
    }
    if net.caseRules.input?.holdsPersonal == false { open.insert(Transition.Slots.input) }
    self.open = open
  }

  func holds(_ program: Program) -> Bool { holds(program.syntax) }

  private func holds(_ expression: CheckedExpression) -> Bool {
    switch expression.type {
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .enumeration,
      .record, .blob:
      break
    default: return false
    }
    switch expression.kind {
    case .literal: return true
    case .variable(let slot): return open.contains(slot)
    case .field(let operand, _, let index): return index != nil && holds(operand)
    case .and(let operands), .or(let operands): return operands.allSatisfy(holds)
    case .call(let function, let arguments):
      switch function {
      case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .not:
        return arguments.allSatisfy(holds)
      default: return false
      }
    default: return false
    }
  }
}
