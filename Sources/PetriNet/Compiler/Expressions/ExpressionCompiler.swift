internal import CEL

extension NetCompilation {
  /// Compiles an expression; its mistakes are told at their columns. Nil if there were any.
  func compile(
    _ text: SourceText, in scope: Scope, expecting: ValueType? = nil, at path: NodePath
  ) -> Program? {
    let environment = scope.environment(timeZones: context.timeZones)
    let program: Program
    do throws(ExpressionProblems) {
      program = try Program.compile(text.text, in: environment, expecting: expecting)
    } catch {
      for problem in error.problems { tell(problem, of: text, at: path) }
      return nil
    }
    return isAllowed(program, text, in: scope, at: path) ? program : nil
  }

  /// A condition: an expression of type bool.
  func condition(_ text: SourceText?, in scope: Scope, at path: NodePath) -> Program? {
    text.flatMap { compile($0, in: scope, expecting: .bool, at: path) }
  }

  private func tell(_ problem: ExpressionProblem, of text: SourceText, at path: NodePath) {
    let code =
      switch problem.kind {
      case .syntax: "F201"
      case .tooDeep, .tooCostly: "F202"
      case .unknownName, .unknownField, .unknownFunction: "P103"
      case .type, .literal: "P102"
      }
    report.error(
      code, problem.message, at: text.mark(at: problem.position, length: problem.length), path,
      found: problem.found, expected: problem.expected, nearest: problem.nearest)
  }

  /// Whether no variable is used that is denied here; each that is gets a P102 of its own.
  private func isAllowed(
    _ program: Program, _ text: SourceText, in scope: Scope, at path: NodePath
  ) -> Bool {
    var isAllowed = true
    for slot in program.slots where slot < scope.variables.count {
      guard let denial = scope.variables[slot].denial, let name = scope.variables[slot].name,
        let use = program.syntax.firstUse(of: slot)
      else { continue }
      isAllowed = false
      report.error(
        "P102", "'\(name)' may not be used here: \(denial)",
        at: text.mark(at: use.position, length: name.unicodeScalars.count), path, found: name)
    }
    return isAllowed
  }
}

extension CheckedExpression {
  /// The first place, in the order of the text, where the slot is read.
  func firstUse(of slot: Int) -> CheckedExpression? {
    if case .variable(slot) = kind { return self }
    for child in children {
      if let use = child.firstUse(of: slot) { return use }
    }
    return nil
  }
}
