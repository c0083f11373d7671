import CEL
import PetriNet
import Testing

@testable import Engine

struct JudgeTests {
  static let prompt = """
    ---
    prompt: kind
    question: What is it?
    labels: [cat, dog]
    fields: {text: string}
    ---
    Read {{text}} and answer.
    """
  static let yaml = """
    workflow: w
    places: {a: {start: string}, b: {end: string}, human: {end: string}}
    transitions:
      ask:
        in: {x: a}
        judge: kind
        with: {text: x}
        timeout: 5s
        then: {cat: {b: verdict}, dog: {b: verdict}, fallback: {human: fallback.reason}}
    """

  static func world() throws -> World {
    let world = World()
    try world.load(yaml, prompts: ["kind": prompt])
    world.forget()
    return world
  }

  static func call(_ label: String?) -> CallRecord {
    var call = CallRecord(
      attempt: 1, endpoint: "e", requested: "m", started: World.epoch, ended: World.epoch)
    call.label = label
    call.question = SealedBytes([1])
    call.reply = SealedBytes([2])
    return call
  }

  @Test func `a question carries all that a judge needs`() throws {
    let world = try Self.world()

    let caseID = world.start("meow")

    let inquiry = try #require(world.inquiries.first)
    #expect(inquiry.caseID == caseID)
    #expect(inquiry.firingText == "0-5-0102030405060708")
    #expect(inquiry.values == ["meow"])
    #expect(inquiry.models == [])
    #expect(inquiry.deadline == World.epoch.advanced(by: 5_000_000))
    #expect(inquiry.guardID == DefinitionID(Seq(3)))
  }

  @Test func `at its deadline a silent question falls back, and a later verdict moves nothing`()
    throws
  {
    let world = try Self.world()
    let caseID = world.start("meow")
    let firing = world.firing("ask")
    world.silence = .timeoutFirstByte

    world.pass(5)
    world.take(
      .recordVerdict(
        RecordVerdict(
          firing: firing, caseID: caseID, verdict: .label("cat"), call: Self.call("cat"))))
    #expect(world.reply == .late(event: Seq(8)))
    world.take(
      .recordVerdict(RecordVerdict(firing: firing, caseID: caseID, verdict: .label("cat"))))

    world.logged(
      """
      4 c4 opened → a='meow'
      5 c4 ask asks 4.0 until 5s
      6 c4 5 verdict fallback(timeout.first_byte) → human='timeout.first_byte'
      7 c4 closed completed human:1
      8 c4 call of 5 late
      9 c4 refused verdict verdict_not_awaited of 5
      """)
  }

  @Test func `votes are kept with their firing, and a label outside the prompt is no verdict`()
    throws
  {
    let world = try Self.world()
    let caseID = world.start("meow")
    let firing = world.firing("ask")

    world.take(
      .recordCall(RecordCall(firing: firing, caseID: caseID, call: Self.call("cat"))))
    #expect(world.machine.state.firings[firing]?.votes == ["cat"])
    world.verdict("ask", .label("cow"))

    world.logged(
      """
      4 c4 opened → a='meow'
      5 c4 ask asks 4.0 until 5s
      6 c4 call of 5
      7 c4 5 verdict fallback(schema.unknown_label) → human='schema.unknown_label'
      8 c4 closed completed human:1
      """)
  }

  @Test func `a question without an outcome is put again after a restart, under the same name`()
    throws
  {
    let world = try Self.world()
    world.start("meow")
    let before = world.inquiries

    world.wait(1)
    try world.restart()

    let after = world.inquiries
    #expect(after.map(\.firingText) == before.map(\.firingText))
    #expect(after.map(\.values) == before.map(\.values))
    #expect(after.map(\.deadline) == before.map(\.deadline))
  }

  @Test func `a judge starts nothing until a guard is in force`() throws {
    let world = try Self.world()
    world.take(.useGuards([]))
    world.start("meow")
    #expect(world.machine.state.firings.isEmpty)

    world.take(
      .useGuards([
        GuardInForce(
          workflow: DefinitionID(Seq(2)), prompt: "kind", models: [], guardID: DefinitionID(Seq(3)))
      ]))

    #expect(world.machine.state.firings.count == 1)
  }
}
