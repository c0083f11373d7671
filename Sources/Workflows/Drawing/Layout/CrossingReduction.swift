/// Orders the layers so that few lines cross: each vertex moves to the mean of its neighbours in the
/// layer before, then in the layer after, and the best order met is kept.
enum CrossingReduction {
  /// How much ordering may cost: vertices and links times rounds.
  private static let workMax = 1_500_000
  /// So many rounds without fewer crossings end the search.
  private static let patience = 4

  static func reduce(_ layout: inout LayeredLayout) {
    let graph = Graph(layout)
    var order = layout.order
    graph.sort(&order)
    var best = order
    var fewest = graph.crossings(order)
    let size = layout.vertices.count + layout.links.count
    let rounds = max(2, min(24, workMax / max(size, 1)))
    var inVain = 0
    for round in 0..<rounds where fewest > 0 && inVain < patience {
      graph.sweep(&order, forward: round.isMultiple(of: 2))
      let found = graph.crossings(order)
      inVain += 1
      if found < fewest {
        fewest = found
        best = order
        inVain = 0
      }
    }
    layout.order = best
  }

  private struct Graph {
    struct End {
      var vertex: Int
      /// Where on the other vertex the line comes in, as a part of its height in 0..<1.
      var port: Double
    }

    var before: [[End]]
    var after: [[End]]
    /// Of each vertex: the box beside which it turns.
    var beside: [Int?]
    var isBox: [Bool]
    var links: [LayeredLayout.Link]
    var layers: [Int]

    init(_ layout: LayeredLayout) {
      before = layout.vertices.map { _ in [] }
      after = before
      beside = layout.vertices.map { _ in nil }
      isBox = layout.vertices.map { $0.node != nil }
      links = layout.links
      layers = layout.vertices.map(\.layer)
      func part(_ port: Double, of vertex: Int) -> Double {
        let height = layout.vertices[vertex].height
        return height > 0 ? min(0.95, max(0, port / height)) * 0.9 : 0.45
      }
      for link in layout.links {
        before[link.right].append(
          End(vertex: link.left, port: part(link.leftPort, of: link.left)))
        after[link.left].append(
          End(vertex: link.right, port: part(link.rightPort, of: link.right)))
      }
      for index in layout.edges.indices {
        for turn in layout.turns(of: index) { beside[turn.lane] = turn.box }
      }
    }

    /// First order: what belongs together in the layer before stands together.
    func sort(_ order: inout [[Int]]) { sweep(&order, forward: true) }

    func sweep(_ order: inout [[Int]], forward: Bool) {
      var position = Array(repeating: 0.0, count: isBox.count)
      for layer in order {
        for (index, vertex) in layer.enumerated() { position[vertex] = Double(index) }
      }
      for layer in forward ? Array(order.indices) : order.indices.reversed() {
        let keys = order[layer].map { vertex -> Double in
          let ends = forward ? before[vertex] : after[vertex]
          guard !ends.isEmpty else {
            // What turns beside a box stands below it.
            return beside[vertex].map { position[$0] + 0.5 } ?? position[vertex]
          }
          return ends.reduce(0) { $0 + position[$1.vertex] + $1.port } / Double(ends.count)
        }
        let sorted = order[layer].indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
        order[layer] = sorted.map { order[layer][$0] }
        for (index, vertex) in order[layer].enumerated() { position[vertex] = Double(index) }
      }
    }

    /// Pairs of links between the same two layers that cross.
    func crossings(_ order: [[Int]]) -> Int {
      var position = Array(repeating: 0, count: isBox.count)
      for layer in order {
        for (index, vertex) in layer.enumerated() { position[vertex] = index }
      }
      var byLayer: [[(Double, Double)]] = order.map { _ in [] }
      for link in links {
        byLayer[layers[link.left]].append(
          (
            Double(position[link.left]) * 10_000 + link.leftPort,
            Double(position[link.right]) * 10_000 + link.rightPort
          ))
      }
      return byLayer.reduce(0) { $0 + Self.inversions($1) }
    }

    private static func inversions(_ pairs: [(Double, Double)]) -> Int {
      let sorted = pairs.sorted { $0 < $1 }.map(\.1)
      var ranks = Array(repeating: 1, count: sorted.count)
      var last: (value: Double, rank: Int)?
      for index in sorted.indices.sorted(by: { sorted[$0] < sorted[$1] }) {
        let rank = last.map { $0.value < sorted[index] ? $0.rank + 1 : $0.rank } ?? 1
        ranks[index] = rank
        last = (sorted[index], rank)
      }
      var tree = Array(repeating: 0, count: (last?.rank ?? 0) + 1)
      var found = 0
      for (seen, rank) in ranks.enumerated() {
        var index = rank
        var notAbove = 0
        var probe = index
        while probe > 0 {
          notAbove += tree[probe]
          probe -= probe & -probe
        }
        found += seen - notAbove
        while index < tree.count {
          tree[index] += 1
          index += index & -index
        }
      }
      return found
    }
  }
}
