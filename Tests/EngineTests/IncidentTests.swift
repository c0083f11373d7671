import CEL
import PetriNet
import Testing

@testable import Engine

struct IncidentTests {
  static let divider = """
    workflow: w
    places: {a: {start: int}, b: int, done: {end: int}, late: {end: int}}
    transitions:
      go: {in: {x: a}, out: {b: x}}
      divide: {in: {x: b}, guard: 10 / x > 1, out: {done: x}}
      rescue: {in: {x: {from: b, after: 1h}}, out: {late: x}}
    """

  @Test
  func `an expression that raises sets the binding aside, and a timer still rescues the case`()
    throws
  {
    let world = try World(Self.divider)

    world.start(0)
    world.start(5)
    try world.restart()
    world.pass(3_600)

    world.logged(
      """
      3 c3 opened → a=0
      4 c3 go 3.0 → b=same 3.0
      5 c3 incident division_by_zero /transitions/divide/guard (4.0)
      6 c6 opened → a=5
      7 c6 go 6.0 → b=same 6.0
      8 c6 divide 7.0 → done=same 6.0
      9 c6 closed completed done:1
      10 owner
      11 c3 rescue 4.0 → late=same 3.0
      12 c3 closed completed late:1
      """)
  }

  @Test func `a binding is tried again, or left aside, when an operator says so`() throws {
    let world = try World(Self.divider)
    world.start(0)
    let incident = world.machine.state.incidents.keys.first ?? IncidentID(Seq(0))
    world.forget()

    world.take(
      .resolveIncident(
        ResolveIncident(incident: incident, how: .retry, by: Subject("local:ops"))))
    let second = world.machine.state.incidents.keys.first ?? IncidentID(Seq(0))
    world.take(
      .resolveIncident(ResolveIncident(incident: second, how: .ignore, by: Subject("local:ops"))))
    world.take(
      .resolveIncident(ResolveIncident(incident: second, how: .ignore, by: Subject("local:ops"))))

    world.logged(
      """
      6 c3 resolves 5 retried
      7 c3 incident division_by_zero /transitions/divide/guard (4.0)
      8 c3 resolves 7 ignored
      9 refused resolve incident_resolved of 7
      """)
    #expect(world.machine.state.incidents.isEmpty)
  }

