/// The layer of each node: every edge that is neither reversed nor a return leads to a later layer,
/// and the edges are short.
enum Layering {
  static func layers(
    count: Int, edges: [LayeredLayout.Edge], isReversed: [Bool]
  ) -> [Int] {
    var incoming: [[Int]] = Array(repeating: [], count: count)
    var outgoing: [[Int]] = Array(repeating: [], count: count)
    for (index, edge) in edges.enumerated() where !edge.isReturn {
      let (from, to) = isReversed[index] ? (edge.to, edge.from) : (edge.from, edge.to)
      incoming[to].append(from)
      outgoing[from].append(to)
    }
    let order = topological(incoming, outgoing)
    var layer = Array(repeating: 0, count: count)
    for node in order { layer[node] = (incoming[node].map { layer[$0] + 1 }.max() ?? 0) }
    shorten(&layer, order, incoming, outgoing)
    return compact(layer)
  }

  private static func topological(_ incoming: [[Int]], _ outgoing: [[Int]]) -> [Int] {
    var left = incoming.map(\.count)
    var order = incoming.indices.filter { left[$0] == 0 }
    var next = 0
    while next < order.count {
      for target in outgoing[order[next]] {
        left[target] -= 1
        if left[target] == 0 { order.append(target) }
      }
      next += 1
    }
    precondition(order.count == incoming.count, "a cycle is left among the edges")
    return order
  }

  /// Moves each node, within what its neighbours allow, to where its edges are shortest together.
  private static func shorten(
    _ layer: inout [Int], _ order: [Int], _ incoming: [[Int]], _ outgoing: [[Int]]
  ) {
    for round in 0..<6 {
      for node in round.isMultiple(of: 2) ? order.reversed() : order {
        let low = incoming[node].map { layer[$0] + 1 }.max()
        let high = outgoing[node].map { layer[$0] - 1 }.min()
        let pull = outgoing[node].count - incoming[node].count
        if pull > 0, let high { layer[node] = high }
        if pull < 0, let low { layer[node] = low }
      }
    }
  }

  /// Without empty layers, from 0.
  private static func compact(_ layer: [Int]) -> [Int] {
    let used = Set(layer).sorted()
    let position = Dictionary(uniqueKeysWithValues: zip(used, used.indices))
    return layer.map { position[$0] ?? 0 }
  }
}
