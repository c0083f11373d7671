import PetriNet
import Testing

@testable import CEL
@testable import Engine

/// Waits that depend on a token, where the token is older than the arc.
struct LaterWaitTests {
  private static func yaml(_ wait: String) -> String {
    """
    workflow: w
    actions: {use: {takes: {n: int}, returns: unit, effect: none}}
    places:
      a: {start: int}
      lines: {shared: {n: int}, initial: [{n: 1}, {n: 0}]}
      done: {end: int}
    transitions:
      take:
        in: {x: a, l: {from: lines\(wait)}}
        action: use
        with: {n: x}
        then: {ok: {lines: l, done: x}, failed: {done: x}}
    """
  }

  @Test func `a token in flight when a version comes is given the waits of its arcs`() throws {
    let world = try World(Self.yaml(""))
    world.start(1)
    world.forget()

    try world.load(Self.yaml(", after: \"duration(string(l.n) + 's')\""), version: 2)
    world.logged("6 registers workflow w\n7 waits 3.0 3.1")
    world.take(
      .terminate(EndCase(caseID: CaseID(Seq(4)), by: Subject("local:ops"))))
    world.end("take", .ok(.null))
    try world.restart()
    world.pass(2)
    world.start(2)
    world.start(3)

    #expect(world.trail.filter { $0.contains("starts") }.count == 2)
  }

  @Test func `a wait that raises is an incident, at a later version and when it is tried again`()
    throws
  {
    let world = try World(Self.yaml(""))
    try world.load(Self.yaml(", after: \"duration(string(1 / l.n) + 's')\""), version: 2)

    world.logged(
      """
      4 registers workflow w
      5 waits 3.0
      6 incident division_by_zero /transitions/take/in/after (3.1)
      """)
    world.take(
      .resolveIncident(
        ResolveIncident(incident: IncidentID(Seq(6)), how: .retry, by: Subject("local:ops"))))
    world.logged(
      """
      7 resolves 6 retried
      8 incident division_by_zero /transitions/take/in/after (3.1)
      """)
    try world.restart()
  }

  @Test func `what a version sets aside while a firing holds it ends when the token is gone`()
    throws
  {
    let world = try World(Self.yaml(""))
    world.start(1)
    world.start(2)
    try world.load(Self.yaml(", after: \"duration(string(1 / l.n) + 's')\""), version: 2)
    world.end("take", .ok(.null))
    world.forget()

    world.end("take", .failed(code: "busy", retry: false, happened: .no))

    world.logged(
      """
      13 c6 7 completed failed busy → done=same 6.0
      14 c6 closed completed done:1
      15 resolves 10 gone
      """)
    try world.restart()
  }

  @Test(arguments: ["5s", "\"duration(string(4 + l.n) + 's')\""])
  func `the clock looks at what waits on the arcs of a later version`(wait: String) throws {
    func yaml(_ clean: String) -> String {
      """
      workflow: w
      places:
        a: {start: unit}
        lines: {shared: {n: int}, initial: [{n: 1}]}
        done: {end: unit}
      transitions:
        go: {in: {x: a}, out: {done: unit}}
        \(clean)
      """
    }
    let world = try World(yaml("keep: {in: {l: lines}, guard: l.n > 5, out: {}}"))
    try world.load(yaml("clean: {in: {l: {from: lines, after: \(wait)}}, out: {}}"), version: 2)
    world.forget()

    world.pass(4)
    #expect(world.trail.isEmpty)
    world.pass(1)

    #expect(world.trail.map { $0.contains("clean 3.0") } == [true])
  }
}
