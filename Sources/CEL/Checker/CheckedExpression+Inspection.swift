/// What the prover, the tracer of personal fields and the index of join keys ask of an expression.
extension CheckedExpression {
  /// A variable, or a field of it, or a field of that.
  package struct Path: Hashable, Sendable {
    package var slot: Int
    /// Indices of record fields, outermost first.
    package var fields: [Int]

    package init(slot: Int, fields: [Int]) {
      self.slot = slot
      self.fields = fields
    }
  }

  /// The direct parts, in the order of the text.
  package var children: [CheckedExpression] {
    switch kind {
    case .literal, .variable, .local, .raise: []
    case .field(let operand, _, _), .has(let operand, _, _): [operand]
    case .list(let elements): elements.map(\.value)
    case .map(let entries): entries.flatMap { [$0.key, $0.value] }
    case .and(let operands), .or(let operands): operands
    case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
    case .call(_, let arguments): arguments
    case .comprehension(let macro):
      [macro.range] + [macro.predicate, macro.transform].compactMap { $0 }
    }
  }

  /// The operands of a topmost `&&`, else the expression alone.
  package var conjuncts: [CheckedExpression] {
    guard case .and(let operands) = kind else { return [self] }
    return operands.flatMap(\.conjuncts)
  }

  /// Both sides of a topmost `==`.
  package var equality: (left: CheckedExpression, right: CheckedExpression)? {
    guard case .call(.equal, let sides) = kind, sides.count == 2 else { return nil }
    return (sides[0], sides[1])
  }

  /// Set if the expression only reads a variable or record fields of it.
  package var path: Path? {
    switch kind {
    case .variable(let slot): return Path(slot: slot, fields: [])
    case .field(let operand, _, let index?):
      guard var path = operand.path else { return nil }
      path.fields.append(index)
      return path
    default: return nil
    }
  }

  /// The longest paths that are read, in the order of the text, repetitions kept.
  ///
  /// A path that is read whole (`r` in `f(r)`) stands for all that lies under it.
  package var paths: [Path] {
    if let path { return [path] }
    return children.flatMap(\.paths)
  }

  /// The slots that are read, ascending.
  package var slots: [Int] {
    var slots: [Int] = []
    addSlots(to: &slots)
    return slots
  }

  private func addSlots(to slots: inout [Int]) {
    guard readsSlots else { return }
    guard case .variable(let slot) = kind else {
      for child in children { child.addSlots(to: &slots) }
      return
    }
    let index = slots.firstIndex { $0 >= slot } ?? slots.count
    if index == slots.count || slots[index] != slot { slots.insert(slot, at: index) }
  }

  /// Whether its cost can grow with the values it reads, or by what it builds.
  var mayBeCostly: Bool {
    switch kind {
    case .literal, .variable, .local, .raise: false
    case .comprehension: true
    case .call(.named(let name), _) where name == "join" || name == "replace" || name == "format":
      true
    default: children.contains(where: \.mayBeCostly)
    }
  }

  /// Whether `isWanted` holds for the expression or any part of it.
  package func contains(where isWanted: (CheckedExpression) -> Bool) -> Bool {
    isWanted(self) || children.contains { $0.contains(where: isWanted) }
  }
}
