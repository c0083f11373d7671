import Engine
import Orchestration
import Testing

/// What one transaction takes, at both ends of each limit (`limits.group_…`).
struct GroupLimitTests {
  private static let now = Instant(microseconds: 1_795_132_800_000_000)

  /// The core of a service that has just begun and taken `starts` commands of `bytes` more each.
  private func core(_ limits: GroupLimits, starts: Int, bytes: Int = 0) throws -> LoopCore {
    let house = try House()
    var core = try house.opening(group: limits).open(at: Self.now).takeCore()
    for number in 0..<starts {
      let order = house.order("\(number)" + String(repeating: "x", count: bytes))
      _ = core.take(order, at: Self.now, lookups: Lookups())
    }
    return core
  }

  private func isFull(_ limits: GroupLimits, starts: Int = 3, bytes: Int = 0) throws -> Bool {
    try core(limits, starts: starts, bytes: bytes).isFull
  }

  @Test func `the command that reaches the limit is the last of its group`() throws {
    #expect(try isFull(GroupLimits(commandsMax: 3)))
    #expect(try !isFull(GroupLimits(commandsMax: 4)))
  }

  @Test func `the events of a group are counted`() throws {
    let events = try core(GroupLimits(), starts: 3).gathered.count

    #expect(events == 6)
    #expect(try isFull(GroupLimits(eventsMax: events)))
    #expect(try !isFull(GroupLimits(eventsMax: events + 1)))
  }

  @Test(arguments: [0, 20_000])
  func `the bytes of a group are counted, contents by their length`(more: Int) throws {
    let plain = try core(GroupLimits(), starts: 3).bytes
    let bytes = try core(GroupLimits(), starts: 3, bytes: more).bytes

    // The text stands in the token and as the case's key, of which the token is counted.
    #expect(bytes - plain == 3 * more)
    #expect(try isFull(GroupLimits(bytesMax: bytes), bytes: more))
    #expect(try !isFull(GroupLimits(bytesMax: bytes + 1), bytes: more))
  }

  @Test func `a commit begins a new group`() throws {
    let limits = GroupLimits(commandsMax: 1, eventsMax: 1, bytesMax: 1)
    var core = try core(limits, starts: 1)
    let before = core.isFull

    _ = try core.commit()
    let (after, bytes) = (core.isFull, core.bytes)

    #expect(before)
    #expect(!after)
    #expect(bytes == 0)
  }
}
