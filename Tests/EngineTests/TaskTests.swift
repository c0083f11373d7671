import CEL
import PetriNet
import Testing

@testable import Engine

struct TaskTests {
  static let yaml = """
    workflow: w
    places:
      a: {start: {sum: int}}
      second: {sum: int, first: string}
      done: {end: string}
      late: {end: unit}
    transitions:
      approve:
        in: {x: a}
        task: "approve {{x.sum}}"
        with: {sum: x.sum}
        for: agents
        due: 1h
        ask: {no: {why: string max 20}}
        then: {yes: {second: {sum: x.sum, first: answer.by}}, no: {done: answer.why}}
      countersign:
        in: {x: second}
        task: countersign
        for: "x.sum > 10 ? 'leads' : 'agents'"
        not: "[x.first]"
        then: {yes: {done: answer.by}}
      give_up: {in: {x: {from: a, after: 2h}}, out: {late: unit}}
    """

  @Test func `a task is offered, answered, and countersigned by somebody else`() throws {
    let world = try World(Self.yaml)

    world.start(["sum": 12])
    let shown = world.machine.state.shown(world.task("approve"))
    world.answer("approve", "yes", by: "local:ada")
    try world.restart()
    world.answer("countersign", "yes", by: "local:ada")
    #expect(
      world.reply == .refused(Refusal(.answer, .fourEyes, of: Seq(6), name: "yes"), event: Seq(8)))
    world.answer("countersign", "yes", by: "local:bob")

