internal import CEL

/// What the graph alone tells, guards and times apart: each claim here holds for every run.
extension NetCompilation {
  func checkStructure(_ rules: CaseRules) {
    let (hasStart, hasEnd) = checkEnds()
    let graph = SourceGraph(source, places: placeIndices, report)
    guard graph.isComplete else { return }
    // Without a start nothing is reached, without an end no way leads there: that is told already.
    if hasStart { checkReached(graph, rules) }
    if hasEnd { checkWaysOut(graph, rules) }
    checkReaders(graph)
  }

  /// P107: a net with places of cases has a start and an end.
  private func checkEnds() -> (hasStart: Bool, hasEnd: Bool) {
    let ofCases = places.filter(\.place.isOfCase)
    guard let first = ofCases.first else { return (true, true) }
    let hasEnd = ofCases.contains { declared in
      if case .end = declared.place.kind { return true }
      return false
    }
    let missing: String? =
      switch (input != nil, hasEnd) {
      case (true, true): nil
      case (false, true): "start"
      case (true, false): "end"
      case (false, false): "start and no end"
      }
    guard let missing else { return (true, true) }
    if report.kindsInPart.contains("place"), source.places.contains(where: \.name.isUnreadable) {
      return (input != nil, hasEnd)
    }
    report.error(
      "P107", "the net has places of cases but no \(missing) place", at: first.place.mark,
      NodePath("places"), found: "no \(missing) place", expected: "a start and an end place")
    return (input != nil, hasEnd)
  }

  /// P104: no firing, however the world behaves, puts a token there.
  private func checkReached(_ graph: SourceGraph, _ rules: CaseRules) {
    var marked = places.map { declared in
      switch declared.place.kind {
      case .start, .shared, .message: true
      case .ordinary, .end: false
      }
    }
    if let place = rules.cancelPlace { marked[place] = true }
    let needed = graph.transitions.map { $0.needs + $0.reads }
    var missing = needed.map { $0.count { !marked[$0] } }
    let waiting = graph.index(places: places.count) { needed[$0] }
    var ready = graph.transitions.indices.filter { missing[$0] == 0 }
    while let next = ready.popLast() {
      for place in graph.transitions[next].outcomes.joined() where !marked[place] {
        marked[place] = true
        for transition in waiting[place] {
          missing[transition] -= 1
          if missing[transition] == 0 { ready.append(transition) }
        }
      }
    }
    let puts = graph.index(places: places.count) { graph.transitions[$0].outcomes.joined() }
    for (index, declared) in places.enumerated() where !marked[index] {
      var producers: [SourceGraph.Transition] = []
      var last: Int?
      for transition in puts[index] where transition != last {
        producers.append(graph.transitions[transition])
        last = transition
      }
      report.error(
        "P104", "no token can come into '\(declared.place.title)'", at: declared.place.mark,
        declared.path,
        found: producers.isEmpty
          ? "nothing puts there"
          : "only \(producers.map(\.name).listed), which cannot fire",
        expected: "an output of a transition that a start place reaches",
        help: "connect it, or delete it")
    }
  }

  /// P106: whatever fires, a token here neither ends nor goes away.
  private func checkWaysOut(_ graph: SourceGraph, _ rules: CaseRules) {
    var isFinal = places.map { declared in
      if case .end = declared.place.kind { return true }
      return false
    }
    let puts = graph.index(places: places.count) { graph.transitions[$0].outcomes.joined() }
    var leads = graph.transitions.map { transition in
      transition.outcomes.contains { outcome in
        let targets = outcome.filter { places[$0].place.isOfCase }
        return targets.isEmpty || targets.contains { isFinal[$0] }
      }
    }
    var isTaken = Array(repeating: false, count: places.count)
    for place in graph.transitions.lazy.flatMap(\.empties) { isTaken[place] = true }
    var leading = graph.transitions.indices.filter { leads[$0] }
    while let next = leading.popLast() {
      for place in graph.transitions[next].empties where !isFinal[place] {
        isFinal[place] = true
        guard places[place].place.isOfCase else { continue }
        for transition in puts[place] where !leads[transition] {
          leads[transition] = true
          leading.append(transition)
        }
      }
    }
    for (index, declared) in places.enumerated()
    where !isFinal[index] && declared.place.isOfCase && index != rules.cancelPlace {
      report.error(
        "P106", "no way leads from '\(declared.place.title)' to an end place",
        at: declared.place.mark, declared.path,
        found: isTaken[index]
          ? "only ways that come back or stop" : "no transition takes its tokens",
        expected: "a route to an end place")
    }
  }

  /// P111: a shared place or a place of messages that nothing looks at.
  private func checkReaders(_ graph: SourceGraph) {
    var own = NameTable<Bool>()
    for place in source.places { _ = own.insert(true, as: place.name.value) }
    let read = Set(graph.transitions.lazy.flatMap(\.looksAt))
    for (index, declared) in places.enumerated() where !declared.place.isOfCase {
      guard own[declared.place.title] != nil, !read.contains(index) else { continue }
      report.warning(
        "P111", "no transition looks at '\(declared.place.title)'", at: declared.place.mark,
        declared.path, found: "a place that is only put into",
        expected: "an arc from it", help: "delete it, or let a transition take from it")
    }
  }
}
