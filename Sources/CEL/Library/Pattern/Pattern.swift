/// A regular expression in RE2's syntax, matched in time linear in the text.
///
/// All states are carried at once (Thompson's simulation), so no pattern makes it backtrack. Works
/// on Unicode scalars. Groups do not capture: only whether there is a match is asked. Scripts
/// (`\p{Greek}`) and `\C` are not known.
package struct Pattern: Sendable {
  let program: PatternProgram

  /// - Throws: What is malformed, or exceeds a limit of `ExpressionLimits`.
  package init(_ source: String) throws(PatternProblem) {
    var parser = PatternParser(source)
    program = try PatternProgram(try parser.parse())
  }

  /// Whether some part of the text matches; nil if `stepsLeft` ran out.
  func matches(_ text: String, stepsLeft: inout Int) -> Bool? {
    var current = StateSet(capacity: program.instructions.count)
    var next = StateSet(capacity: program.instructions.count)
    var previous: Unicode.Scalar?
    var iterator = text.unicodeScalars.makeIterator()
    var scalar = iterator.next()
    var isFirst = true
    while true {
      let place = Place(before: previous, after: scalar)
      if isFirst || !program.isAnchored {
        if follow(program.start, into: &current, at: place) { return true }
      }
      isFirst = false
      stepsLeft -= current.count + 1
      guard stepsLeft >= 0 else { return nil }
      guard let consumed = scalar else { return false }
      if current.isEmpty, program.isAnchored { return false }
      previous = consumed
      scalar = iterator.next()
      let nextPlace = Place(before: previous, after: scalar)
      next.removeAll()
      for index in 0..<current.count {
        guard let target = program.target(of: current[index], consuming: consumed) else { continue }
        if follow(target, into: &next, at: nextPlace) { return true }
      }
      swap(&current, &next)
    }
  }

  /// Adds a state and all that it reaches without consuming; true if one of them accepts.
  private func follow(_ state: Int, into states: inout StateSet, at place: Place) -> Bool {
    var pending = [state]
    while let state = pending.popLast() {
      guard states.insert(state) else { continue }
      switch program.instructions[state] {
      case .accept: return true
      case .split(let first, let second):
        pending.append(second)
        pending.append(first)
      case .jump(let target): pending.append(target)
      case .assert(let assertion):
        if place.satisfies(assertion) { pending.append(state + 1) }
      case .scalar, .folded, .any, .anyButNewline, .member: break
      }
    }
    return false
  }
}

/// Why a pattern is refused.
package struct PatternProblem: Error, Equatable {
  /// In Unicode scalars of the pattern.
  package var offset: Int
  /// A clause without its full stop.
  package var message: String
}

/// A set of states that is emptied in constant time.
struct StateSet {
  private var dense: [Int]
  private var sparse: [Int]
  private(set) var count = 0

  init(capacity: Int) {
    dense = Array(repeating: 0, count: capacity)
    sparse = Array(repeating: 0, count: capacity)
  }

  var isEmpty: Bool { count == 0 }

  subscript(index: Int) -> Int { dense[index] }

  /// False if it was there.
  mutating func insert(_ state: Int) -> Bool {
    if sparse[state] < count, dense[sparse[state]] == state { return false }
    dense[count] = state
    sparse[state] = count
    count += 1
    return true
  }

  mutating func removeAll() { count = 0 }
}

/// A place between two scalars of the text.
struct Place {
  var before: Unicode.Scalar?
  var after: Unicode.Scalar?

  func satisfies(_ assertion: PatternAssertion) -> Bool {
    switch assertion {
    case .textStart: before == nil
    case .textEnd: after == nil
    case .lineStart: before == nil || before == "\n"
    case .lineEnd: after == nil || after == "\n"
    case .wordBoundary: isWord(before) != isWord(after)
    case .noWordBoundary: isWord(before) == isWord(after)
    }
  }

  private func isWord(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { ScalarClass.word.contains($0) } ?? false
  }
}
