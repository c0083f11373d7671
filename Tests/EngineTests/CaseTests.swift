import CEL
import PetriNet
import Testing

@testable import Engine

struct CaseTests {
  static func keyed(_ again: String) -> String {
    """
    workflow: w
    case: {key: input, again: \(again), keep: 1h, labels: {kind: "input + '!'"}}
    places: {a: {start: string}, b: {end: unit}}
    transitions:
      t: {in: {x: {from: a, after: 1m}}, out: {b: unit}}
    """
  }

  @Test func `a second start with the key of an open or lately closed case joins it`() throws {
    let world = try World(Self.keyed("join"))

    world.start("k")
    world.start("k")
    world.pass(60)
    world.start("k")
    try world.restart()
    world.start("k")
    world.pass(3_600)
    world.start("k")

    world.logged(
      """
      3 c3 opened k ["kind:k!"] → a='k'
      4 c3 joined
      5 c3 t 3.0 → b
      6 c3 closed completed b:1
      7 c3 joined
      8 owner
      9 c3 joined
      10 c10 opened k ["kind:k!"] → a='k'
      """)
  }

  @Test func `a second start is refused where the case says so`() throws {
    let world = try World(Self.keyed("refuse"))

    world.start("k")
    world.start("k")

    world.logged(
      """
      3 c3 opened k ["kind:k!"] → a='k'
      4 c3 refused start case_exists of 3
      """)
    #expect(
      world.reply
        == .refused(
          Refusal(.start, .caseExists, of: Seq(3), name: "k"), event: Seq(4)))
  }

  @Test func `a value outside the colour set is refused with its place`() throws {
    let world = try World(
      """
      workflow: w
      places: {a: {start: {n: int 0..9}}, b: {end: unit}}
      transitions: {t: {in: {x: a}, out: {b: unit}}}
      """)

    world.start(["n": 12])

    guard case .refused(let refusal, _) = world.reply else {
      Issue.record("\(world.reply)")
      return
    }
    #expect(refusal.reason == .valueNotInColourSet)
    #expect(refusal.problems.map(\.pointer) == ["/n"])
  }

  static let workers = """
    workflow: w
    actions: {work: {takes: unit, returns: unit, effect: repeatable}}
    places: {a: {start: unit}, s: {shared: unit, initial: 1}, b: {end: unit}, c: unit}
    transitions:
      split: {in: {x: a}, out: {c: unit}}
      t:
        in: {x: c, p: s}
        action: work
        with: unit
        timeout: 1m
        then: {ok: {b: unit, s: unit}, failed: {b: unit, s: unit}}
    """

  @Test func `a terminated case lets its action go, whose shared tokens go back when it has ended`()
    throws
  {
    let world = try World(Self.workers)
    let caseID = world.start()
    let firing = world.firing("t")

    world.take(.terminate(EndCase(caseID: caseID, by: Subject("local:ops"), why: "stop")))
    #expect(world.marking == [])
    #expect(world.machine.state.firings[firing]?.isLetGo == true)
    world.take(
      .endAttempt(EndAttempt(firing: firing, caseID: caseID, attempt: 1, outcome: .ok(.null))))
    world.take(
      .endAttempt(EndAttempt(firing: firing, caseID: caseID, attempt: 1, outcome: .ok(.null))))

    let closed = world.log.compactMap { row in
      if case .caseClosed(let event) = row.event { event } else { nil }
    }
    #expect(closed.map(\.endedIn) == [[]])
    world.logged(
      """
      4 c4 opened → a
      5 c4 split 4.0 → c
      6 c4 t starts work() 5.0 3.0 until 60s
      7 c4 closed terminated
      8 c4 6 late ok
      9 c4 6 late ok
      """)
    #expect(world.marking == ["w/s=null"])
  }

  @Test func `an action let go is waited for until its deadline, or until a restart`() throws {
    let world = try World(Self.workers)
    let caseID = world.start()
    world.take(.terminate(EndCase(caseID: caseID, by: Subject("local:ops"))))
    world.pass(60)
    world.take(.terminate(EndCase(caseID: world.start(), by: Subject("local:ops"))))
    try world.restart()

    world.logged(
      """
      4 c4 opened → a
      5 c4 split 4.0 → c
      6 c4 t starts work() 5.0 3.0 until 60s
      7 c4 closed terminated
      8 c4 6 late unknown timeout
      9 c9 opened → a
      10 c9 split 9.0 → c
      11 c9 t starts work() 10.0 3.0 until 120s
      12 c9 closed terminated
      13 owner
      14 c9 11 late unknown interrupted
      """)
    #expect(world.marking == ["w/s=null"])
  }

  @Test func `cancel is a deposit where the net says so, once, and keeps no case open`() throws {
    let world = try World(
      """
      workflow: w
      case: {cancel: stop}
      places: {a: {start: unit}, stop: {by: string, why: string}, b: {end: unit}, c: {end: string}}
      transitions:
        t: {in: {x: {from: a, after: 1h}}, out: {b: unit}}
        undo: {in: {s: stop, x: {from: a, after: 1m}}, out: {c: s.by}}
      """)
    let caseID = world.start()

    world.take(.cancel(EndCase(caseID: caseID, by: Subject("local:kim"), why: "changed my mind")))
    let first = world.reply
    world.take(.cancel(EndCase(caseID: caseID, by: Subject("local:kim"), why: "again")))
    #expect(world.reply == first)
    try world.restart()
    world.pass(60)
    world.take(.cancel(EndCase(caseID: caseID, by: Subject("local:kim"))))

    world.logged(
      """
      3 c3 opened → a
      4 c3 deposit → stop={by: 'local:kim', why: 'changed my mind'}
      5 owner
      6 c3 undo 4.0 3.0 → c='local:kim'
      7 c3 closed completed c:1
      8 refused cancel case_closed of 3
      """)
  }

  @Test func `a case keeps the version it began with`() throws {
    func yaml(_ value: Int) -> String {
      """
      workflow: w
      places: {a: {start: unit}, b: {end: int}}
      transitions: {t: {in: {x: {from: a, after: 1m}}, out: {b: "\(value)"}}}
      """
    }
    let world = World()
    let first = try world.load(yaml(1))
    world.start()
    try world.load(yaml(2), version: 2)
    world.start()
    world.take(.activate(Activate(definition: first, by: Subject("local:ops"))))
    world.start()
    world.forget()
    try world.restart()

    world.pass(60)

    world.logged(
      """
      8 owner
      9 c3 t 3.0 → b=1
      10 c3 closed completed b:1
      11 c7 t 7.0 → b=1
      12 c7 closed completed b:1
      13 c5 t 5.0 → b=2
      14 c5 closed completed b:1
      """)
  }

  @Test func `what is paused starts nothing until it is resumed`() throws {
    let world = try World(
      """
      workflow: w
      places: {a: {start: unit}, b: unit, c: {end: unit}}
      transitions:
        one: {in: {x: a}, out: {b: unit}}
        two: {in: {x: b}, out: {c: unit}}
      """)
    let two = SetPause.Target.transition(world.workflow, TransitionName("two"))

    world.take(.pause(SetPause(target: two, by: Subject("local:ops"))))
    world.take(.pause(SetPause(target: two, by: Subject("local:ops"))))
    world.start()
    world.take(.pause(SetPause(target: .workflow(world.workflow), by: Subject("local:ops"))))
    world.start()
    try world.restart()
    world.take(.resume(SetPause(target: two, by: Subject("local:ops"))))
    world.take(.resume(SetPause(target: .workflow(world.workflow), by: Subject("local:ops"))))

    world.logged(
      """
      3 paused w two
      4 c4 opened → a
      5 c4 one 4.0 → b
      6 paused w
      7 c7 opened → a
      8 owner
      9 resumed w two
      10 resumed w
      11 c7 one 7.0 → b
      12 c4 two 5.0 → c
      13 c4 closed completed c:1
      14 c7 two 11.0 → c
      15 c7 closed completed c:1
      """)
  }

  @Test
  func
    `what a row introduces is sealed in the order of its keys, and a moved record keeps its seal`()
    throws
  {
    let world = try World(
      """
      workflow: w
      types:
        Person: {name: personal string, age: int}
        Pair: {left: Person, right: Person, note: personal string}
      actions: {find: {takes: Person, returns: Person, effect: none}}
      places: {a: {start: Pair}, b: Person, c: Pair, d: {end: Person, many: true}}
      transitions:
        split: {in: {x: a}, out: {b: x.left, c: {copy: x, left: x.right}}}
        t:
          in: {p: b}
          action: find
          with: {name: p.name, age: p.age}
          then: {ok: {d: result}, failed: {d: p}}
        u: {in: {x: {from: c, after: 1h}}, out: {d: x.right}}
      """)

    world.start([
      "left": ["name": "kim", "age": 1], "right": ["name": "lee", "age": 2], "note": "friends",
    ])
    world.end(
      "t", .failed(code: "gone", retry: false, happened: .no, error: "Kim is not here"))

    world.logged(
      """
      3 c3 opened → a=~3.0{left: ~3.1{name: 'kim', age: 1}, right: ~3.2{name: 'lee', age: 2}, note: 'friends'}
      4 c3 split 3.0 → b=~3.1{name: 'kim', age: 1}, c=~4.0{left: ~3.2{name: 'lee', age: 2}, right: ~3.2{name: 'lee', age: 2}, note: 'friends'}
      5 c3 t starts find~5.0{name: 'kim', age: 1} 4.0 until 30s
      6 c3 5 completed failed gone → d=same 4.0
      """)
  }
}
