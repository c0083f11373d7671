/// How far down each vertex stands: as near as the order and the distances allow to where its lines
/// would be straight.
enum Coordinates {
  /// A round that moves nothing by more than this, in points, is the last.
  private static let stillnessMax = 0.05

  /// The upper edge of each vertex; the smallest is 0.
  static func tops(of layout: LayeredLayout) -> [Double] {
    var tops = Array(repeating: 0.0, count: layout.vertices.count)
    for layer in layout.order {
      var y = 0.0
      for (index, vertex) in layer.enumerated() {
        if index > 0 { y += distance(layer[index - 1], vertex, layout) }
        tops[vertex] = y
      }
    }
    let pulls = Pulls(layout)
    let size = layout.vertices.count + layout.links.count
    let rounds = max(4, min(160, 1_500_000 / max(size, 1)))
    for round in 0..<rounds {
      let isForward = round.isMultiple(of: 2)
      let before = tops
      for layer in isForward ? Array(layout.order.indices) : layout.order.indices.reversed() {
        settle(layout.order[layer], layout, pulls, &tops)
      }
      if zip(before, tops).allSatisfy({ abs($0 - $1) < stillnessMax }) { break }
    }
    let least = tops.min() ?? 0
    return tops.map { $0 - least }
  }

  /// From the upper edge of one vertex to that of the next below it.
  private static func distance(_ upper: Int, _ lower: Int, _ layout: LayeredLayout) -> Double {
    let bothBoxes = layout.vertices[upper].node != nil && layout.vertices[lower].node != nil
    return layout.vertices[upper].height
      + (bothBoxes ? layout.spacing.boxes : layout.spacing.lanes)
  }

  /// The least squares of all pulls on a layer under its distances: pools of vertices that would
  /// overlap move as one.
  private static func settle(
    _ layer: [Int], _ layout: LayeredLayout, _ pulls: Pulls, _ tops: inout [Double]
  ) {
    var offset = 0.0
    var offsets: [Double] = []
    var pools: [(value: Double, weight: Double, count: Int)] = []
    for (index, vertex) in layer.enumerated() {
      if index > 0 { offset += distance(layer[index - 1], vertex, layout) }
      offsets.append(offset)
      let (wanted, weight) = pulls.wanted(vertex, tops)
      pools.append((wanted - offset, weight, 1))
      while pools.count > 1, pools[pools.count - 2].value > pools[pools.count - 1].value {
        let last = pools.removeLast()
        let first = pools[pools.count - 1]
        let sum = first.weight + last.weight
        pools[pools.count - 1] = (
          (first.value * first.weight + last.value * last.weight) / sum, sum,
          first.count + last.count
        )
      }
    }
    var index = 0
    for pool in pools {
      for _ in 0..<pool.count {
        tops[layer[index]] = pool.value + offsets[index]
        index += 1
      }
    }
  }

  /// What each vertex is drawn to.
  private struct Pulls {
    struct Pull {
      var vertex: Int
      /// Added to the upper edge of that vertex.
      var shift: Double
      var weight: Double
    }

    var pulls: [[Pull]]

    init(_ layout: LayeredLayout) {
      pulls = layout.vertices.map { _ in [] }
      for link in layout.links {
        let boxes = [link.left, link.right].filter { layout.vertices[$0].node != nil }.count
        let weight = [8.0, 3.0, 1.5][boxes]
        let shift = link.leftPort - link.rightPort
        pulls[link.right].append(Pull(vertex: link.left, shift: shift, weight: weight))
        pulls[link.left].append(Pull(vertex: link.right, shift: -shift, weight: weight))
      }
      for index in layout.edges.indices {
        for turn in layout.turns(of: index) {
          pulls[turn.lane].append(Pull(vertex: turn.box, shift: turn.port, weight: 1))
        }
      }
    }

    /// Its weighted mean, or where it is.
    func wanted(_ vertex: Int, _ tops: [Double]) -> (Double, weight: Double) {
      var sum = tops[vertex] * 0.01
      var weight = 0.01
      for pull in pulls[vertex] {
        sum += (tops[pull.vertex] + pull.shift) * pull.weight
        weight += pull.weight
      }
      return (sum / weight, weight)
    }
  }
}
