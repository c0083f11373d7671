import PetriNet
import Testing

/// What is told where a file holds very many names.
@Suite struct ManyNamesTests {
  @Test func `a message lists forty names, and says how many there are of more`() throws {
    let alone = try names(arcs: 1)

    for arcs in [40 - alone.count + 1, 40 - alone.count + 2, 200] {
      let told = try names(arcs: arcs)
      let count = alone.count - 1 + arcs

      #expect(told.prefix(40).allSatisfy { !$0.contains("…") })
      #expect(told.dropFirst(40) == (count <= 40 ? [] : ["… (\(count))"]))
      #expect(told.count == min(count, 41))
    }
  }

  /// What may stand where an unknown variable does.
  private func names(arcs: Int) throws -> [String] {
    let list = (0..<arcs).map { "a\($0): q" }.joined(separator: ", ")
    let net = BrokenNet(
      "",
      """
      workflow: w
      places:
        asked: {start: {n: int}}
        q: {shared: {n: int}}
        done: {end: unit}
      transitions:
        take: {in: {o: asked, \(list)}, guard: zzzzzzzzz.n > 1, out: {done: unit}}
      """, [])
    let finding = try #require(net.compiled.first { $0.code == "P103" })
    return finding.expected.dropFirst("one of ".count).split(separator: ", ").map(String.init)
  }

  @Test(arguments: [20, 1_500])
  func `the nearest names are looked for as long as it costs little`(_ count: Int) {
    let places = (0..<count).map { "  place_\($0): unit" }.joined(separator: "\n")
    let transitions = (0..<count).map { "  t\($0): {in: {o: plce_\($0)}, out: {done: unit}}" }
    let net = BrokenNet(
      "",
      """
      workflow: w
      places:
        asked: {start: unit}
        done: {end: unit}
      \(places)
      transitions:
        first: {in: {o: asked}, out: {place_0: unit}}
      \(transitions.joined(separator: "\n"))
      """, [])
    let nearest = net.compiled.filter { $0.code == "P103" }.map(\.nearest)

    #expect(nearest.count == count)
    #expect(Array(nearest.prefix(20)) == (0..<20).map { Optional("place_\($0)") })
    #expect(nearest.suffix(20).allSatisfy { ($0 != nil) == (count == 20) })
  }
}
