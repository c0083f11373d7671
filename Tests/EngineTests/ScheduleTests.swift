import PetriNet
import Testing

@testable import CEL
@testable import Engine

struct ScheduleTests {
  /// The tests' clock begins at 1970-01-12T13:46:40Z, a Monday.
  private static func yaml(_ schedule: String, more: String = "") -> String {
    """
    workflow: w
    places:
      a: {start: {n: int}, capacity: 2}
      s: {shared: int}
      done: {end: {n: int}}
    transitions: {go: {in: {x: {from: a, after: 1h}}, out: {done: x}}}
    schedules: {tick: {\(schedule)}\(more)}
    """
  }

  @Test func `a schedule opens cases and fills shared places when it is due`() throws {
    let world = World()
    try world.load(
      Self.yaml(
        "cron: '0 * * * *', put: {a: {each: '[1, 2]', as: i, put: {n: i}}, s: now.getMinutes()}"))

    world.pass(3_600)

    world.logged(
      """
      1 owner
      2 registers workflow w
      3 fills w/s →
      4 schedule tick next 800s
      5 schedule tick fired 800s next 4400s → w/s=0
      6 c6 opened tick → a={n: 1}
      7 c7 opened tick → a={n: 2}
      """)
    try world.restart()
  }

  @Test func `a full place counts as missed`() throws {
    let world = try World(Self.yaml("cron: '0 * * * *', put: {a: {n: 1}}"))
    world.start(["n": 7])
    world.start(["n": 8])
    world.forget()

    world.pass(900)

    world.logged("7 schedule tick skipped 800s missed 1 next 4400s")
  }

  @Test func `after an outage missed instants are folded into one`() throws {
    let world = try World(Self.yaml("cron: '0 * * * *', put: {s: 1}"))

    world.wait(3 * 3_600)
    world.take(.tick)

    world.logged("5 schedule tick fired 8000s missed 2 next 11600s → w/s=1")
  }

  @Test func `or they are skipped`() throws {
    let world = try World(Self.yaml("cron: '0 * * * *', put: {s: 1}, missed: skip"))

    world.wait(3 * 3_600)
    world.take(.tick)
    world.pass(3_600)

    world.logged(
      """
      5 schedule tick skipped 8000s missed 3 next 11600s
      6 schedule tick fired 11600s next 15200s → w/s=1
      """)
    try world.restart()
  }

  @Test func `a version without the schedule ends its timer, an earlier one sets it again`() throws
  {
    let world = try World(Self.yaml("cron: '0 * * * *', put: {s: 1}"))
    let other = try world.load(
      Self.yaml("cron: '30 * * * *', put: {s: 2}").replacing("tick:", with: "tock:"), version: 2)
    world.take(.activate(Activate(definition: DefinitionID(Seq(2)), by: Subject("local:ops"))))
    world.pass(4_000)

    world.logged(
      """
      5 registers workflow w
      6 schedule tock next 2600s
      7 schedule tick gone
      8 activates 2
      9 schedule tick next 800s
      10 schedule tock gone
      11 schedule tick fired 800s next 4400s → w/s=1
      """)
    #expect(other == DefinitionID(Seq(5)))
    try world.restart()
  }

  @Test func `a put that raises is an incident, and the schedule goes on`() throws {
    let world = try World(Self.yaml("cron: '0 * * * *', put: {s: 1 / (now.getHours() - 14)}"))

    world.pass(4_500)

    world.logged(
      """
      5 schedule tick skipped 800s missed 1 next 4400s
      6 incident division_by_zero /schedules/tick/put/s
      7 schedule tick fired 4400s next 8000s → w/s=1
      """)
  }

  static let clocks: [(String, String, Int64, [Int64])] = [
    ("30 2 * * *", "-05:00", 1_710_050_340, [1_710_055_800, 1_710_142_200]),
    ("*/15 8-9 * * mon-fri", "UTC", 1_710_000_000, [1_710_144_000, 1_710_144_900]),
    ("0 0 29 2 *", "UTC", 1_710_000_000, [1_835_395_200, 1_961_625_600]),
    ("0 0 13 * 5", "UTC", 1_710_000_000, [1_710_288_000, 1_710_460_800]),
    ("5,7 0 1 jan *", "UTC", 1_710_000_000, [1_735_689_900, 1_735_690_020]),
    ("0 12 * * 7", "+09:00", 1_710_000_000, [1_710_039_600, 1_710_644_400]),
    ("0 0 30 2 *", "UTC", 0, []),
  ]

  @Test(arguments: clocks)
  func `a cron expression is due`(cron: String, zone: String, after: Int64, due: [Int64]) throws {
    let rules = try #require(TimeZones.utcOnly[zone])
    let clock = try #require(CronClock(cron, zone: rules))

    var found: [Int64] = []
    while found.count < due.count, let next = clock.next(after: found.last ?? after) {
      found.append(next)
    }

    #expect(found == due)
    #expect(!due.isEmpty || clock.next(after: after) == nil)
  }

  @Test func `a skipped local time is due at the jump, a doubled one once`() throws {
    let jump: Int64 = 1_710_039_600
    let zone = ZoneRules(
      firstOffset: 0,
      changes: [
        .init(instant: jump, offset: 3_600), .init(instant: jump + 2 * 86_400, offset: 0),
      ], yearly: nil)
    let clock = try #require(CronClock("30 3 * * *", zone: zone))

    var found: [Int64] = [jump - 3_600]
    while found.count < 5, let next = clock.next(after: found[found.count - 1]) {
      found.append(next)
    }

    #expect(
      found.dropFirst() == [jump, jump + 84_600, jump + 171_000, jump + 261_000])
  }
}