  @Test func `a list that was left aside for good is another one without one of its tokens`() throws
  {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: int}
        notes: {shared: int, initial: [1, 2]}
        old: {shared: int}
        off: {message: unit, keep: 1d}
        done: {end: int}
      transitions:
        divide: {in: {x: a, l: {from: notes, count: 0..2}}, out: {done: 6 / x}}
        clear: {in: {o: off, n: notes}, out: {old: n}}
      """)
    world.start(0)
    let incident = world.machine.state.incidents.keys.first ?? IncidentID(Seq(0))
    world.take(
      .resolveIncident(ResolveIncident(incident: incident, how: .ignore, by: Subject("local:ops"))))
    try world.restart()
    world.forget()

    world.message("off", .null)

    world.logged(
      """
      9 deposit → w/off
      10 clear 9.0 3.0 → w/old=same 3.0
      11 c5 incident division_by_zero /transitions/divide/out/done (3.1 5.0)
      12 c5 incident division_by_zero /transitions/divide/out/done (5.0)
      """)
  }

  @Test func `outputs of a one-step transition that raise set its binding aside`() throws {
    let world = try World(
      """
      workflow: w
      places: {a: {start: int}, done: {end: int 0..9}}
      transitions:
        add: {in: {x: a}, out: {done: x + 5}}
      """)

    world.start(3)
    world.start(7)

    world.logged(
      """
      3 c3 opened → a=3
      4 c3 add 3.0 → done=8
      5 c3 closed completed done:1
      6 c6 opened → a=7
      7 c6 incident out_of_colour_set /transitions/add/out/done (6.0)
      """)
  }

  @Test func `too many open incidents halt a transition, and it goes on when they are fewer`()
    throws
  {
    var limits = Limits()
    limits.incidentsMax = 2
    let world = try World(Self.divider, limits: limits)

    world.start(0)
    world.start(0)
    world.start(5)
    let state = world.machine.state
    let incident = state.incidents.keys.sorted()[0]
    try world.restart()
    world.take(
      .terminate(
        EndCase(
          caseID: state.incidents[incident]?.caseID ?? CaseID(Seq(0)), by: Subject("local:ops"))))

    world.logged(
      """
      3 c3 opened → a=0
      4 c3 go 3.0 → b=same 3.0
      5 c3 incident division_by_zero /transitions/divide/guard (4.0)
      6 c6 opened → a=0
      7 c6 go 6.0 → b=same 6.0
      8 c6 incident division_by_zero /transitions/divide/guard (7.0)
      9 paused w divide incidents
      10 c10 opened → a=5
      11 c10 go 10.0 → b=same 10.0
      12 owner
      13 c3 closed terminated
      14 resumed w divide
      15 c10 divide 11.0 → done=same 10.0
      16 c10 closed completed done:1
      """)
  }

  @Test func `a case that runs in a circle at one instant becomes an incident and rests`() throws {
    var limits = Limits()
    limits.stepsAtOneInstantMax = 4
    let world = try World(
      """
      workflow: w
      places: {a: {start: int}, b: int, done: {end: int}}
      transitions:
        there: {in: {x: a}, out: {b: x}}
        back: {in: {x: b}, out: {a: x}}
        leave: {in: {x: a}, guard: x > 5, out: {done: x}}
      """, limits: limits)

    world.start(1)
    world.wait(1)
    world.take(.tick)

    world.logged(
      """
      3 c3 opened → a=1
      4 c3 there 3.0 → b=same 3.0
      5 c3 back 4.0 → a=same 3.0
      6 c3 there 5.0 → b=same 3.0
      7 c3 back 6.0 → a=same 3.0
      8 c3 incident runaway
      """)
    #expect(world.machine.state.cases.count == 1)
  }

  @Test func `a firing whose outputs raised keeps its outcome until a person settles it`() throws {
    let world = try World(
      """
      workflow: w
      actions: {look: {takes: unit, returns: list<int>, effect: none}}
      places:
        a: {start: unit}
        slots: {shared: unit, initial: 1}
        done: {end: int}
        failed: {end: unit}
      transitions:
        t:
          in: {x: a, s: slots}
          action: look
          with: unit
          then: {ok: {done: "result[0]", slots: unit}, failed: {failed: unit, slots: unit}}
      """)

    world.start()
    world.end("t", .ok([]))
    try world.restart()
    let firing = world.firing("t")
    world.take(.settle(SettleFiring(firing: firing, how: .retry, by: Subject("local:ops"))))
    world.take(
      .settle(SettleFiring(firing: firing, how: .choose("failed"), by: Subject("local:ops"))))

    world.logged(
      """
      4 c4 opened → a
      5 c4 t starts look() 4.0 3.0 until 30s
      6 c4 5 completed ok [] → raised
      7 c4 incident index_out_of_range /transitions/t/then/ok/done firing 5
      8 owner
      9 c4 refused settle raised of 5
      10 c4 5 settled chosen failed → failed, w/slots
      11 c4 resolves 7 settled
      12 c4 closed completed failed:1
      """)
    #expect(world.marking == ["w/slots=null"])
  }

  @Test func `a dropped firing gives shared tokens back and loses those of its case`() throws {
    let world = try World(
      """
      workflow: w
      actions: {look: {takes: unit, returns: list<int>, effect: none}}
      places: {a: {start: unit}, slots: {shared: unit, initial: 1}, done: {end: int}}
      transitions:
        t:
          in: {x: a, s: slots}
          action: look
          with: unit
          then: {ok: {done: "result[0]", slots: unit}, failed: {slots: unit}}
      """)

    world.start()
    world.end("t", .ok([]))
    world.take(
      .settle(SettleFiring(firing: world.firing("t"), how: .drop, by: Subject("local:ops"))))

    world.logged(
      """
      4 c4 opened → a
      5 c4 t starts look() 4.0 3.0 until 30s
      6 c4 5 completed ok [] → raised
      7 c4 incident index_out_of_range /transitions/t/then/ok/done firing 5
      8 c4 5 settled dropped
      9 c4 resolves 7 settled
      10 c4 closed completed
      """)
    #expect(world.marking == ["w/slots=null"])
  }
}
