/// Which transitions touch a place: by index of the place, the indices of transitions, ascending and
/// without repetitions.
package struct Adjacency: Sendable {
  /// With an arc of `in`.
  package let consumers: [[Int]]
  /// With an arc of `read`.
  package let readers: [[Int]]
  /// With an arc of `unless`.
  package let inhibitors: [[Int]]
  /// With an arc of `cancel`.
  package let cancellers: [[Int]]
  /// That may put there, in some outcome.
  package let producers: [[Int]]

  init(places: Int, transitions: [Transition]) {
    func index(_ touched: (Transition) -> [Int]) -> [[Int]] {
      var table = Array(repeating: [Int](), count: places)
      for (number, transition) in transitions.enumerated() {
        for place in touched(transition) where table[place].last != number {
          table[place].append(number)
        }
      }
      return table
    }
    consumers = index { $0.inputs.map(\.place) }
    readers = index { $0.reads.map(\.place) }
    inhibitors = index { $0.inhibitors.map(\.place) }
    cancellers = index { $0.cancels.map(\.place) }
    producers = index { $0.work.outputs.flatMap(\.puts).map(\.place) }
  }
}

extension Work {
  /// What each outcome or branch puts, in their order.
  package var outputs: [Outputs] {
    switch self {
    case .plain(let outputs): [outputs]
    case .choose(let branches): branches.map(\.outputs)
    case .judge(let work): work.routes.map(\.outputs)
    case .action(let work): work.routes.map(\.outputs)
    case .task(let work): work.routes.map(\.outputs)
    case .call(let work): work.routes.map(\.outputs)
    }
  }
}
