/// A drawing of a directed graph in layers from left to right, after Sugiyama: cycles broken, layers,
/// few crossings, coordinates. Equal graphs give equal drawings.
///
/// No two boxes overlap, and no line runs through a box: lines turn in the gaps between layers and
/// cross a layer in a lane of their own.
struct LayeredLayout {
  struct Node {
    var width: Double
    var height: Double
    /// Where the reader begins; visited first, in the order of the nodes, the smallest rank first.
    var rank: Int
  }

  /// From the right side of one box to the left side of another.
  struct Edge {
    var from: Int
    var to: Int
    /// Below the upper edge of the box.
    var fromPort: Double
    var toPort: Double
    /// Of no weight for the layers: a token that goes back to where it was taken.
    var isReturn = false
  }

  struct Point: Equatable {
    var x: Double
    var y: Double
  }

  struct Spacing {
    /// Between layers.
    var layers = 64.0
    /// Between boxes of a layer.
    var boxes = 16.0
    /// Between a line that crosses a layer and what is beside it.
    var lanes = 9.0
  }

  /// A box, or the lane of a line that crosses a layer.
  struct Vertex {
    var node: Int?
    var layer: Int
    var height: Double
  }

  /// Between vertices of neighbouring layers, the left one first; ports below the upper edges.
  struct Link {
    var left: Int
    var right: Int
    var leftPort: Double
    var rightPort: Double
    var edge: Int
  }

  let nodes: [Node]
  private(set) var edges: [Edge]
  let spacing: Spacing
  /// Edges that run from right to left.
  private(set) var isReversed: [Bool]
  /// Of the nodes.
  private(set) var layerOf: [Int]
  private(set) var vertices: [Vertex] = []
  private(set) var links: [Link] = []
  /// The lanes of each edge, in its direction.
  private(set) var lanes: [[Int]]
  /// Vertices by layer, from above.
  var order: [[Int]] = []
  /// Upper left corners of the boxes.
  private(set) var corners: [Point] = []
  /// Of each edge: points joined by straight lines within a layer and by curves between layers.
  private(set) var routes: [[Point]] = []
  /// The left side of each layer.
  private(set) var lefts: [Double] = []
  private(set) var width = 0.0
  private(set) var height = 0.0

  /// Breaks cycles, assigns layers and orders them; `place` gives coordinates.
  init(nodes: [Node], edges: [Edge], spacing: Spacing = Spacing()) {
    self.nodes = nodes
    self.edges = edges
    self.spacing = spacing
    let isBack = CycleRemoval.reversed(nodes: nodes, edges: edges)
    let layers = Layering.layers(count: nodes.count, edges: edges, isReversed: isBack)
    layerOf = layers
    isReversed = edges.map { layers[$0.from] >= layers[$0.to] }
    lanes = edges.map { _ in [] }
    makeVertices()
    CrossingReduction.reduce(&self)
  }

  private mutating func makeVertices() {
    vertices = nodes.indices.map {
      Vertex(node: $0, layer: layerOf[$0], height: nodes[$0].height)
    }
    order = Array(repeating: [], count: (layerOf.max() ?? -1) + 1)
    for index in nodes.indices { order[layerOf[index]].append(index) }
    for (index, edge) in edges.enumerated() {
      let (from, to) = (layerOf[edge.from], layerOf[edge.to])
      // A line against the flow leaves its box on the right and comes to the other on the left, so
      // it crosses the layers of both.
      let crossed =
        from < to ? Array(from + 1..<to) : Array((to...from).reversed())
      lanes[index] = crossed.map { layer in
        vertices.append(Vertex(node: nil, layer: layer, height: 0))
        order[layer].append(vertices.count - 1)
        return vertices.count - 1
      }
    }
    links = edges.indices.flatMap { links(of: $0) }
  }

  private func links(of index: Int) -> [Link] {
    let edge = edges[index]
    let path = isReversed[index] ? lanes[index] : [edge.from] + lanes[index] + [edge.to]
    return zip(path, path.dropFirst()).map { first, second in
      let firstPort = first == edge.from ? edge.fromPort : 0
      let secondPort = second == edge.to ? edge.toPort : 0
      return vertices[first].layer < vertices[second].layer
        ? Link(
          left: first, right: second, leftPort: firstPort, rightPort: secondPort, edge: index)
        : Link(
          left: second, right: first, leftPort: secondPort, rightPort: firstPort, edge: index)
    }
  }

  /// Whether this line, drawn against the flow, begins (or ends) beside the box of this layer.
  func turns(of index: Int) -> [(box: Int, port: Double, lane: Int)] {
    guard isReversed[index], let first = lanes[index].first, let last = lanes[index].last else {
      return []
    }
    let edge = edges[index]
    return [(edge.from, edge.fromPort, first), (edge.to, edge.toPort, last)]
  }

  /// Gives every box its corner and every edge its route.
  mutating func place() {
    let tops = Coordinates.tops(of: self)
    let widths = order.map { layer in
      layer.compactMap { vertices[$0].node.map { nodes[$0].width } }.max() ?? 0
    }
    lefts = []
    var x = 0.0
    for width in widths {
      lefts.append(x)
      x += width + spacing.layers
    }
    width = max(0, x - spacing.layers)
    height =
      vertices.indices.map { tops[$0] + vertices[$0].height }.max() ?? 0
    corners = nodes.indices.map { index in
      let layer = layerOf[index]
      let inset = (widths[layer] - nodes[index].width) / 2
      return Point(x: lefts[layer] + inset, y: tops[index])
    }
    routes = edges.indices.map { route(of: $0, tops, widths) }
  }

  private func route(
    of index: Int, _ tops: [Double], _ widths: [Double]
  ) -> [Point] {
    let edge = edges[index]
    let (from, to) = (layerOf[edge.from], layerOf[edge.to])
    let startY = tops[edge.from] + edge.fromPort
    let endY = tops[edge.to] + edge.toPort
    var points = [
      Point(x: corners[edge.from].x + nodes[edge.from].width, y: startY),
      Point(x: lefts[from] + widths[from], y: startY),
    ]
    for lane in lanes[index] {
      let layer = vertices[lane].layer
      let ends = [lefts[layer], lefts[layer] + widths[layer]]
      points += (isReversed[index] ? ends.reversed() : ends).map { Point(x: $0, y: tops[lane]) }
    }
    return points + [
      Point(x: lefts[to], y: endY), Point(x: corners[edge.to].x, y: endY),
    ]
  }
}
