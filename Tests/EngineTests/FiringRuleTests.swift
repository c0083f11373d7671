import CEL
import Testing

@testable import Engine

struct FiringRuleTests {
  @Test func `a case opens in a start place and ends when only end places hold its tokens`() throws
  {
    let world = try World(
      """
      workflow: w
      places: {a: {start: int}, b: {end: int, many: true}}
      transitions:
        t: {in: {x: a}, out: {b: {each: "[x, x + 1]"}}}
      """)

    world.start(1)

    world.logged(
      """
      3 c3 opened → a=1
      4 c3 t 3.0 → b=1, b=2
      5 c3 closed completed b:2
      """)
    try world.restart()
  }

  @Test func `of two candidates the one whose first arc has been ready longest fires`() throws {
    let world = try World(
      """
      workflow: w
      places: {a: {start: unit}, b: unit, c: unit, done: {end: unit, many: true}}
      transitions:
        split: {in: {x: a}, out: {b: {put: unit, after: 2s}, c: {put: unit, after: 1s}}}
        first: {in: {x: b}, out: {done: unit}}
        second: {in: {x: c}, out: {done: unit}}
      """)

    world.start()
    world.wait(3)
    world.take(.tick)

    world.logged(
      """
      3 c3 opened → a
      4 c3 split 3.0 → b@2s, c@1s
      5 c3 second 4.1 → done
      6 c3 first 4.0 → done
      7 c3 closed completed done:2
      """)
  }

  @Test
  func `candidates that are ready alike fire in file order, and a higher priority comes first`()
    throws
  {
    let world = try World(
      """
      workflow: w
      places: {a: {start: unit}, b: unit, c: unit, d: unit, done: {end: unit, many: true}}
      transitions:
        split: {in: {x: a}, out: {b: unit, c: unit, d: unit}}
        last: {in: {x: b}, priority: -1, out: {done: unit}}
        early: {in: {x: c}, out: {done: unit}}
        urgent: {in: {x: d}, priority: 5, out: {done: unit}}
      """)

    world.start()

    world.logged(
      """
      3 c3 opened → a
      4 c3 split 3.0 → b, c, d
      5 c3 urgent 4.2 → done
      6 c3 early 4.1 → done
      7 c3 last 4.0 → done
      8 c3 closed completed done:3
      """)
  }

