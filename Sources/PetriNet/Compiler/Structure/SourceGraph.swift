internal import CEL

/// The arcs of a net as written, whatever is wrong with its expressions.
struct SourceGraph {
  struct Transition {
    var name: String
    /// Places it certainly takes a token from.
    var needs: [Int] = []
    /// All places of `in`.
    var takes: [Int] = []
    var reads: [Int] = []
    var inhibitors: [Int] = []
    var cancels: [Int] = []
    /// What each outcome puts.
    var outcomes: [[Int]] = []

    /// Every place that it looks at.
    var looksAt: [Int] { takes + reads + inhibitors + cancels }
    /// Every place whose tokens may leave by it.
    var empties: [Int] { takes + cancels }
  }

  private let report: Report
  private(set) var transitions: [Transition] = []
  /// False if a name stands for no place, so that arcs are missing.
  private(set) var isComplete = true

  init(_ source: NetSource, places: NameTable<Int>, _ report: Report) {
    self.report = report
    isComplete = !source.lacksImports && !source.places.contains { $0.name.isUnreadable }
    for transition in source.transitions {
      var result = Transition(name: transition.name.value)
      for arc in transition.inputs {
        guard let place = resolve(arc.place, places) else { continue }
        result.takes.append(place)
        if arc.takesAtLeastOne { result.needs.append(place) }
      }
      if case .unreadable = transition.work { isComplete = false }
      result.reads = transition.reads.compactMap { resolve($0.place, places) }
      result.inhibitors = transition.inhibitors.compactMap { resolve($0.place, places) }
      result.cancels = transition.cancels.compactMap { resolve($0.place, places) }
      result.outcomes = transition.work.outputs.map { outputs in
        outputs.puts.compactMap { resolve($0.place, places) }
      }
      transitions.append(result)
    }
  }

  private mutating func resolve(_ name: Located<String>, _ places: NameTable<Int>) -> Int? {
    if let index = places[name.value] { return index }
    // A slip stands for the place that is meant.
    let meant =
      name.isUnreadable
      ? nil : Nearest.name(to: name.value, among: places.names, within: &report.budget)
    let index = meant.flatMap { places[$0] }
    if index == nil { isComplete = false }
    return index
  }

  /// By place, the transitions that `touched` names it for, in their order; one that names a place
  /// twice stands there twice.
  func index(
    places count: Int, of touched: (Int) -> some Sequence<Int>
  ) -> [[Int]] {
    var index: [[Int]] = Array(repeating: [], count: count)
    for transition in transitions.indices {
      for place in touched(transition) { index[place].append(transition) }
    }
    return index
  }
}

extension ArcSource {
  /// Whether the transition cannot fire without a token here; a computed count may be zero.
  var takesAtLeastOne: Bool {
    switch count {
    case nil: true
    case .all?: false
    case .exactly(let text)?, .range(let text, _)?: (Int64(decimal: text.text) ?? 0) > 0
    }
  }
}

extension WorkSource {
  /// What each outcome or branch puts, in the order written.
  var outputs: [OutputSource] {
    switch self {
    case .plain(let outputs): [outputs]
    case .choose(let branches, _): branches.map(\.outputs)
    case .judge(let work): work.then.map(\.outputs)
    case .action(let work): work.then.map(\.outputs)
    case .task(let work): work.then.map(\.outputs)
    case .call(let work): work.then.map(\.outputs)
    case .unreadable(let routes): routes.map(\.outputs)
    }
  }
}
