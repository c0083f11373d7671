import CEL
import Testing

@testable import Engine

struct TimeTests {
  @Test func `after counts from when the token is available, at names an instant`() throws {
    let world = try World(
      """
      workflow: w
      types: {Wish: {wait: duration, until: timestamp}}
      places: {a: {start: Wish}, b: Wish, c: Wish, done: {end: unit, many: true}}
      transitions:
        split: {in: {x: a}, out: {b: {put: x, after: 1s}, c: x}}
        later: {in: {x: {from: b, after: x.wait}}, out: {done: unit}}
        then: {in: {x: {from: c, at: x.until}}, out: {done: unit}}
      """)
    let until = Instant(microseconds: World.epoch.microseconds + 7_000_000).timestamp

    world.start([
      "wait": .duration(TimeSpan(seconds: 3, nanoseconds: 0)), "until": .timestamp(until),
    ])
    let first = world.machine.nextDue()
    try world.restart()
    world.pass(10)

    #expect(first.map(RowText.seconds) == "1s")
    world.logged(
      """
      3 c3 opened → a={wait: 3s, until: 1970-01-12T13:46:47Z}
      4 c3 split 3.0 → b=same 3.0@1s{later.x 4s}, c=same 3.0{then.x 7s}
      5 owner
      6 c3 later 4.0 → done
      7 c3 then 4.1 → done
      8 c3 closed completed done:2
      """)
  }

  @Test func `due instants after an outage are taken one after another, each to quiescence`() throws
  {
    let world = try World(
      """
      workflow: w
      places: {a: {start: unit}, b: unit, c: unit, d: unit, done: {end: unit, many: true}}
      transitions:
        split: {in: {x: a}, out: {b: {put: unit, after: 2s}, c: {put: unit, after: 1s}}}
        one: {in: {x: b}, out: {done: unit}}
        two: {in: {x: c}, out: {d: unit}}
        follow: {in: {x: d}, out: {done: unit}}
      """)

    world.start()
    world.wait(60)
    world.take(.tick)

    world.logged(
      """
      3 c3 opened → a
      4 c3 split 3.0 → b@2s, c@1s
      5 c3 two 4.1 → d
      6 c3 follow 5.0 → done
      7 c3 one 4.0 → done
      8 c3 closed completed done:2
      """)
    #expect(world.log.last?.at == world.now)
  }

  @Test func `the engine's time never falls`() throws {
    let world = try World(
      "workflow: w\nplaces: {a: {start: unit}, b: {end: unit}}\ntransitions: {t: {in: {x: {from: a, after: 1s}}, out: {b: unit}}}"
    )

    world.wait(10)
    world.start()
    world.wait(-20)
    world.start()

    #expect(world.log.map(\.at) == world.log.map(\.at).sorted())
  }

  @Test func `a wait that raises sets its token aside for that arc, and the token still enters`()
    throws
  {
    let world = try World(
      """
      workflow: w
      places: {a: {start: list<duration>}, done: {end: unit}, given: {end: unit}}
      transitions:
        go: {in: {x: {from: a, after: "x[0]"}}, out: {done: unit}}
        rescue: {in: {x: {from: a, after: 5s}}, out: {given: unit}}
      """)

    world.start([])
    world.pass(10)

    world.logged(
      """
      3 c3 opened → a=[]
      4 c3 incident index_out_of_range /transitions/go/in/after (3.0)
      5 c3 rescue 3.0 → given
      6 c3 closed completed given:1
      """)
  }
}
