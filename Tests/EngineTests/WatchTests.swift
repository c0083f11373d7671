import PetriNet
import Testing

@testable import CEL
@testable import Engine

/// `invariants` with `watch: true` while a net runs.
struct WatchTests {
  @Test func `what breaks in a case is an incident that stops nothing, told once`() throws {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: int}
        b: int
        c: int
        done: {end: int}
      transitions:
        split: {in: {x: a}, guard: x > 0, out: {b: x, c: x}}
        alone: {in: {x: a}, guard: x <= 0, out: {b: x}}
        move: {in: {x: {from: b, after: 1s}}, out: {c: x}}
        join: {in: {xs: {from: c, count: 1..2, after: 2s}}, out: {done: size(xs)}}
      invariants:
        one: {always: b + c <= 1, watch: true}
        unwatched: {always: b + c <= 1}
      """)

    world.start(1)
    world.start(0)
    world.pass(9)

    #expect(
      world.trail.filter { $0.contains("incident") } == ["5 c3 incident invariant /invariants/one"])
    #expect(world.trail.isEmpty && world.machine.state.cases.isEmpty)
    try world.restart()
  }

  @Test func `what is broken when the log is opened was told before`() throws {
    let world = try World(
      """
      workflow: w
      places: {a: {start: int}, b: int, c: int, done: {end: int}}
      transitions:
        go: {in: {x: a}, out: {b: x}}
        hold: {in: {x: {from: b, after: 1s}}, out: {c: x}}
        end: {in: {x: {from: c, after: 1s}}, out: {done: x}}
      invariants: {never: {always: b + c == 0, watch: true}}
      """)

    world.start(1)
    try world.restart()
    world.pass(1)

    #expect(world.trail.filter { $0.contains("invariant") }.count == 1)
  }

  private static let pool = """
    workflow: w
    types: {Line: {id: int}}
    actions: {use: {takes: {n: int}, returns: unit, effect: none}}
    places:
      a: {start: int}
      b: int
      lines: {shared: Line, initial: [{id: 1}, {id: 2}]}
      done: {end: int}
    transitions:
      take:
        in: {x: a, l: lines}
        action: use
        with: {n: x}
        then: {ok: {lines: l, b: x}, failed: {b: x}}
      end: {in: {x: {from: b, after: 1s}}, out: {done: x}}
    invariants:
      two: {always: lines + take.l == 2, watch: true}
      once: {always: lines + take.l == 1, by: id, watch: true}
    """

  @Test func `the whole net is watched where a shared place is named, value by value with by`()
    throws
  {
    let world = try World(Self.pool)

    world.start(1)
    world.start(2)
    #expect(world.trail.allSatisfy { !$0.contains("incident") })
    world.end("take", .ok(.null))
    try world.restart()
    world.end("take", .failed(code: "busy", retry: false, happened: .no))
    world.pass(3)

    #expect(
      world.trail.filter { $0.contains("incident") } == [
        "12 incident invariant /invariants/two", "13 incident invariant /invariants/once",
      ])
    try world.restart()
    world.forget()
    world.deposit("lines", ["id": 1])
    #expect(
      world.trail.map { String($0.drop { $0 != " " }) } == [
        " deposit → w/lines={id: 1}", " incident invariant /invariants/once",
      ])
  }

  @Test func `a later version goes on counting what is there, and pausing tells nothing again`()
    throws
  {
    let world = try World(Self.pool)
    world.deposit("lines", ["id": 3])
    world.forget()

    world.take(.pause(SetPause(target: .workflow(world.workflow), by: .local)))
    world.take(.resume(SetPause(target: .workflow(world.workflow), by: .local)))
    #expect(world.trail.count == 2)
    try world.load(
      Self.pool + "\n  three: {always: lines + take.l == 3, watch: true}\n", version: 2)

    world.logged(
      """
      8 registers workflow w
      9 incident invariant /invariants/two
      """)
  }
}
