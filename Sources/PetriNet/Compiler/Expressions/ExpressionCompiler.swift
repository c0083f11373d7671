internal import CEL

extension NetCompilation {
  /// Compiles an expression; its mistakes are told at their columns. Nil if there were any.
  func compile(
    _ text: SourceText, in scope: Scope, expecting: ValueType? = nil, at path: NodePath
  ) -> Program? {
    if text.isUnreadable { return nil }
    let environment = scope.environment(timeZones: context.timeZones)
    let program: Program
    do throws(ExpressionProblems) {
      program = try Program.compile(text.text, in: environment, expecting: expecting)
    } catch {
      let hint = ExpressionHint(text.text)
      for problem in error.problems { tell(problem, of: text, hint, in: scope, at: path) }
      return nil
    }
    return isAllowed(program, text, in: scope, at: path) ? program : nil
  }

  /// A condition: an expression of type bool.
  func condition(_ text: SourceText?, in scope: Scope, at path: NodePath) -> Program? {
    text.flatMap { compile($0, in: scope, expecting: .bool, at: path) }
  }

  private func tell(
    _ problem: ExpressionProblem, of text: SourceText, _ hint: ExpressionHint, in scope: Scope,
    at path: NodePath
  ) {
    if followsFromUnreadable(problem, in: scope) { return }
    let code =
      switch problem.kind {
      case .syntax: "F201"
      case .tooDeep, .tooCostly: "F202"
      case .unknownName, .unknownField, .unknownFunction: "P103"
      case .type, .literal: "P102"
      }
    var expected = problem.expected
    if problem.kind == .unknownName {
      expected = "one of \(scope.usableNames)"
    }
    var nearest = problem.nearest
    if problem.kind == .unknownFunction, nearest == nil {
      nearest = ExpressionHint.function(problem.found.withoutBackticks)
    }
    report.error(
      code, problem.message.asSentencePart,
      at: text.mark(at: problem.position, length: problem.length), path,
      found: problem.found.withoutBackticks, expected: expected.withoutBackticks,
      nearest: nearest, help: hint.help(problem))
  }

  /// Whether what is unknown may be one of the names that could not be read.
  private func followsFromUnreadable(_ problem: ExpressionProblem, in scope: Scope) -> Bool {
    let found = problem.found.withoutBackticks
    switch problem.kind {
    case .unknownName:
      return scope.isInPart && !Nearest.isSlip(found, of: scope.names)
    case .unknownField:
      return report.mayLack(problem)
        && (problem.nearest.map { !Nearest.isSlip(found, of: [$0]) } ?? true)
    default: return false
    }
  }

  /// Whether no variable is used that is denied here; each that is gets a P102 of its own.
  private func isAllowed(
    _ program: Program, _ text: SourceText, in scope: Scope, at path: NodePath
  ) -> Bool {
    var isAllowed = true
    let denied = program.slots.filter { $0 < scope.count && scope[$0].denial != nil }
    var uses: [Int: CheckedExpression] = [:]
    if !denied.isEmpty { program.syntax.collectFirstUses(&uses) }
    for slot in denied {
      guard let denial = scope[slot].denial, let name = scope[slot].name, let use = uses[slot]
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
  /// By slot the first place, in the order of the text, where it is read.
  fileprivate func collectFirstUses(_ uses: inout [Int: CheckedExpression]) {
    if case .variable(let slot) = kind, uses[slot] == nil { uses[slot] = self }
    for child in children { child.collectFirstUses(&uses) }
  }
}

extension String {
  /// A sentence of the expression's checker as findings have it: no capital, no full stop, names in
  /// plain quotes.
  fileprivate var asSentencePart: String {
    var scalars = withQuotes.unicodeScalars
    if scalars.last == "." { scalars.removeLast() }
    let words = String(scalars)
    let first = words.prefix { $0 != " " }
    guard Self.openings.contains(String(first)) else { return words }
    return first.lowercased() + words.dropFirst(first.count)
  }

  /// The words that begin the checker's sentences; another capital begins a name.
  private static let openings: Set<String> = [
    "A", "An", "Both", "Expected", "Macros", "Messages", "Optional", "The", "There", "This",
  ]

  private var withQuotes: String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0 == "`" ? "'" : $0 }))
  }

  fileprivate var withoutBackticks: String {
    String(String.UnicodeScalarView(unicodeScalars.filter { $0 != "`" }))
  }
}
