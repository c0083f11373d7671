/// Which edges are drawn against the flow, so that the others have no cycle: those that lead back to
/// a node from which a search in reading order came. Declared returns are left to where their ends
/// come to stand.
enum CycleRemoval {
  static func reversed(nodes: [LayeredLayout.Node], edges: [LayeredLayout.Edge]) -> [Bool] {
    var isReversed = edges.map { _ in false }
    var outgoing: [[Int]] = nodes.map { _ in [] }
    for (index, edge) in edges.enumerated() where !edge.isReturn {
      outgoing[edge.from].append(index)
    }
    enum Mark { case unseen, open, done }
    var marks = nodes.map { _ in Mark.unseen }
    let roots = nodes.indices.sorted { (nodes[$0].rank, $0) < (nodes[$1].rank, $1) }
    for root in roots where marks[root] == .unseen {
      var path = [(node: root, next: 0)]
      marks[root] = .open
      while let (node, next) = path.last {
        guard next < outgoing[node].count else {
          marks[node] = .done
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let index = outgoing[node][next]
        switch marks[edges[index].to] {
        case .unseen:
          marks[edges[index].to] = .open
          path.append((edges[index].to, 0))
        case .open: isReversed[index] = true
        case .done: break
        }
      }
    }
    return isReversed
  }
}
