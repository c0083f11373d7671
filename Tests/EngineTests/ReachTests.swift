import CEL
import Testing

@testable import Engine

/// What the firing rule reaches, and whose incident it is when that raises.
struct ReachTests {
  @Test func `what raises before a case is bound is the incident of the first case it could be`()
    throws
  {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: int}
        b: int
        notes: {message: int, keep: 1d}
        done: {end: int, many: true}
      transitions:
        go: {in: {x: a}, out: {b: x}}
        take: {in: {n: {from: notes, where: 6 / n > 1}, x: b}, out: {done: x}}
      """)

    world.start(1)
    world.start(2)
    world.message("notes", 0)
    world.message("notes", 2)

    world.logged(
      """
      3 c3 opened → a=1
      4 c3 go 3.0 → b=same 3.0
      5 c5 opened → a=2
      6 c5 go 5.0 → b=same 5.0
      7 deposit → w/notes=0
      8 c3 incident division_by_zero /transitions/take/in/n/where (7.0)
      9 c5 incident division_by_zero /transitions/take/in/n/where (7.0)
      10 deposit → w/notes=2
      11 c3 take 10.0 4.0 → done=same 3.0
      12 c3 closed completed done:1
      """)
  }

  @Test func `a case whose arcs are all counted has part once it holds a token for them`() throws {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: int}
        b: int
        pool: {shared: int, initial: [0]}
        done: {end: int, many: true}
      transitions:
        take: {in: {xs: {from: b, count: 1..2}}, read: {n: {from: pool, where: 6 / n > 1}}, out: {done: n}}
        go: {in: {x: {from: a, after: 1s}}, out: {b: x}}
      """)

    world.start(1)
    world.start(2)
    world.pass(1)

    world.logged(
      """
      4 c4 opened → a=1
      5 c5 opened → a=2
      6 c4 go 4.0 → b=same 4.0
      7 c4 incident division_by_zero /transitions/take/read/n/where (3.0)
      8 c5 go 5.0 → b=same 5.0
      9 c5 incident division_by_zero /transitions/take/read/n/where (3.0)
      """)
  }

  @Test func `of cases that only counted arcs bind the first one fires, whoever was ready first`()
    throws
  {
    let world = try World(
      """
      workflow: w
      places: {a: {start: int}, b: int, slots: {shared: unit, initial: 1}, done: {end: int}}
      transitions:
        go:
          in: {x: {from: a, after: "duration(string(x) + 's')"}}
          out: {b: {put: x, at: "timestamp(1000005)"}}
        take: {in: {xs: {from: b, count: 1}, s: slots}, out: {done: "xs[0]"}}
      """)

    world.start(3)
    world.start(1)
    world.pass(5)

    world.logged(
      """
      4 c4 opened → a=3{go.x 3s}
      5 c5 opened → a=1{go.x 1s}
      6 c5 go 5.0 → b=same 5.0@5s
      7 c4 go 4.0 → b=same 4.0@5s
      8 c4 take [7.0] 3.0 → done=3
      9 c4 closed completed done:1
      """)
  }

  @Test func `a case found by a read arc takes its counted tokens, whoever began`() throws {
    let world = try World(
      """
      workflow: w
      places: {a: {start: int}, b: int, c: int, slots: {shared: unit}, done: {end: int, many: true}}
      transitions:
        go: {in: {x: a}, out: {b: x, c: x}}
        take: {in: {xs: {from: b, count: 1}, s: slots}, read: {y: c}, out: {done: y}}
        leave: {in: {x: {from: c, after: 1d}}, out: {done: x}}
      """)

    world.start(7)
    world.deposit("slots", .null)

    world.logged(
      """
      4 c4 opened → a=7
      5 c4 go 4.0 → b=same 4.0, c=same 4.0
      6 deposit → w/slots
      7 c4 take [5.0] 6.0 reads 5.1 → done=same 4.0
      """)
  }

  @Test func `a token that comes to a place of unless is looked at where its condition may raise`()
    throws
  {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: int}
        locks: {shared: {v: int}, order: [v]}
        done: {end: int}
      transitions:
        take: {in: {x: a}, unless: {l: {from: locks, where: 6 / l.v > 1}}, out: {done: x}}
      """)

    world.deposit("locks", ["v": 3])
    world.start(7)
    world.deposit("locks", ["v": 0])

    world.logged(
      """
      4 deposit → w/locks={v: 3}
      5 c5 opened → a=7
      6 deposit → w/locks={v: 0}
      7 c5 incident division_by_zero /transitions/take/unless/l (6.0)
      """)
  }

  @Test func `a token that two arcs may take is tried in the order of bindings`() throws {
    let world = try World(
      """
      workflow: w
      places: {a: {start: int}, n: {shared: int}, done: {end: int}}
      transitions:
        pair: {in: {x: n, y: {from: n, where: 6 / (y - y) > 7}}, out: {}}
        go: {in: {x: a}, out: {done: x}}
      """)

    world.deposit("n", 3)
    world.deposit("n", 3)

    world.logged(
      """
      4 deposit → w/n=3
      5 deposit → w/n=3
      6 incident division_by_zero /transitions/pair/in/y/where (5.0)
      """)
  }

  @Test func `a case that no longer rests is looked at beside shared places too`() throws {
    var limits = Limits()
    limits.stepsAtOneInstantMax = 4
    let world = try World(
      """
      workflow: w
      places: {a: {start: int}, b: int, slots: {shared: unit, initial: 1}, done: {end: int}}
      transitions:
        there: {in: {x: a}, out: {b: x}}
        back: {in: {x: b}, out: {a: x}}
        leave: {in: {x: {from: a, after: 1s}, s: slots}, priority: 1, out: {done: x, slots: unit}}
      """, limits: limits)

    world.start(1)
    world.pass(3)
    let incident = world.machine.state.incidents.keys.first ?? IncidentID(Seq(0))
    world.forget()
    world.take(
      .resolveIncident(
        ResolveIncident(incident: incident, how: .retry, by: Subject("local:ops"))))

    world.logged(
      """
      10 c4 resolves 9 retried
      11 c4 leave 8.0 3.0 → done=same 4.0, w/slots
      12 c4 closed completed done:1
      """)
  }

  @Test func `what raises in one case waits for what another case has before it`() throws {
    let world = try World(
      """
      workflow: w
      places: {a: {start: int}, b: int, done: {end: int, many: true}}
      transitions:
        go:
          in: {x: a}
          out: {b: {each: "[0, x]", as: y, put: y, after: "duration(string(y) + 's')"}}
        take: {in: {x: {from: b, where: "6 / (x == 0 ? 1 : 0) > 10"}}, out: {done: x}}
      """)

    world.start(3)
    world.start(2)
    let pause = SetPause(target: .workflow(world.workflow), by: Subject("local:ops"))
    world.take(.pause(pause))
    world.wait(5)
    world.forget()
    world.take(.resume(pause))

    world.logged(
      """
      8 resumed w
      9 c5 incident division_by_zero /transitions/take/in/x/where (6.1)
      10 c3 incident division_by_zero /transitions/take/in/x/where (4.1)
      """)
  }

  @Test func `an offer that raises is made again only after all others were looked at`() throws {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: int}
        b: int
        notes: {shared: {v: int}, order: [v], initial: [{v: 2}]}
        done: {end: int}
      transitions:
        go: {in: {x: a}, out: {b: {put: x, after: 1s}, notes: {put: {v: 0}, after: 1s}}}
        ask: {in: {x: b}, read: {n: {from: notes, where: 6 / n.v > 1}}, task: see, then: {yes: {done: x}}}
      """)

    world.start(1)
    world.start(2)
    world.forget()
    world.pass(1)

    world.logged(
      """
      8 c4 incident division_by_zero /transitions/ask/read/n/where (5.1)
      9 c6 incident division_by_zero /transitions/ask/read/n/where (5.1)
      10 c4 incident division_by_zero /transitions/ask/read/n/where (7.1)
      11 c6 incident division_by_zero /transitions/ask/read/n/where (7.1)
      12 c4 offers ask 5.0 reads 3.0
      13 c6 offers ask 7.0 reads 3.0
      """)
  }

  @Test func `an answer whose outputs raised keeps the room of its outcomes`() throws {
    let world = try World(
      """
      workflow: w
      places: {a: {start: int}, b: {type: int, capacity: 1}, done: {end: int}}
      transitions:
        go: {in: {x: a}, out: {b: x}}
        ask: {in: {x: b}, task: see, then: {again: {b: 6 / x}, leave: {done: x}}}
      """)

    world.start(0)
    world.start(1)
    world.forget()
    world.answer("ask", "again")
    world.take(
      .settle(
        SettleFiring(firing: world.firing("ask"), how: .choose("leave"), by: Subject("local:ops"))))

    world.logged(
      """
      7 c3 ask answered again by local:ada 4.0 → raised
      8 c3 incident division_by_zero /transitions/ask/then/again/b firing 7
      9 c3 7 settled chosen leave → done=same 3.0
      10 c3 resolves 8 settled
      11 c3 closed completed done:1
      12 c6 go 6.0 → b=same 6.0
      13 c6 offers ask 12.0
      """)
  }

  @Test func `a list that gets shorter may enable what its guard held up`() throws {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: int}
        b: int
        c: int
        slots: {shared: unit, initial: 1}
        done: {end: int, many: true}
      transitions:
        go: {in: {x: a}, out: {b: x, c: {each: "[1, 2]"}}}
        take:
          in: {x: b, ys: {from: c, count: all}, s: slots}
          guard: size(ys) < 2
          out: {done: x, slots: unit}
        fall: {in: {y: {from: c, after: 1s, where: y == 1}}, out: {done: y}}
      """)

    world.start(7)
    world.pass(1)

    world.logged(
      """
      4 c4 opened → a=7
      5 c4 go 4.0 → b=same 4.0, c=1, c=2
      6 c4 fall 5.1 → done=same 5.1
      7 c4 take 5.0 [5.2] 3.0 → done=same 4.0, w/slots
      8 c4 closed completed done:2
      """)
  }

  @Test func `a message that was given back expires once`() throws {
    let world = try World(
      """
      workflow: w
      actions: {look: {takes: int, returns: int, effect: none}}
      places: {a: {start: int}, notes: {message: int, keep: 10s}, done: {end: int}}
      transitions:
        t:
          in: {x: a, n: {from: notes, where: n == 5}}
          action: look
          with: n
          then: {ok: {done: x}, failed: {done: x}}
      """)

    world.message("notes", 4)
    world.message("notes", 5)
    let caseID = world.start(1)
    world.take(.terminate(EndCase(caseID: caseID, by: Subject("local:ops"))))
    world.end("t", .ok(1))
    world.forget()
    world.pass(20)

    #expect(world.trail == ["9 expired 3.0 4.0"])
  }

  @Test func `a message that comes back after its time holds up nothing that is due`() throws {
    let world = try World(
      """
      workflow: w
      actions: {look: {takes: int, returns: int, effect: none}}
      places:
        a: {start: int}
        notes: {message: int, keep: 2s}
        done: {end: int, many: true}
      transitions:
        t:
          in: {x: {from: a, where: x == 1}, n: notes}
          action: look
          with: n
          timeout: 5s
          then: {ok: {done: x}, failed: {done: x}}
        u: {in: {x: {from: a, where: x == 2}, n: notes}, out: {done: n}}
        wait: {in: {x: {from: a, after: 5s, where: x == 2}}, priority: 1, out: {done: x}}
      """)

    world.message("notes", 7)
    let caseID = world.start(1)
    world.start(2)
    world.take(.terminate(EndCase(caseID: caseID, by: Subject("local:ops"))))
    world.forget()
    world.pass(6)

    world.logged(
      """
      8 c4 5 late unknown timeout
      9 c6 wait 6.0 → done=same 6.0
      10 c6 closed completed done:1
      11 expired 3.0
      """)
  }
}
