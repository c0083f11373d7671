import CEL
import Testing

@testable import Engine

struct CancelTests {
  @Test func `a cancel arc removes what matches, waiting tokens too, before the firing puts`()
    throws
  {
    let world = try World(
      """
      workflow: w
      places: {a: {start: unit}, b: int, c: unit, done: {end: unit}}
      transitions:
        split: {in: {x: a}, out: {b: {each: "[1, 2, 3]", as: n, put: n, after: 9s}, c: unit}}
        stop:
          in: {x: {from: c, after: 1s}}
          cancel: {n: {from: b, where: n != 2}}
          out: {b: "1", done: unit}
        drop: {in: {x: {from: b, after: 1s}}, out: {}}
      """)

    world.start()
    world.pass(20)

    world.logged(
      """
      3 c3 opened → a
      4 c3 split 3.0 → b=1@9s, b=2@9s, b=3@9s, c
      5 c3 stop 4.3 cancels 4.0 4.2 → b=1, done
      6 c3 drop 5.0 →
      7 c3 drop 4.1 →
      8 c3 closed completed done:1
      """)
    try world.restart()
  }

  static let flying = """
    workflow: w
    actions: {look: {takes: {n: int}, returns: unit, effect: none}}
    places:
      a: {start: int}
      b: int
      c: int
      clock: unit
      slots: {shared: unit, initial: 2}
      done: {end: string, many: true}
    transitions:
      split: {in: {x: a}, out: {b: "[1, 2][x]", c: x, clock: unit}}
      look:
        in: {n: b, s: slots, m: c}
        action: look
        with: {n: n}
        limit: 1
        timeout: 9s
        retry: {attempts: 2, backoff: 3s..3s}
        then: {ok: {done: "'ok'", slots: unit}, failed: {done: "'failed'", slots: unit}}
      stop:
        in: {t: {from: clock, after: 2s}}
        cancel: {n: {from: b, where: n == 1}}
        out: {done: "'stopped'"}
      rest: {in: {m: {from: c, after: 20s}}, out: {done: "'rest'"}}
    """

  @Test
  func `an aborted action is let go: its case's tokens go back at once, shared ones when it ended`()
    throws
  {
    let world = try World(Self.flying)

    world.start(0)
    world.pass(3)
    let (caseID, attempt) = (world.machine.state.cases.keys.first, world.firing("look"))
    #expect(world.marking == ["c=0", "done='stopped'", "w/slots=null"])
    world.take(.endAttempt(.init(firing: attempt, caseID: caseID, attempt: 1, outcome: .ok(.null))))
    world.pass(30)

    world.logged(
      """
      4 c4 opened → a=0
      5 c4 split 4.0 → b=1, c=same 4.0, clock
      6 c4 look starts look{n: 1} 5.0 3.0 5.1 until 9s
      7 c4 stop 5.2 aborts 6(5.0) → done='stopped'
      8 c4 6 late ok
      9 c4 rest 5.1 → done='rest'
      10 c4 closed completed done:2
      """)
    #expect(world.marking == ["w/slots=null", "w/slots=null"])
    try world.restart()
  }