  @Test func `a place's order says which token goes first`() throws {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: list<int>}
        b: {type: {n: int}, order: [-n]}
        done: {end: int, many: true}
      transitions:
        split: {in: {x: a}, out: {b: {each: x, as: n, put: {n: n}}}}
        take: {in: {x: b}, out: {done: x.n}}
      """)

    world.start([2, 7, 5])

    world.logged(
      """
      3 c3 opened → a=[2, 7, 5]
      4 c3 split 3.0 → b={n: 2}, b={n: 7}, b={n: 5}
      5 c3 take 4.1 → done=7
      6 c3 take 4.2 → done=5
      7 c3 take 4.0 → done=2
      8 c3 closed completed done:3
      """)
  }

  @Test func `tokens of one binding are joined by where, and each stands in one arc`() throws {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: list<int>}
        b: int
        pairs: {end: {x: int, y: int}, many: true}
      transitions:
        split: {in: {x: a}, out: {b: {each: x}}}
        pair: {in: {x: b, y: {from: b, where: y > x}}, out: {pairs: {x: x, y: y}}}
      """)

    world.start([3, 1, 2])

    #expect(world.trail.last == "5 c3 pair 4.1 4.0 → pairs={x: 1, y: 3}")
    #expect(world.marking == ["b=2", "pairs={x: 1, y: 3}"])
  }

  @Test func `read copies a token and leaves it, unless asks that none matches`() throws {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: unit}
        b: int
        c: unit
        late: unit
        done: {end: int, many: true}
      transitions:
        split: {in: {x: a}, out: {b: "7", c: unit, late: {put: unit, after: 1s}}}
        wait: {in: {x: c}, unless: {l: late}, read: {v: b}, out: {done: v}}
        forget: {in: {l: late}, out: {}}
        end: {in: {x: {from: b, after: 5s}}, out: {done: x}}
      """)

    world.start()
    world.pass(10)

    world.logged(
      """
      3 c3 opened → a
      4 c3 split 3.0 → b=7, c, late@1s
      5 c3 forget 4.2 →
      6 c3 wait 4.1 reads 4.0 → done=same 4.0
      7 c3 end 4.0 → done=same 4.0
      8 c3 closed completed done:2
      """)
  }

  @Test func `a guard waits until it is true`() throws {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: int}
        need: {shared: int, initial: [1]}
        more: {message: int, keep: 1d}
        done: {end: int}
      transitions:
        raise: {in: {n: need, m: more}, out: {need: n + m}}
        go: {in: {x: a}, read: {n: need}, guard: n >= x, out: {done: n}}
      """)

    world.start(3)
    world.message("more", 1)
    world.message("more", 1)

    world.logged(
      """
      4 c4 opened → a=3
      5 deposit → w/more=1
      6 raise 3.0 5.0 → w/need=2
      7 deposit → w/more=1
      8 raise 6.0 7.0 → w/need=3
      9 c4 go 4.0 reads 8.0 → done=same 8.0
      10 c4 closed completed done:1
      """)
    try world.restart()
  }

  @Test(arguments: [
    ("2", 3, "[1, 2]"), ("1..2", 3, "[1, 2]"), ("2..5", 3, "[1, 2, 3]"), ("all", 3, "[1, 2, 3]"),
    ("all", 0, "[]"), ("0..2", 0, "[]"),
  ])
  func `a counted arc takes a list`(count: String, sent: Int, taken: String) throws {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: list<int>}
        b: int
        go: unit
        done: {end: list<int>, many: true}
        rest: {end: int, many: true}
      transitions:
        split: {in: {x: a}, out: {b: {each: x}, go: {put: unit, after: 1s}}}
        take: {in: {g: go, xs: {from: b, count: \(count)}}, out: {done: xs}}
        drop: {in: {x: {from: b, after: 2s}}, out: {rest: x}}
      """)

    world.start(.list((0..<sent).map { .int(Int64($0) + 1) }))
    world.pass(1)
    let state = world.machine.state
    let done = state.cases.values.flatMap(\.marking.tokens).first {
      state.places[$0.place].text == "done"
    }

    let opened = done.map { RowText.text($0.value) }
    #expect(opened ?? world.closedList == taken)
  }

  @Test func `a counted arc with too few tokens waits`() throws {
    let world = try World(
      """
      workflow: w
      places: {a: {start: int}, b: int, c: {end: list<int>}}
      transitions:
        send: {in: {x: a}, out: {b: {each: "[x, x]"}, a: {put: x + 1, after: 1s}}}
        take: {in: {xs: {from: b, count: 3}}, out: {c: xs}}
      """)

    world.start(0)
    #expect(world.marking.count == 3)
    world.pass(1)

    #expect(world.trail.contains("6 c3 take [4.0 4.1 5.0] → c=[0, 0, 1]"))
  }

  @Test func `conditions over several variables wait for the last of them`() throws {
    let world = try World(
      """
      workflow: w
      types: {Target: {domain: string}}
      places:
        targets: {start: Target}
        domains: {shared: {name: string, hits: int = 0}, key: name, initial: [{name: x}, {name: y}]}
        done: {end: string}
      transitions:
        scrape:
          in: {t: {from: targets, where: t.domain == d.name}, d: domains}
          out: {done: d.name, domains: {copy: d, hits: d.hits + 1}}
      """)

    world.start(["domain": "y"])
    world.start(["domain": "z"])

    world.logged(
      """
      4 c4 opened → targets={domain: 'y'}
      5 c4 scrape 4.0 3.1 → done='y', w/domains={name: 'y', hits: 1}
      6 c4 closed completed done:1
      7 c7 opened → targets={domain: 'z'}
      """)
    #expect(
      world.marking == [
        "targets={domain: 'z'}", "w/domains={name: 'x', hits: 0}", "w/domains={name: 'y', hits: 1}",
      ])
  }

  @Test
  func `transitions that bind no case fire in the current version and stand in the net's history`()
    throws
  {
    let yaml = """
      workflow: w
      places:
        a: {shared: int, initial: [1, 5]}
        b: {shared: int}
      transitions:
        t: {in: {x: a}, guard: x > 1, out: {b: x + \("%")}}
      """
    let world = World()
    try world.load(yaml.replacing("%", with: "1"))
    try world.load(yaml.replacing("%", with: "2"), version: 2)
    world.forget()

    world.deposit("a", 9)

    world.logged(
      """
      7 deposit → w/a=9
      8 t 7.0 → w/b=11
      """)
    #expect(world.marking == ["w/a=1", "w/b=6", "w/b=11"])
    try world.restart()
  }
}

extension World {
  /// The list in the end place of a case that is closed already.
  var closedList: String {
    for row in log.reversed() {
      if case .fired(let event) = row.event, event.transition.text == "take",
        case .value(.value(let value))? = event.tokens.first?.content
      {
        return RowText.text(value)
      }
    }
    return "none"
  }
}
