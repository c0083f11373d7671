import CEL
import PetriNet
import Testing

@testable import Engine

struct ActionTests {
  static func yaml(_ effect: String, attempts: Int) -> String {
    """
    workflow: w
    actions: {pay: {takes: {sum: int}, returns: {id: string}, effect: \(effect)}}
    places: {a: {start: int}, b: {end: string}, bad: {end: string}, open: {end: int}}
    transitions:
      t:
        in: {x: a}
        action: pay
        with: {sum: x}
        timeout: 10s
        retry: {attempts: \(attempts), backoff: 1s..4s}
        then:
          ok: {b: result.id}
          failed: {bad: error.code}
          unknown: {open: error.attempts}
    """
  }

  static func failure(
    _ code: String, retry: Bool = true, _ happened: ActionOutcome.Happened = .no,
    after: Int64? = nil
  ) -> AttemptOutcome {
    .failed(
      code: code, retry: retry, happened: happened, error: nil, retryAfterMicroseconds: after)
  }

  @Test func `failed attempts are repeated after a growing wait under the same key`() throws {
    let world = try World(Self.yaml("repeatable", attempts: 4))
    world.start(5)
    let key = world.attempts.map(\.idempotencyKey)
    var waits: [Double] = []

    for _ in 0..<3 {
      world.end("t", Self.failure("unavailable"))
      let next = world.machine.state.firings.values.first?.next ?? world.now
      waits.append(Double(next.microseconds - world.now.microseconds) / 1_000_000)
      world.pass(waits[waits.count - 1])
      #expect(world.attempts.map(\.idempotencyKey) == key)
    }
    world.end("t", .ok(["id": "p1"]))

    world.logged(
      """
      3 c3 opened → a=5
      4 c3 t starts pay{sum: 5} 3.0 until 10s
      5 c3 4 attempt 1 failed unavailable
      6 c3 4 attempt 2 failed unavailable
      7 c3 4 attempt 3 failed unavailable
      8 c3 4 completed ok {id: 'p1'} → b='p1'
      9 c3 closed completed b:1
      """)
    for (wait, longest) in zip(waits, [1.0, 2.0, 4.0]) {
      #expect(wait >= longest / 2 && wait < longest)
    }
  }

  @Test func `what the other side asked for is honoured up to the backoff's end`() throws {
    let world = try World(Self.yaml("repeatable", attempts: 2))
    world.start(5)

    world.end("t", Self.failure("rate_limited", after: 60_000_000))

    let next = world.machine.state.firings.values.first?.next
    #expect(next == world.now.advanced(by: 4_000_000))
  }

  @Test func `an attempt that was silent until its deadline may have happened`() throws {
    let world = try World(Self.yaml("final", attempts: 2))
    world.start(5)

    world.pass(10)
    world.pass(4)
    world.end("t", Self.failure("rejected", retry: false))

    world.logged(
      """
      3 c3 opened → a=5
      4 c3 t starts pay{sum: 5} 3.0 until 10s
      5 c3 4 attempt 1 failed timeout maybe
      6 c3 4 completed unknown rejected → open=2
      7 c3 closed completed open:1
      """)
  }

  @Test(arguments: [
    ("final", ActionOutcome.Happened.no, "failed"), ("final", .maybe, "unknown"),
    ("repeatable", .maybe, "unknown"), ("none", .no, "failed"),
  ])
  func `a final failure is unknown once an attempt may have happened`(
    effect: String, happened: ActionOutcome.Happened, outcome: String
  ) throws {
    let world = try World(Self.yaml(effect, attempts: 2))
    world.start(5)

    world.end("t", Self.failure("unavailable", happened))
    try world.restart()
    world.pass(4)
    world.end("t", Self.failure("rejected", retry: false))

    let completed = world.trail.first { $0.contains("completed") }
    #expect(completed?.contains("completed \(outcome) rejected") == true)
  }

  @Test func `a reply that does not fit is a failure`() throws {
    let world = try World(Self.yaml("final", attempts: 3))
    world.start(5)

    world.end("t", .ok(["name": "p1"]))

    world.logged(
      """
      3 c3 opened → a=5
      4 c3 t starts pay{sum: 5} 3.0 until 10s
      5 c3 4 completed unknown bad_reply → open=1
      6 c3 closed completed open:1
      """)
  }

  @Test func `an attempt interrupted by a restart is repeated, and three are unknown`() throws {
    let world = try World(Self.yaml("final", attempts: 1))
    world.start(5)
    let key = world.attempts.map(\.idempotencyKey)

    try world.restart()
    #expect(world.attempts.map(\.idempotencyKey) == key)
    #expect(world.attempts.map(\.attempt) == [1])
    try world.restart()
    try world.restart()

    world.logged(
      """
      3 c3 opened → a=5
      4 c3 t starts pay{sum: 5} 3.0 until 10s
      5 owner
      6 c3 4 attempt 1 failed interrupted
      7 owner
      8 c3 4 attempt 1 failed interrupted
      9 owner
      10 c3 4 completed unknown interrupted → open=1
      11 c3 closed completed open:1
      """)
  }

  @Test func `an answer to an attempt that is over is recorded as late`() throws {
    let world = try World(Self.yaml("repeatable", attempts: 2))
    let caseID = world.start(5)
    let firing = world.firing("t")

    world.pass(10)
    world.take(
      .endAttempt(
        EndAttempt(firing: firing, caseID: caseID, attempt: 1, outcome: .ok(["id": "p1"]))))
    world.pass(4)
    world.end("t", .ok(["id": "p2"]))
    world.take(
      .endAttempt(
        EndAttempt(firing: firing, caseID: caseID, attempt: 1, outcome: .ok(["id": "p1"]))))

    world.logged(
      """
      3 c3 opened → a=5
      4 c3 t starts pay{sum: 5} 3.0 until 10s
      5 c3 4 attempt 1 failed timeout maybe
      6 c3 4 late ok
      7 c3 4 completed ok {id: 'p2'} → b='p2'
      8 c3 closed completed b:1
      9 c3 4 late ok
      """)
  }
}