    #expect(shown?.title == "approve 12")
    #expect(shown?.values?.map { "\($0.name)=\(RowText.text($0.value))" } == ["sum=12"])
    world.logged(
      """
      3 c3 opened → a={sum: 12}
      4 c3 offers approve 3.0 agents due 3600s
      5 c3 approve answered yes by local:ada 3.0 → second={sum: 12, first: 'local:ada'}
      6 c3 offers countersign 5.0 leads not ["local:ada"]
      7 owner
      8 c3 refused answer four_eyes of 6
      9 c3 countersign answered yes by local:bob 5.0 → done='local:bob'
      10 c3 closed completed done:1
      """)
  }

  @Test(arguments: [("local", "local:ada"), ("local:ada", "local"), ("local", "local")])
  func `somebody who does not say who they are may be the one who decided before`(
    first: String, second: String
  ) throws {
    let world = try World(Self.yaml)
    world.start(["sum": 12])
    world.answer("approve", "yes", by: first)

    world.answer("countersign", "yes", by: second)

    #expect(
      world.reply == .refused(Refusal(.answer, .fourEyes, of: Seq(6), name: "yes"), event: Seq(7)))
  }

  @Test func `a timer may take the token, then the offer is withdrawn and a late answer refused`()
    throws
  {
    let world = try World(Self.yaml)
    world.start(["sum": 1])
    let task = world.task("approve")

    world.pass(7_200)
    world.take(
      .answer(AnswerTask(task: task, outcome: "yes", by: Subject("local:ada"))))

    world.logged(
      """
      3 c3 opened → a={sum: 1}
      4 c3 offers approve 3.0 agents due 3600s
      5 c3 give_up 3.0 → late
      6 c3 withdraws 4 taken
      7 c3 closed completed late:1
      8 refused answer task_withdrawn of 4
      """)
  }

  @Test func `a claim holds a task for a while and is renewed in its last third`() throws {
    let world = try World(Self.yaml)
    world.start(["sum": 1])
    let task = world.task("approve")
    func claim(_ by: String, for holder: String? = nil) {
      world.take(
        .claim(ClaimTask(task: task, by: Subject(by), holder: holder.map { Subject($0) })))
    }

    claim("local:ada")
    claim("local:ada")
    claim("local:bob")
    world.wait(11 * 60)
    claim("local:ada")
    claim("local:ada", for: "local:cy")
    world.take(.release(ReleaseTask(task: task, by: Subject("local:ada"))))
    world.answer("approve", "yes", by: "local:ada")
    world.take(.release(ReleaseTask(task: task, by: Subject("local:cy"))))
    world.take(.release(ReleaseTask(task: task, by: Subject("local:cy"))))
    claim("local:bob")
    world.wait(15 * 60)
    world.answer("approve", "no", ["why": "too much"], by: "local:ada")

    world.logged(
      """
      3 c3 opened → a={sum: 1}
      4 c3 offers approve 3.0 agents due 3600s
      5 c3 claims 4 local:ada
      6 c3 refused claim task_held of 4
      7 c3 claims 4 local:ada
      8 c3 claims 4 local:cy
      9 c3 refused release task_held of 4
      10 c3 refused answer task_held of 4
      11 c3 releases 4
      12 c3 claims 4 local:bob
      13 c3 approve answered no by local:ada {why: 'too much'} 3.0 → done='too much'
      14 c3 closed completed done:1
      """)
  }

  @Test func `an answer must be an outcome of the task, and its form must fit`() throws {
    let world = try World(Self.yaml)
    world.start(["sum": 1])

    world.answer("approve", "perhaps")
    world.answer("approve", "no", ["why": "much, much too much to say"])
    world.answer("approve", "no")
    world.answer("approve", "no", ["why": "no"])

    world.logged(
      """
      3 c3 opened → a={sum: 1}
      4 c3 offers approve 3.0 agents due 3600s
      5 c3 refused answer no_such_outcome of 4
      6 c3 refused answer value_not_in_colour_set of 4
      7 c3 refused answer value_not_in_colour_set of 4
      8 c3 approve answered no by local:ada {why: 'no'} 3.0 → done='no'
      9 c3 closed completed done:1
      """)
  }

  @Test func `a token that another transition takes at once is never offered`() throws {
    let world = try World(
      """
      workflow: w
      places: {a: {start: unit}, b: {end: unit}}
      transitions:
        ask: {in: {x: a}, task: ask, then: {yes: {b: unit}}}
        take: {in: {x: a}, out: {b: unit}}
      """)

    world.start()

    world.logged(
      """
      3 c3 opened → a
      4 c3 take 3.0 → b
      5 c3 closed completed b:1
      """)
  }

  @Test func `an offer that is no longer possible is withdrawn, and made again when it is`() throws
  {
    let world = try World(
      """
      workflow: w
      places:
        a: {start: unit}
        rate: {shared: int, initial: [3]}
        stop: {shared: unit}
        b: {end: int}
      transitions:
        ask:
          in: {x: a}
          read: {r: rate}
          unless: {s: stop}
          task: "at {{r}}"
          then: {yes: {b: r}}
        swap: {in: {r: {from: rate, where: r < 3}}, out: {rate: r + 10}}
      """)

    world.start()
    world.deposit("stop", .null)
    world.take(
      .withdraw(
        WithdrawToken(
          token: world.machine.state.shared.keys.max() ?? TokenID(Seq(0), 0),
          by: Subject("local:ops"), why: "go")))
    world.take(
      .withdraw(WithdrawToken(token: TokenID(Seq(3), 0), by: Subject("local:ops"), why: "old")))
    world.deposit("rate", 1)
    try world.restart()
    world.answer("ask", "yes")

    world.logged(
      """
      5 c5 opened → a
      6 c5 offers ask 5.0 reads 3.0
      7 deposit → w/stop
      8 c5 withdraws 6 disabled
      9 withdrawn 7.0
      10 c5 offers ask 5.0 reads 3.0
      11 withdrawn 3.0
      12 c5 withdraws 10 disabled
      13 deposit → w/rate=1
      14 swap 13.0 → w/rate=11
      15 c5 offers ask 5.0 reads 14.0
      16 owner
      17 c5 ask answered yes by local:ada 5.0 → b=same 14.0
      18 c5 closed completed b:1
      """)
  }

  @Test func `an answer stands although its outputs raise`() throws {
    let world = try World(
      """
      workflow: w
      places: {a: {start: list<int>}, b: {end: int}, c: {end: unit}}
      transitions:
        ask:
          in: {x: a}
          task: ask
          ask: {pick: {n: int}}
          then: {pick: {b: "x[answer.n]"}, none: {c: unit}}
      """)

    world.start([1])
    world.answer("ask", "pick", ["n": 4])
    try world.restart()
    world.take(
      .settle(
        SettleFiring(
          firing: world.firing("ask"), how: .choose("none"), by: Subject("local:ops"))))

    world.logged(
      """
      3 c3 opened → a=[1]
      4 c3 offers ask 3.0
      5 c3 ask answered pick by local:ada {n: 4} 3.0 → raised
      6 c3 incident index_out_of_range /transitions/ask/then/pick/b firing 5
      7 owner
      8 c3 5 settled chosen none → c
      9 c3 resolves 6 settled
      10 c3 closed completed c:1
      """)
  }
}
