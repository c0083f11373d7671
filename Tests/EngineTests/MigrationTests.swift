import CEL
import Testing

@testable import Engine

struct MigrationTests {
  static let yaml = """
    workflow: w
    actions: {look: {takes: {n: int}, returns: unit, effect: none}}
    types: {Item: {n: int}}
    places:
      a: {start: Item}
      b: {n: int}
      c: {n: int}
      done: {end: int}
    transitions:
      split: {in: {x: a}, out: {b: {n: x.n}}}
      look:
        in: {x: b}
        action: look
        with: {n: x.n}
        limit: 1
        timeout: 1h
        then: {ok: {c: {n: 10 / x.n}}, failed: {done: 0}}
      help: {in: {x: c}, task: help, then: {ok: {done: x.n}}}
      late: {in: {x: {from: c, after: 1h}}, out: {done: x.n}}
    """

  private func world() throws -> (World, DefinitionID) {
    let world = try World(Self.yaml)
    return (world, DefinitionID(Seq(2)))
  }

  private func migrate(
    _ world: World, _ id: CaseID, _ places: [MigrateCase.Move] = [], to: DefinitionID? = nil
  ) {
    world.take(
      .migrate(
        MigrateCase(
          caseID: id, to: to, places: places, by: Subject("local:ops"), why: "repaired")))
  }

  @Test func `a case goes to the version its operator names, token for token, and keeps its age`()
    throws
  {
    let (world, _) = try world()
    let id = world.start(["n": 2])
    world.end("look", .ok(.null))
    world.wait(60)
    let new = try world.load(
      Self.yaml.replacing("Item: {n: int}", with: "Item: {n: int, why: string?}")
        .replacing("c: {n: int}", with: "d: {n: int, tries: int = 0}")
        .replacing("c: {n: 10 / x.n}", with: "d: {n: 10 / x.n}")
        .replacing("{x: c}", with: "{x: d}").replacing("from: c", with: "from: d"), version: 2)
    world.forget()

    migrate(world, id)
    migrate(world, id, [.init(from: "c", to: "d")])
    world.pass(3_600)

    world.logged(
      """
      9 c3 refused migrate no_such_place of 3
      10 c3 withdraws 7 migrated
      11 c3 migrates 2..8 6.0 → d={n: 5, tries: 0}@0s
      12 c3 offers help 11.0
      13 c3 late 11.0 → done=5
      14 c3 withdraws 12 taken
      15 c3 closed completed done:1
      """)
    #expect(new == DefinitionID(Seq(8)))
    try world.restart()
  }

  @Test func `a firing in flight goes along, and a repaired version makes its outputs again`()
    throws
  {
    let (world, _) = try world()
    let id = world.start(["n": 0])
    world.end("look", .ok(.null))
    try world.load(Self.yaml.replacing("10 / x.n", with: "'x.n == 0 ? 7 : 10 / x.n'"), version: 2)
    world.forget()

    migrate(world, id)
    world.take(
      .resolveIncident(
        ResolveIncident(incident: IncidentID(Seq(7)), how: .retry, by: Subject("local:ops"))))

    world.logged(
      """
      9 c3 migrates 2..8 ["5:look"] →
      10 c3 5 settled retried → c={n: 7}
      11 c3 resolves 7 settled
      12 c3 offers help 10.0
      """)
    try world.restart()
  }

  @Test func `a binding set aside is tried again in the version that its case went to`() throws {
    let yaml = Self.yaml.replacing("with: {n: x.n}", with: "with: {n: 10 / x.n}")
    let world = try World(yaml)
    let id = world.start(["n": 0])
    try world.load(Self.yaml, version: 2)
    world.forget()

    migrate(world, id)

    world.logged(
      """
      7 c3 migrates 2..6 4.0 → b=same 4.0@0s
      8 c3 resolves 5 gone
      9 c3 look starts look{n: 0} 7.0 until 3600s
      """)
    try world.restart()
  }

  @Test func `what does not fit the other version is refused`() throws {
    let (world, old) = try world()
    let id = world.start(["n": 5])
    try world.load(
      Self.yaml.replacing("  look:\n", with: "  look_up:\n"), version: 2)
    world.forget()

    migrate(world, id)
    migrate(world, id, to: old)
    migrate(world, CaseID(Seq(99)))
    migrate(world, id, to: DefinitionID(Seq(4)))

    world.logged(
      """
      7 c3 refused migrate no_such_firing of 5
      8 refused migrate case_closed of 99
      9 c3 refused migrate no_such_workflow of 4
      """)
    try world.restart()
  }

  @Test func `a limit counts firings that went along`() throws {
    let (world, _) = try world()
    let id = world.start(["n": 5])
    world.start(["n": 6])
    try world.load(Self.yaml.replacing("after: 1h", with: "after: 2h"), version: 2)

    migrate(world, id)
    world.forget()
    world.end("look", .ok(.null))

    #expect(world.trail.contains { $0.contains("look starts look{n: 6}") })
    try world.restart()
  }
}
