internal import CEL
internal import Collections
internal import Engine
internal import Foundation
internal import PetriNet

/// The scraper's scheduling: a domain that has rested, a proxy that has rested, and the most urgent
/// target of the domain; by the net and by hand.
enum ScraperSpeed {
  struct Size {
    var domains = 10_000
    var proxies = 1_000
    var targets = 200_000
    var delay: Int64 = 2_000_000
    var rest: Int64 = 100_000
  }

  static func measure() throws {
    let size = Size()
    let logged = try byNet(size, keepsEvents: true)
    let net = try byNet(size, keepsEvents: false)
    let hand = byHand(size)
    EngineSpeed.tell(
      "scraper's scheduling by the net, events made and dropped", logged.seconds, logged.count)
    EngineSpeed.tell(
      "scraper's scheduling by the net, without events", net.seconds, net.count, aim: 250_000)
    EngineSpeed.tell("scraper's scheduling by hand", hand.seconds, hand.count)
    precondition(logged.order == hand.order, "both dispatch the same, in the same order")
    precondition(logged.state == net.state, "events change nothing")
    let share = (Double(net.count) / net.seconds) / (Double(hand.count) / hand.seconds)
    Bench.say(
      String(
        format: "scraper: the net reaches %.3f of the scheduler by hand; aim 0.333: %@", share,
        share >= 1.0 / 3 ? "reached" : "missed"))
  }

  struct Result {
    var seconds: Double
    var count: Int
    /// FNV-1a over the numbers of targets in order of dispatch.
    var order: UInt64
    /// What it came to, as text.
    var state = ""
  }

  struct Fold {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    mutating func add(_ number: Int) { hash = (hash ^ UInt64(number)) &* 0x0000_0100_0000_01B3 }
  }

  /// Domain and urgency of a target.
  private static func target(_ number: Int, _ size: Size) -> (domain: Int, priority: Int) {
    ((number &* 2_654_435_761) % size.domains, (number &* 40_503) % 10)
  }

  // MARK: By the net

  private static func byNet(_ size: Size, keepsEvents: Bool) throws -> Result {
    var loaded = try LoadedMachine(EngineNets.scraper)
    _ = loaded.pause(true)
    let first = loaded.machine.state.lastSeq.number + 1
    for number in 0..<size.targets {
      let (domain, priority) = target(number, size)
      loaded.deposit(
        [.string("https://d\(domain)/\(number)"), .string("d\(domain)"), .int(Int64(priority))],
        in: "targets")
    }
    for number in 0..<size.domains {
      let delay = Value.duration(TimeSpan(seconds: size.delay / 1_000_000, nanoseconds: 0))
      loaded.deposit([.string("d\(number)"), delay], in: "domains")
    }
    for number in 0..<size.proxies {
      let rest = Value.duration(
        TimeSpan(seconds: 0, nanoseconds: Int32(size.rest * 1_000)))
      loaded.deposit([.string("p\(number)"), rest], in: "proxies")
    }
    loaded.machine.keepsEvents = keepsEvents
    let start = loaded.machine.state.lastSeq.number + 1
    var fold = Fold()
    func note(_ events: [LoggedEvent]) {
      for event in events {
        guard case .fired(let fired) = event.event, case .one(let token) = fired.consumed[2]
        else { continue }
        fold.add(Int(token.seq.number - first))
      }
    }
    let seconds = EngineSpeed.seconds {
      note(loaded.pause(false).events)
      while Int(loaded.machine.state.lastSeq.number - start) < size.targets,
        let due = loaded.machine.nextDue()
      {
        loaded.now = max(loaded.now, due)
        note(loaded.take(.tick).events)
      }
    }
    return Result(
      seconds: seconds, count: Int(loaded.machine.state.lastSeq.number - start), order: fold.hash,
      state: loaded.machine.state.text)
  }

  // MARK: By hand

  /// A domain or a proxy that may be used from an instant on; of equal ones the one put first.
  private struct Resting: Comparable {
    let ready: Int64
    let arrival: Int
    let index: Int

    static func < (left: Resting, right: Resting) -> Bool {
      left.ready == right.ready ? left.arrival < right.arrival : left.ready < right.ready
    }
  }

  private struct Waiting: Comparable {
    let priority: Int
    let number: Int

    static func < (left: Waiting, right: Waiting) -> Bool {
      left.priority == right.priority
        ? left.number < right.number : left.priority > right.priority
    }
  }

  /// What a programmer would write who keeps names as the net does: a heap of resting domains, one
  /// of proxies, and a heap of targets for each domain.
  private static func byHand(_ size: Size) -> Result {
    var indices: [String: Int] = [:]
    for index in 0..<size.domains { indices["d\(index)"] = index }
    var queues = Array(repeating: Heap<Waiting>(), count: size.domains)
    for number in 0..<size.targets {
      let (domain, priority) = target(number, size)
      guard let index = indices["d\(domain)"] else { preconditionFailure("every domain is known") }
      queues[index].insert(Waiting(priority: priority, number: number))
    }
    var domains = Heap((0..<size.domains).map { Resting(ready: 0, arrival: $0, index: $0) })
    var proxies = Heap((0..<size.proxies).map { Resting(ready: 0, arrival: $0, index: $0) })
    var arrivals = max(size.domains, size.proxies)
    var now: Int64 = 0
    var fold = Fold()
    var count = 0
    let seconds = EngineSpeed.seconds {
      while count < size.targets, let domain = domains.min, let proxy = proxies.min {
        now = max(now, domain.ready, proxy.ready)
        domains.removeMin()
        guard let target = queues[domain.index].popMin() else { continue }
        proxies.removeMin()
        fold.add(target.number)
        count += 1
        arrivals += 1
        domains.insert(Resting(ready: now + size.delay, arrival: arrivals, index: domain.index))
        proxies.insert(Resting(ready: now + size.rest, arrival: arrivals, index: proxy.index))
      }
    }
    return Result(seconds: seconds, count: count, order: fold.hash)
  }
}
