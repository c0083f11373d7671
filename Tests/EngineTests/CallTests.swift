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

  @Test func `a called case is a case with a parent, and its first end token is the outcome`()
    throws
  {
    let world = try Self.world(Self.caller, Self.child(""))

    world.start(["id": "x", "n": 1])
    world.start(["id": "y", "n": 0])
    world.pass(20)

    world.logged(
      """
      5 c5 opened → s={id: 'x', n: 1}
      6 c5 split 5.0 → b
      7 c5 ask calls child 6.0 4.0
      8 c8 opened for 7 → s={id: 'x', n: 1}
      9 c8 wait 8.0 → w=same 8.0
      10 c10 opened → s={id: 'y', n: 0}
      11 c10 split 10.0 → b
      12 c8 go.good 9.0 → good={id: 'x'}
      13 c8 closed completed good:1
      14 c5 7 ended good by c8 {id: 'x'} → done='good x', w/slots
      15 c5 closed completed done:1
      16 c10 ask calls child 11.0 14.1
      17 c17 opened for 16 → s={id: 'y', n: 0}
      18 c17 wait 17.0 → w=same 17.0
      19 c17 go.else 18.0 → bad, bad
      20 c17 closed completed bad:2
      21 c10 16 ended bad by c17 [null, null] → done='bad 2', w/slots
      22 c10 closed completed done:1
      """.replacing("w/slots", with: "a/slots"))
    try world.restart()
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

  @Test func `a child that was cancelled ends its call as cancelled`() throws {
    let world = try Self.world(Self.caller, Self.child(""))

    world.start(["id": "x", "n": 1])
    world.forget()
    world.take(.cancel(EndCase(caseID: CaseID(Seq(8)), by: Subject("local:kim"))))

    world.logged(
      """
      10 c8 closed cancelled
      11 c5 7 ended cancelled by c8 → done='cancelled', a/slots
      12 c5 closed completed done:1
      """)
  }

  @Test func `a child that others asked for too goes on`() throws {
    let yaml = Self.caller.replacing(
      "slots: {shared: unit, initial: 1}", with: "slots: {shared: unit, initial: 2}")
    let world = try Self.world(yaml, Self.child("case: {key: input.id}"))

    let first = world.start(["id": "x", "n": 1])
    world.start(["id": "x", "n": 1])
    world.forget()
    world.take(.cancel(EndCase(caseID: first, by: Subject("local:kim"))))
    world.pass(9)

    world.logged(
      """
      14 c5 closed cancelled
      15 c8 go.good 9.0 → good={id: 'x'}
      16 c8 closed completed good:1
      17 c5 7 late good
      18 c10 12 ended good by c8 {id: 'x'} → done='good x', a/slots
      19 c10 closed completed done:1
      """)
    #expect(world.marking == ["a/slots=null", "a/slots=null"])
    try world.restart()
  }

  @Test func `a refused start is cancelled`() throws {
    let yaml = Self.caller.replacing(
      "slots: {shared: unit, initial: 1}", with: "slots: {shared: unit, initial: 3}")
    let world = try Self.world(yaml, Self.child("case: {key: input.id, again: refuse}"))

    world.start(["id": "x", "n": 1])
    world.start(["id": "x", "n": 1])

    #expect(
      world.trail.suffix(3) == [
        "12 c10 ask calls child 11.0 4.1",
        "13 c10 12 ended cancelled case_exists → done='cancelled', a/slots",
        "14 c10 closed completed done:1",
      ])
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

  @Test func `a called version is the one its caller was loaded with`() throws {
    let world = try Self.world(Self.caller, Self.child(""))
    let loader = NetLoader(
      files: FileSource(["w.yaml": Self.child("").replacing("after: 5s", with: "after: 1s")]))
    let source = try #require(loader.source(at: "w.yaml"))
    world.register(try NetCompiler.compile(source).net, version: 9)
    world.forget()

    world.start(["id": "x", "n": 1])
    world.pass(2)

    #expect(world.trail.last == "10 c9 wait 9.0 → w=same 9.0")
    #expect(world.machine.state.cases[CaseID(Seq(9))]?.workflow == DefinitionID(Seq(2)))
    #expect(
      world.machine.versionsCalled(by: world.nets.filter { $0.key != DefinitionID(Seq(2)) }) == [
        DefinitionID(Seq(2))
      ])
    try world.restart()
  }

  @Test func `a cancel arc over a call cancels its case`() throws {
    let yaml =
      Self.caller
      + "\n  stop: {in: {t: {from: t, after: 2s}}, cancel: {x: b}, out: {done: \"'stopped'\"}}"
    let world = try Self.world(
      yaml.replacing("  b: unit\n", with: "  b: unit\n  t: unit\n").replacing(
        "out: {b: unit}}", with: "out: {b: unit, t: unit}}"),
      Self.child(""))

    world.start(["id": "x", "n": 1])
    world.forget()
    world.pass(3)

    world.logged(
      """
      10 c5 stop 6.1 aborts 7(6.0) → done='stopped'
      11 c8 closed cancelled
      12 c5 7 late cancelled
      13 c5 closed completed done:1
      """)
    #expect(world.marking == ["a/slots=null"])
  }

  @Test func `outputs that raise leave the call's outcome to be settled`() throws {
    let world = try Self.world(
      Self.caller.replacing("'good ' + result.id", with: "string(1 / (size(result.id) - 1))"),
      Self.child(""))

    world.start(["id": "x", "n": 1])
    world.pass(6)
    try world.restart()
    world.take(
      .settle(
        SettleFiring(firing: FiringID(Seq(7)), how: .choose("cancelled"), by: Subject("local:ops")))
    )

    #expect(
      world.trail.suffix(7) == [
        "11 c8 closed completed good:1", "12 c5 7 ended good by c8 {id: 'x'} → raised",
        "13 c5 incident division_by_zero /transitions/ask/then/good/done firing 7", "14 owner",
        "15 c5 7 settled chosen cancelled → done='cancelled', a/slots",
        "16 c5 resolves 13 settled", "17 c5 closed completed done:1",
      ])
  }
}
