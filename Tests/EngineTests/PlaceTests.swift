import CEL
import PetriNet
import Testing

@testable import Engine

struct PlaceTests {
  @Test(arguments: ["1", "1..2"])
  func `a message finds a case that only a counted arc binds`(_ count: String) throws {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: {n: int}}
        waiting: {v: int}
        paid: {message: {n: int}, keep: 1h}
        seen: {shared: {n: int}, initial: [{n: 1}, {n: 2}]}
        done: {end: {count: int, seen: int}}
      transitions:
        wait: {in: {x: a}, out: {waiting: {v: x.n}}}
        match:
          in: {w: {from: waiting, count: \(count)}, m: {from: paid, where: m.n == input.n}}
          read: {s: {from: seen, where: s.n == input.n && m.n > 0}}
          out: {done: {count: size(w), seen: s.n}}
      """)

    world.start(["n": 1])
    world.start(["n": 2])
    world.message("paid", ["n": 3])
    world.message("paid", ["n": 2])
    try world.restart()

    world.logged(
      """
      4 c4 opened → a={n: 1}
      5 c4 wait 4.0 → waiting={v: 1}
      6 c6 opened → a={n: 2}
      7 c6 wait 6.0 → waiting={v: 2}
      8 deposit → w/paid={n: 3}
      9 deposit → w/paid={n: 2}
      10 c6 match [7.0] 9.0 reads 3.1 → done={count: 1, seen: 2}
      11 c6 closed completed done:1
      12 owner
      """)
  }

  @Test func `a full start place answers try again and writes nothing`() throws {
    let world = try World(
      """
      workflow: w
      places: {a: {start: unit, capacity: 1}, b: {end: unit}}
      transitions:
        t: {in: {x: {from: a, after: 1m}}, out: {b: unit}}
      """)

    world.start()
    let rows = world.log.count
    world.start()

    #expect(world.reply == .placeFull(PlaceName("a")))
    #expect(world.log.count == rows)
    world.pass(60)
    world.start()
    #expect(world.reply == .started(CaseID(Seq(6)), event: Seq(6), joined: false))
  }

  @Test func `room for every outcome is reserved at the start`() throws {
    let world = try World(
      """
      workflow: w
      actions: {work: {takes: unit, returns: unit, effect: none}}
      places: {a: {start: unit}, b: {type: unit, capacity: 2}, c: {end: unit}}
      transitions:
        t:
          in: {x: a}
          action: work
          with: unit
          then: {ok: {b: unit}, failed: {b: unit}}
        drain: {in: {x: {from: b, after: 1h}}, out: {c: unit}}
      """)

    world.start()
    world.start()
    world.start()
    #expect(world.machine.state.firings.count == 2)
    try world.restart()
    world.end("t", .ok(.null))
    #expect(world.machine.state.firings.count == 1)
    world.end("t", .ok(.null))
    #expect(world.machine.state.firings.isEmpty)
    world.pass(3_600)

    #expect(world.machine.state.firings.count == 1)
    #expect(world.machine.state.cases.count == 1)
  }

  /// A search that tried every pair would take minutes.
  @Test(.timeLimit(.minutes(1)))
  func `where a place is full no binding is tried`() throws {
    let world = try World(
      """
      workflow: w
      actions: {work: {takes: unit, returns: unit, effect: none}}
      places:
        a: {shared: {n: int}}
        b: {shared: {n: int}}
        full: {shared: unit, initial: 1, capacity: 1}
      transitions:
        t:
          in: {x: a, y: b}
          guard: x.n != y.n
          action: work
          with: unit
          then: {ok: {full: unit}, failed: {}}
        drain: {in: {f: {from: full, after: 1h}}, out: {}}
      """)
    for number in Int64(0)..<60 {
      world.deposit("a", ["n": .int(number)])
      world.deposit("b", ["n": .int(number)])
    }
    let state = world.machine.state
    let plan = try #require(state.index.planOrder.first)
    let transition = try #require(plan.transitions.first)
    let horizon = Horizon(instant: state.lastAt, now: state.lastAt, last: state.lastSeq)

    for _ in 0..<5_000 {
      #expect(try state.firstBinding(of: transition, plan, in: .everywhere, horizon) == nil)
    }
    #expect(state.firings.isEmpty)
    world.pass(3_600)

    #expect(world.machine.state.firings.count == 1)
  }

  @Test func `what raises is set aside though its outcomes have no room`() throws {
    let world = try World(
      """
      workflow: w
      actions: {work: {takes: unit, returns: unit, effect: none}}
      places:
        a: {shared: {n: int}}
        full: {shared: unit, initial: 1, capacity: 1}
      transitions:
        t:
          in: {x: a}
          guard: 10 / x.n > 1
          action: work
          with: unit
          then: {ok: {full: unit}, failed: {}}
        drain: {in: {f: {from: full, after: 1h}}, out: {}}
      """)

    world.deposit("a", ["n": 0])

    #expect(world.machine.state.incidents.count == 1)
  }

  @Test func `a one-step transition waits for room too`() throws {
    let world = try World(
      """
      workflow: w
      places: {a: {start: unit}, b: {type: unit, capacity: 1}, c: {end: unit}}
      transitions:
        t: {in: {x: a}, out: {b: unit}}
        drain: {in: {x: {from: b, after: 1m}}, out: {c: unit}}
      """)

    world.start()
    world.start()
    #expect(world.marking == ["b=null", "a=null"])
    world.pass(60)

    #expect(world.marking == ["b=null"])
  }

  @Test func `limit counts firings in flight, by key where it says so`() throws {
    let world = try World(
      """
      workflow: w
      actions: {work: {takes: string, returns: unit, effect: none}}
      places: {a: {start: string}, b: {end: unit}}
      transitions:
        t:
          in: {x: a}
          action: work
          with: x
          limit: {max: 1, per: x}
          then: {ok: {b: unit}, failed: {b: unit}}
      """)

    world.start("red")
    world.start("red")
    world.start("blue")
    #expect(world.machine.state.firings.count == 2)
    try world.restart()
    world.end("t", .ok(.null))

    world.logged(
      """
      3 c3 opened → a='red'
      4 c3 t starts work'red' 3.0 until 30s 'red'
      5 c5 opened → a='red'
      6 c6 opened → a='blue'
      7 c6 t starts work'blue' 6.0 until 30s 'blue'
      8 owner
      9 c3 4 attempt 1 failed interrupted
      10 c6 7 attempt 1 failed interrupted
      11 c3 4 completed ok → b
      12 c3 closed completed b:1
      13 c5 t starts work'red' 5.0 until 30s 'red'
      """)
  }

  @Test func `initial fills a shared place once, and versions share it`() throws {
    func yaml(_ initial: String) -> String {
      """
      workflow: w
      places: {a: {start: unit}, s: {shared: int, initial: [\(initial)]}, b: {end: int}}
      transitions:
        t: {in: {x: a, n: s}, out: {b: n}}
      """
    }
    let world = World()
    try world.load(yaml("1, 2"))
    try world.load(yaml("7, 8"), version: 2)
    try world.load(yaml("1, 2"))

    world.logged(
      """
      1 owner
      2 registers workflow w
      3 fills w/s → w/s=1, w/s=2
      4 registers workflow w
      5 activates 2
      """)
    #expect(world.marking == ["w/s=1", "w/s=2"])
  }

  @Test func `a second token of a key is refused at the door and raises in a firing`() throws {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: string}
        s: {shared: {id: string}, key: id, initial: [{id: one}]}
        b: {end: unit}
      transitions:
        t: {in: {x: a}, out: {s: {id: x}, b: unit}}
      """)

    world.deposit("s", ["id": "one"])
    world.deposit("s", ["id": "two"])
    world.start("two")
    world.start("three")

    world.logged(
      """
      4 refused deposit duplicate_key
      5 deposit → w/s={id: 'two'}
      6 c6 opened → a='two'
      7 c6 incident duplicate_key /transitions/t/out/s (6.0)
      8 c8 opened → a='three'
      9 c8 t 8.0 → w/s={id: 'three'}, b
      10 c8 closed completed b:1
      """)
    try world.restart()
  }

  @Test
  func `a message joins the case it names, and the same message again is answered as the first`()
    throws
  {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: {order: string}}
        paid: {message: {order: string, sum: int}, key: order, keep: 1h}
        b: {end: int}
      transitions:
        t: {in: {m: paid, x: {from: a, where: m.order == x.order}}, out: {b: m.sum}}
      """)

    world.start(["order": "o1"])
    world.message("paid", ["order": "o2", "sum": 5])
    world.message("paid", ["order": "o1", "sum": 7])
    try world.restart()
    world.message("paid", ["order": "o1", "sum": 7])
    world.message("paid", ["order": "o1", "sum": 8])
    world.pass(3_600)
    world.message("paid", ["order": "o1", "sum": 8])

    world.logged(
      """
      3 c3 opened → a={order: 'o1'}
      4 deposit 'o2' → w/paid={order: 'o2', sum: 5}
      5 deposit 'o1' → w/paid={order: 'o1', sum: 7}
      6 c3 t 5.0 3.0 → b=7
      7 c3 closed completed b:1
      8 owner
      9 repeats 5
      10 refused deposit key_reused of 5
      11 expired 4.0
      12 deposit 'o1' → w/paid={order: 'o1', sum: 8}
      """)
  }

  @Test func `an operator withdraws a token at rest, and not one that a firing holds`() throws {
    let world = try World(
      """
      workflow: w
      actions: {work: {takes: unit, returns: unit, effect: none}}
      places: {a: {start: unit}, s: {shared: unit, initial: 2}, b: {end: unit}}
      transitions:
        t:
          in: {x: a, p: s}
          action: work
          with: unit
          then: {ok: {b: unit, s: unit}, failed: {b: unit, s: unit}}
      """)
    world.start()
    world.forget()

    for index in 0..<2 as Range<Int32> {
      world.take(
        .withdraw(
          WithdrawToken(token: TokenID(Seq(3), index), by: Subject("local:ops"), why: "broken")))
    }

    world.logged(
      """
      6 refused withdraw token_held of 5
      7 withdrawn 3.1
      """)
  }
}
