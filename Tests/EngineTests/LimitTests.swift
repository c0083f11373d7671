import PetriNet
import Testing

@testable import Engine

/// A limit counts the firings of all versions by the transition's name.
struct LimitTests {
  private static func yaml(_ limit: String) -> String {
    """
    workflow: w
    actions: {use: {takes: {n: int}, returns: unit, effect: none}}
    places:
      a: {start: int}
      done: {end: int}
    transitions:
      take:
        in: {x: a}
        action: use
        with: {n: x}
        \(limit)
        then: {ok: {done: x}, failed: {done: x}}
    """
  }

  @Test(arguments: [
    ("", "limit: 2", 1), ("limit: 5", "limit: 2", 1), ("limit: {max: 1, per: x}", "limit: 2", 1),
    ("limit: 5", "", 2), ("limit: 5", "limit: {max: 1, per: x}", 2),
    ("limit: {max: 1, per: x}", "limit: {max: 1, per: x}", 1),
  ])
  func `what an earlier version began counts for a later one`(
    _ earlier: String, _ later: String, _ begun: Int
  ) throws {
    let world = try World(Self.yaml(earlier))
    world.start(1)

    try world.load(Self.yaml(later), version: 2)
    world.forget()
    world.start(1)
    world.start(2)

    #expect(world.trail.filter { $0.contains("starts") }.count == begun)
    try world.restart()
    world.forget()
    world.end("take", .ok(.null))
    world.pass(1)
    #expect(world.trail.filter { $0.contains("starts") }.count == 2 - begun)
  }
}