  @Test func `what does not match flies on, and a let-go action counts for its limit`() throws {
    let world = try World(Self.flying)

    world.start(0)
    world.start(1)
    world.pass(3)

    #expect(world.machine.state.firings.values.map(\.isLetGo) == [true])
    world.pass(7)

    #expect(
      world.trail.suffix(4) == [
        "9 c4 stop 5.2 aborts 6(5.0) → done='stopped'", "10 c7 stop 8.2 → done='stopped'",
        "11 c4 6 late unknown timeout", "12 c7 look starts look{n: 2} 8.0 3.0 8.1 until 18s",
      ])
    try world.restart()
  }

  @Test func `an action aborted between two attempts has ended`() throws {
    let world = try World(Self.flying)

    world.start(0)
    world.wait(1)
    world.end("look", .failed(code: "busy", retry: true, happened: .no))
    world.pass(1)

    #expect(
      world.trail.suffix(2) == [
        "8 c4 stop 5.2 aborts 6(5.0) → done='stopped'", "9 c4 6 late failed interrupted",
      ])
    #expect(world.machine.state.firings.isEmpty)
    try world.restart()
  }

  @Test func `a judge whose token is cancelled ends, and its question is given up`() throws {
    let world = World()
    try world.load(
      """
      workflow: w
      places:
        a: {start: unit}
        b: {text: string}
        c: unit
        s: {shared: unit, initial: 1}
        done: {end: string}
      transitions:
        split: {in: {x: a}, out: {b: {text: "'hi'"}, c: unit}}
        ask:
          in: {x: b, p: s}
          judge: kind
          with: {text: x.text}
          timeout: 9s
          then: {cat: {done: "'cat'", s: unit}, dog: {done: "'dog'", s: unit}, fallback: {done: "'?'", s: unit}}
        stop: {in: {x: {from: c, after: 1s}}, cancel: {y: b}, out: {done: "'stopped'"}}
      """, prompts: ["kind": RandomRunTests.prompt])
    world.forget()

    world.start()
    let asked = world.firing("ask")
    world.wait(1)
    world.take(.tick)
    #expect(world.effects.contains { if case .abandonJudge(asked) = $0 { true } else { false } })
    world.take(.recordVerdict(.init(firing: asked, verdict: .label("cat"))))

    #expect(
      world.trail.suffix(3) == [
        "8 c5 stop 6.1 aborts 7(6.0) → done='stopped'", "9 c5 closed completed done:1",
        "10 refused verdict verdict_not_awaited of 7",
      ])
    #expect(world.marking == ["w/s=null"])
    try world.restart()
  }

  @Test func `an answered task cancels too, and shared tokens are cancelled only at rest`() throws {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: unit}
        b: unit
        t: unit
        s: {shared: int, initial: [1, 2, 3]}
        done: {end: unit}
      transitions:
        split: {in: {x: a}, out: {b: unit, t: unit}}
        ask:
          in: {x: t}
          task: "stop?"
          cancel: {y: b, z: {from: s, where: z > 1}}
          then: {stop: {done: unit}}
        later: {in: {x: {from: b, after: 9s}}, out: {}}
      """)

    world.start()
    world.answer("ask", "stop")

    #expect(
      world.trail.suffix(2) == [
        "7 c4 ask answered stop by local:ada 5.1 cancels 5.0 3.1 3.2 → done",
        "8 c4 closed completed done:1",
      ])
    #expect(world.marking == ["w/s=1"])
    try world.restart()
  }

  @Test func `a cancel condition that raises sets the binding aside and removes nothing`() throws {
    let world = try World(
      """
      workflow: w
      places: {a: {start: unit}, b: int, c: unit, done: {end: unit}}
      transitions:
        split: {in: {x: a}, out: {b: {each: "[1, 0]"}, c: unit}}
        stop: {in: {x: c}, cancel: {n: {from: b, where: 1 / n > 0}}, out: {done: unit}}
        drop: {in: {x: {from: b, after: 1s}}, out: {}}
      """)

    world.start()

    #expect(
      world.trail.last == "5 c3 incident division_by_zero /transitions/stop/cancel/n/where (4.2)")
    #expect(world.marking == ["b=1", "b=0", "c=null"])
    try world.restart()
  }

  @Test func `room counts what the region takes away`() throws {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: unit}
        b: {type: int, capacity: 2}
        c: unit
        done: {end: unit}
      transitions:
        split: {in: {x: a}, out: {b: {each: "[1, 2]"}, c: unit}}
        renew: {in: {x: c}, cancel: {n: b}, out: {b: {each: "[7, 8]"}, done: unit}}
        drop: {in: {x: {from: b, after: 1s}}, out: {}}
      """)

    world.start()

    #expect(world.trail.last == "5 c3 renew 4.2 cancels 4.0 4.1 → b=7, b=8, done")
    try world.restart()
  }
}

struct CountTests {
  static let yaml = """
    workflow: w
    types: {Item: {n: int, more: int}}
    places:
      a: {start: Item}
      b: int
      c: unit
      done: {end: list<int>, many: true}
    transitions:
      send: {in: {x: a}, out: {b: {each: "[1, 2, 3, 4]"}, c: unit}}
      take: {in: {x: c, ns: {from: b, count: COUNT}}, out: {done: ns}}
      drop: {in: {n: {from: b, after: 1s}}, out: {}}
    """

