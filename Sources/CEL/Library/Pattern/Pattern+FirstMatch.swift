extension Pattern {
  /// The longest of the leftmost parts of `text` that match; nil without one.
  ///
  /// - Complexity: linear where nothing matches; else the text's length times that of what is
  ///   tried from each place before the match.
  package func firstMatch(in text: String) -> Substring? {
    var steps = Int.max
    guard matches(text, stepsLeft: &steps) == true else { return nil }
    let scalars = text.unicodeScalars
    var start = scalars.startIndex
    while true {
      if let end = longestMatch(from: start, in: scalars) { return text[start..<end] }
      guard start < scalars.endIndex, !program.isAnchored else { return nil }
      start = scalars.index(after: start)
    }
  }

  /// The end of the longest match that begins at `start`.
  private func longestMatch(
    from start: String.Index, in scalars: String.UnicodeScalarView
  ) -> String.Index? {
    var current = StateSet(capacity: program.instructions.count)
    var end: String.Index?
    var index = start
    if reach(program.start, into: &current, at: place(index, in: scalars)) { end = index }
    while index < scalars.endIndex, !current.isEmpty {
      let consumed = scalars[index]
      index = scalars.index(after: index)
      var next = StateSet(capacity: program.instructions.count)
      let nextPlace = place(index, in: scalars)
      for state in 0..<current.count {
        guard let target = program.target(of: current[state], consuming: consumed) else { continue }
        if reach(target, into: &next, at: nextPlace) { end = index }
      }
      current = next
    }
    return end
  }

  /// Adds a state and all that it reaches without consuming, past an accepting one too; true if one
  /// of them accepts.
  private func reach(_ state: Int, into states: inout StateSet, at place: Place) -> Bool {
    var accepts = false
    var pending = [state]
    while let state = pending.popLast() {
      guard states.insert(state) else { continue }
      switch program.instructions[state] {
      case .accept: accepts = true
      case .split(let first, let second): pending += [second, first]
      case .jump(let target): pending.append(target)
      case .assert(let assertion):
        if place.satisfies(assertion) { pending.append(state + 1) }
      case .scalar, .folded, .any, .anyButNewline, .member: break
      }
    }
    return accepts
  }

  private func place(_ index: String.Index, in scalars: String.UnicodeScalarView) -> Place {
    Place(
      before: index > scalars.startIndex ? scalars[scalars.index(before: index)] : nil,
      after: index < scalars.endIndex ? scalars[index] : nil)
  }
}
