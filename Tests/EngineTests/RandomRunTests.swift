import CEL
import PetriNet
import Testing

@testable import Engine

/// Random commands on small nets. After every command the fold of the log from text is compared with
/// the live state (`World.take`); here stand the claims that hold over a whole run.
struct RandomRunTests {
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      return word ^ (word >> 31)
    }

    mutating func pick(_ count: Int) -> Int { Int(next() % UInt64(max(count, 1))) }
  }

  /// Judges, actions with shared slots and limits, tasks, timers, messages, decisions.
  static let yaml = """
    workflow: w
    types: {Item: {n: int, who: personal string}}
    actions:
      look: {takes: {n: int}, returns: {n: int 0..9}, effect: none}
      pay: {takes: {n: int}, returns: {n: int}, effect: final}
    case: {key: "string(input.n)", again: join, keep: 5s}
    places:
      a: {start: Item, capacity: 6}
      b: Item
      c: {type: {n: int}, capacity: 3}
      d: {n: int, by: string}
      e: {n: int}
      slots: {shared: unit, initial: 2}
      pool: {shared: {id: int, uses: int = 0}, key: id, order: [uses], initial: [{id: 1}, {id: 2}]}
      paid: {message: {n: int, sum: int}, key: n, keep: 20s}
      done: {end: {n: int}, many: true}
    transitions:
      ask:
        in: {x: a}
        judge: kind
        with: {text: x.who}
        timeout: 3s
        limit: 2
        then: {cat: {b: x}, dog: {c: {n: x.n}}, fallback: {d: {n: x.n, by: fallback.reason}}}
      look:
        in: {x: b, s: slots}
        action: look
        with: {n: x.n}
        timeout: 4s
        retry: {attempts: 2, backoff: 1s..2s}
        then: {ok: {c: result, slots: unit}, failed: {d: {n: x.n, by: error.code}, slots: unit}}
      sort:
        in: {x: c, p: {from: pool, where: p.id == x.n % 2 + 1}}
        choose:
          small: {when: x.n < 3, out: {e: {n: x.n}, pool: {copy: p, uses: p.uses + 1}}}
          odd: {when: 12 / (x.n - 5) > 0, out: {d: {n: x.n, by: "'odd'"}, pool: p}}
          else: {out: {e: {each: "[x.n, x.n]", as: m, put: {n: m}}, pool: {put: p, after: 1s}}}
      help:
        in: {x: d}
        read: {p: {from: pool, where: p.uses < 4}}
        task: "help {{x.n}}"
        for: people
        not: "[x.by]"
        ask: {again: {n: int 0..9}}
        then: {again: {c: {n: answer.n}}, stop: {done: {n: x.n}}}
      forget: {in: {x: {from: d, after: 6s}}, out: {done: {n: x.n}}}
      pay:
        in: {x: e}
        action: pay
        with: {n: x.n}
        timeout: 5s
        limit: {max: 1, per: x.n % 3}
        retry: {attempts: 2, backoff: 1s..2s}
        then:
          ok: {done: {n: result.n}}
          failed: {d: {n: x.n, by: error.code}}
          unknown: {done: {n: x.n}}
      match:
        in: {m: paid, x: {from: e, where: m.n == x.n}}
        priority: 3
        out: {done: {n: m.sum}}
    """

  @Test(arguments: Array(UInt64(1)...40))
  func `a run conserves tokens, ends each firing once and folds to what was served`(seed: UInt64)
    throws
  {
    let world = World()
    try world.load(Self.yaml, prompts: ["kind": Self.prompt])
    var random = Generator(state: seed)

    for _ in 0..<120 { try Self.step(world, &random) }
    world.pass(120)

    Self.checkPool(world)
    Self.checkRows(world.log)
    try world.restart()
  }

  @Test func `equal commands give equal logs`() throws {
    func run() throws -> [String] {
      let world = World()
      try world.load(Self.yaml, prompts: ["kind": Self.prompt])
      world.forget()
      var random = Generator(state: 99)
      for _ in 0..<200 { try Self.step(world, &random) }
      return world.trail
    }

    #expect(try run() == run())
  }

  static let prompt = """
    ---
    prompt: kind
    question: What is it?
    labels: [cat, dog]
    fields: {text: personal string}
    ---
    Read {{text}} and answer.
    """

  static func step(_ world: World, _ random: inout Generator) throws {
    let state = world.machine.state
    switch random.pick(14) {
    case 0...2:
      world.start(["n": .int(Int64(random.pick(9))), "who": "kim"])
    case 3: world.message("paid", ["n": .int(Int64(random.pick(9))), "sum": 4])
    case 4...6: world.pass(Double(random.pick(4)) / 2)
    case 7...10: endSomething(world, &random)
    case 11: answerSomething(world, &random)
    case 12:
      let open = state.cases.keys.sorted()
      guard !open.isEmpty else { return }
      let caseID = open[random.pick(open.count)]
      if random.pick(4) == 0 {
        world.take(.terminate(EndCase(caseID: caseID, by: Subject("local:ops"))))
      }
    default:
      if random.pick(6) == 0 {
        try world.restart()
      } else if let incident = state.incidents.keys.min() {
        world.take(
          .resolveIncident(
            ResolveIncident(
              incident: incident, how: random.pick(2) == 0 ? .retry : .ignore,
              by: Subject("local:ops"))))
      }
    }
  }

  private static func endSomething(_ world: World, _ random: inout Generator) {
    let firings = world.machine.state.firings.values.sorted { $0.id < $1.id }
    guard !firings.isEmpty else { return }
    let firing = firings[random.pick(firings.count)]
    if case .unsettled = firing.phase {
      world.take(
        .settle(SettleFiring(firing: firing.id, how: .drop, by: Subject("local:ops"))))
      return
    }
    if case .judge = firing.kind {
      let verdicts: [Verdict] = [.label("cat"), .label("dog"), .fallback(.refusal)]
      world.take(
        .recordVerdict(
          RecordVerdict(
            firing: firing.id, caseID: firing.caseID, verdict: verdicts[random.pick(3)])))
      return
    }
    let outcomes: [AttemptOutcome] = [
      .ok(["n": .int(Int64(random.pick(12)))]), .ok(["n": .int(Int64(random.pick(9)))]),
      ActionTests.failure("unavailable"), ActionTests.failure("timeout", .maybe),
      ActionTests.failure("rejected", retry: false),
    ]
    world.take(
      .endAttempt(
        EndAttempt(
          firing: firing.id, caseID: firing.caseID,
          attempt: max(1, firing.attempt - random.pick(2)),
          outcome: outcomes[random.pick(outcomes.count)])))
  }

  private static func answerSomething(_ world: World, _ random: inout Generator) {
    guard let task = world.machine.state.offers.keys.min() else { return }
    let people = ["local:ada", "local:bob"].map { Subject($0) }
    switch random.pick(4) {
    case 0: world.take(.claim(ClaimTask(task: task, by: people[random.pick(2)])))
    case 1: world.take(.answer(AnswerTask(task: task, outcome: "stop", by: people[0])))
    default:
      world.take(
        .answer(
          AnswerTask(
            task: task, outcome: "again", form: ["n": .int(Int64(random.pick(9)))],
            by: people[random.pick(2)])))
    }
  }

  /// Slots and pool tokens are at rest or held, none is lost and none is double.
  private static func checkPool(_ world: World) {
    let state = world.machine.state
    let held = state.firings.values.flatMap(\.held)
    let live = Array(state.shared.values) + held
    let slots = live.filter { state.places[$0.place].text == "w/slots" }.count
    let pool = live.filter { state.places[$0.place].text == "w/pool" }.count
    #expect(slots == 2)
    #expect(pool == 2)
    for found in state.cases.values {
      #expect(!state.isOver(at: state.cases.position(of: found.id)))
    }
  }

  /// Each token leaves once, each firing begins and ends once, each case opens and closes once.
  private static func checkRows(_ log: [LoggedEvent]) {
    var ended: Set<FiringID> = []
    var closed: Set<CaseID> = []
    var taken: Set<TokenID> = []
    for row in log {
      if let caseID = row.caseID, closed.contains(caseID) {
        #expect(row.event.mayFollowClosing, "\(RowText.line(row))")
      }
      switch row.event {
      case .caseClosed: #expect(closed.insert(row.caseID ?? CaseID(Seq(0))).inserted)
      case .verdictRecorded(let event): #expect(ended.insert(event.firing).inserted)
      case .firingCompleted(let event): #expect(ended.insert(event.firing).inserted)
      case .fired(let event):
        for id in event.consumed.flatMap(\.ids) { #expect(taken.insert(id).inserted) }
      default: break
      }
    }
    #expect(log.map(\.seq.number) == Array(1...Int64(log.count)))
    #expect(log.map(\.at) == log.map(\.at).sorted())
  }
}

extension Event {
  fileprivate var mayFollowClosing: Bool {
    switch self {
    case .lateOutcomeRecorded, .callRecorded, .startJoined, .commandRefused: true
    default: false
    }
  }
}