  @Test(
    arguments: [
      ("input.n", Int64(2), Int64(0), "5 c3 take 4.4 [4.0 4.1] → done=[1, 2]"),
      ("input.n", 0, 0, "5 c3 take 4.4 [] → done=[]"),
      ("input.n", 5, 0, nil),
      ("0..input.n", 3, 0, "5 c3 take 4.4 [4.0 4.1 4.2] → done=[1, 2, 3]"),
      ("input.more..input.n", 9, 2, "5 c3 take 4.4 [4.0 4.1 4.2 4.3] → done=[1, 2, 3, 4]"),
      ("input.n", -1, 0, "5 c3 incident invalid_argument /transitions/take/in/ns/count (4.4)"),
      (
        "input.n..input.more", 2, 1,
        "5 c3 incident invalid_argument /transitions/take/in/ns/count (4.4)"
      ),
      ("12 / input.n", 0, 0, "5 c3 incident division_by_zero /transitions/take/in/ns/count (4.4)"),
    ] as [(String, Int64, Int64, String?)])
  func `a count may be an expression`(count: String, n: Int64, more: Int64, row: String?) throws {
    let world = try World(Self.yaml.replacing("COUNT", with: count))

    world.start(["n": .int(n), "more": .int(more)])

    let trail = world.trail
    #expect((trail.count > 2 ? trail[2] : nil) == row)
    try world.restart()
  }

  @Test func `a fan-in waits for as many as were sent out`() throws {
    let world = try World(
      """
      workflow: w
      places: {a: {start: list<int>}, open: {of: int}, b: int, done: {end: list<int>}}
      transitions:
        send: {in: {x: a}, out: {b: {each: x, as: n, put: n, after: 1s}, open: {of: size(x)}}}
        late: {in: {n: {from: b, where: n > 9}}, out: {b: n - 9}}
        join: {in: {o: open, ns: {from: b, where: ns < 9, count: o.of}}, priority: -1, out: {done: ns}}
      """)

    world.start([1, 12, 5])
    world.start([])
    world.pass(1)

    world.logged(
      """
      3 c3 opened → a=[1, 12, 5]
      4 c3 send 3.0 → b=1@1s, b=12@1s, b=5@1s, open={of: 3}
      5 c5 opened → a=[]
      6 c5 send 5.0 → open={of: 0}
      7 c5 join 6.0 [] → done=[]
      8 c5 closed completed done:1
      9 c3 late 4.1 → b=3
      10 c3 join 4.3 [4.0 4.2 9.0] → done=[1, 5, 3]
      11 c3 closed completed done:1
      """)
    try world.restart()
  }

  @Test
  func `a binding with a list whose outputs raise is set aside once, and a longer list is tried`()
    throws
  {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: unit}
        b: int
        more: {message: int, keep: 1d}
        done: {end: int}
      transitions:
        send: {in: {x: a}, out: {b: {each: "[1, 2]"}}}
        add: {in: {m: more, n: {from: b, where: n == 1}}, out: {b: {each: "[1, m]"}}}
        take: {in: {ns: {from: b, count: 2..5}}, out: {done: 6 / (size(ns) - 2)}}
      """)

    world.start()

    world.logged(
      """
      3 c3 opened → a
      4 c3 send 3.0 → b=1, b=2
      5 c3 incident division_by_zero /transitions/take/out/done (4.0 4.1)
      """)
    world.message("more", 7)
    #expect(world.trail.last == "10 c3 closed completed done:1")
  }

  @Test func `a token that makes a list long enough leaves the first one to a single arc`() throws {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: unit}
        pool: {shared: {n: int}, initial: [{n: 1}]}
        done: {end: int}
      transitions:
        take: {in: {x: a, ns: {from: pool, count: 1}, n: pool}, out: {done: n.n}}
      """)

    world.start()
    world.forget()
    world.deposit("pool", ["n": 2])

    world.logged(
      """
      5 deposit → w/pool={n: 2}
      6 c4 take 4.0 [5.0] 3.0 → done=1
      7 c4 closed completed done:1
      """)
  }
}
