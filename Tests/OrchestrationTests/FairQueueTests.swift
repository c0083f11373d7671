import Testing

@testable import Orchestration

/// Whose turn it is where flows wait beside each other.
@Suite struct FairQueueTests {
  @Test func `flows share by weight, and within a flow the first come is the first served`() {
    var queue = FairQueue<String>()
    for number in 0..<30 { queue.add("a\(number)", flow: "a") }
    for number in 0..<30 { queue.add("b\(number)", flow: "b", weight: 2) }

    let served = (0..<30).compactMap { _ in queue.removeFirst() }

    #expect(served.filter { $0.hasPrefix("a") } == (0..<10).map { "a\($0)" })
    #expect(served.filter { $0.hasPrefix("b") } == (0..<20).map { "b\($0)" })
    #expect(queue.count == 30)
  }

  @Test func `a flow that was idle begins where the others are, and has saved up no turns`() {
    var queue = FairQueue<String>()
    for number in 0..<100 { queue.add("a\(number)", flow: "a") }
    for _ in 0..<50 { _ = queue.removeFirst() }
    for number in 0..<5 { queue.add("b\(number)", flow: "b") }

    let served = (0..<10).compactMap { _ in queue.removeFirst() }

    #expect(served.count { $0.hasPrefix("b") } == 5)
    #expect(served.first == "a50" || served.first == "b0")
  }

  /// Every order of coming, several weights: what is served while all wait is shared by weight to
  /// within one item each.
  @Test(arguments: 0..<50 as Range<UInt64>)
  func `while all wait, nobody is more than a turn away from its share`(_ seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func draw(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    let weights = (0...draw(4) + 1).map { _ in draw(9) + 1 }
    var queue = FairQueue<Int>()
    var left = weights.map { $0 * 40 }
    while let flow = left.indices.filter({ left[$0] > 0 }).randomPick(draw) {
      left[flow] -= 1
      queue.add(flow, flow: "\(flow)", weight: weights[flow])
    }
    var served = weights.map { _ in 0 }

    for _ in 0..<20 * weights.reduce(0, +) {
      guard let flow = queue.removeFirst() else { break }
      served[flow] += 1
      for (one, weight) in zip(served, weights) {
        for (two, other) in zip(served, weights) {
          #expect(one * other - two * weight <= weight + other)
        }
      }
    }

    #expect(served.reduce(0, +) == 20 * weights.reduce(0, +))
  }

  @Test func `what is not wanted any more is dropped, and the rest keeps its order`() {
    var queue = FairQueue<Int>()
    for number in 0..<1_000 { queue.add(number, flow: number % 3 == 0 ? "a" : "b") }

    var served: [Int] = []
    while let number = queue.removeFirst(where: { $0 % 10 == 0 }) { served.append(number) }

    #expect(served.filter { $0 % 3 == 0 } == stride(from: 0, to: 1_000, by: 30).map { $0 })
    #expect(served.count == 100)
    #expect(queue.count == 0)
  }
}

extension [Int] {
  fileprivate func randomPick(_ draw: (Int) -> Int) -> Int? {
    isEmpty ? nil : self[draw(count)]
  }
}
