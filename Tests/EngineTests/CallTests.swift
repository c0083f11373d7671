import CEL
import PetriNet
import Testing
import Workflows

@testable import Engine

struct CallTests {
  /// A world with workflow `a`, which the tests start, and others that it may call.
  static func world(_ caller: String, _ others: String...) throws -> World {
    let world = World()
    var interfaces: [WorkflowInterface] = []
    let sources = try (others + [caller]).map { text in
      let loader = NetLoader(files: FileSource(["w.yaml": text]))
      return try #require(loader.source(at: "w.yaml"), "\(loader.findings)")
    }
    for source in sources { interfaces.append(NetCompiler.interface(of: source)) }
    for (number, source) in sources.enumerated() {
      let context = CompilationContext(workflows: interfaces)
      let net = try NetCompiler.compile(source, context: context).net
      world.register(net, version: UInt8(number + 1))
    }
    world.forget()
    return world
  }

  static let caller = """
    workflow: a
    places:
      s: {start: {id: string, n: int}}
      b: unit
      slots: {shared: unit, initial: 1}
      done: {end: string}
    transitions:
      split: {in: {x: s}, out: {b: unit}}
      ask:
        in: {x: b, p: slots}
        call: child
        with: {id: input.id, n: input.n}
        then:
          good: {done: "'good ' + result.id", slots: unit}
          bad: {done: "'bad ' + string(size(result))", slots: unit}
          cancelled: {done: "'cancelled'", slots: unit}
    """

  static let child = """
    workflow: child
    CASE
    places:
      s: {start: {id: string, n: int}, capacity: 2}
      w: {id: string, n: int}
      stop: {by: string, why: string}
      good: {end: {id: string}}
      bad: {end: unit, many: true}
    transitions:
      wait: {in: {x: s}, out: {w: x}}
      halt: {in: {c: stop, x: w}, priority: 1, out: {good: {id: "'halted'"}}}
      go:
        in: {x: {from: w, after: 5s}}
        choose:
          good: {when: x.n > 0, out: {good: {id: x.id}}}
          else: {out: {bad: {each: "[1, 2]", as: i, put: unit}}}
    """

  static func child(_ rules: String) -> String {
    let lines = child.replacing("CASE", with: rules).split(separator: "\n")
    if rules.contains("cancel") { return lines.joined(separator: "\n") }
    return lines.filter { !$0.contains("stop") }.joined(separator: "\n")
  }

  @Test func `cancelling goes down, and what the call held comes back when its case has ended`()
    throws
  {
    let world = try Self.world(Self.caller, Self.child("case: {cancel: stop}"))

    let caseID = world.start(["id": "x", "n": 1])
    world.forget()
    world.take(.cancel(EndCase(caseID: caseID, by: Subject("local:kim"))))

    world.logged(
      """
      10 c5 closed cancelled
      11 c8 deposit → stop={by: 'engine', why: ''}
      12 c8 halt 11.0 9.0 → good={id: 'halted'}
      13 c8 closed completed good:1
      14 c5 7 late good
      """)
    #expect(world.marking == ["a/slots=null"])
    try world.restart()
  }

  @Test func `a terminated parent terminates its child`() throws {
    let world = try Self.world(Self.caller, Self.child("case: {cancel: stop}"))

    let caseID = world.start(["id": "x", "n": 1])
    world.forget()
    world.take(.terminate(EndCase(caseID: caseID, by: Subject("local:kim"))))

    world.logged(
      """
      10 c5 closed terminated
      11 c8 closed terminated
      12 c5 7 late cancelled
      """)
    #expect(world.machine.state.firings.isEmpty)
  }

  @Test func `a call that would wait for itself is a cycle`() throws {
    let world = try Self.world(
      """
      workflow: a
      case: {key: input}
      places: {s: {start: string}, p: string, done: {end: string}}
      transitions:
        next: {in: {x: s}, out: {p: "{'x': 'y', 'y': 'x'}[x]"}}
        ask: {in: {x: p}, call: a, with: x, then: {done: {done: result}, cancelled: {done: "'cycle'"}}}
      """)

    world.start("x")

    world.logged(
      """
      3 c3 opened x → s='x'
      4 c3 next 3.0 → p='y'
      5 c3 ask calls a 4.0
      6 c6 opened y for 5 → s='y'
      7 c6 next 6.0 → p='x'
      8 c6 ask calls a 7.0
      9 c6 8 ended cancelled cycle → done='cycle'
      10 c6 closed completed done:1
      11 c3 5 ended done by c6 → done='cycle'
      12 c3 closed completed done:1
      """)
    try world.restart()
  }

  @Test func `calls that go ever deeper end somewhere`() throws {
    let world = try Self.world(
      """
      workflow: a
      places: {s: {start: int}, done: {end: int}}
      transitions:
        ask: {in: {x: s}, call: a, with: x + 1, then: {done: {done: result}, cancelled: {done: x}}}
      """)

    world.start(1)

    #expect(world.machine.state.cases.isEmpty)
    #expect(world.trail.contains { $0.hasSuffix("ended cancelled cycle → done=same 201.0") })
  }
}
