internal import CEL
internal import Engine
internal import Foundation

/// What the engine alone does on one core, each figure beside the yardstick of the same run.
enum EngineSpeed {

  static func measure(_ part: String) throws {
    switch part {
    case "chain": try chain()
    case "log": try LogSpeed.measure()
    case "age": try age()
    case "join": try joins()
    case "correlate": try correlations()
    case "scraper": try ScraperSpeed.measure()
    case "refund": try RefundEngine.measure()
    case "memory": try memory(100_000)
    case "memory-1m": try memory(1_000_000)
    default: throw Bench.WrongUse()
    }
  }

  /// Prints a rate in events a second and in yardsticks.
  static func tell(
    _ name: String, _ seconds: Double, _ count: Int, aim: Double? = nil
  ) {
    let yardstick = Yardstick.nanoseconds()
    let each = seconds * 1e9 / Double(count)
    var line = String(
      format: "%@: %.0f /s, %.0f ns each, %.2f yardsticks of %.0f ns", name,
      Double(count) / seconds, each, each / yardstick, yardstick)
    if let aim {
      let isReached = Double(count) / seconds >= aim
      line += String(format: "; aim %.0f /s: %@", aim, isReached ? "reached" : "missed")
    }
    Bench.say(line)
  }

  /// Processor time of this thread, so that what else runs on the machine counts little.
  static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let begun = processorNanoseconds
    try body()
    return Double(processorNanoseconds - begun) / 1e9
  }

  static var processorNanoseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  // MARK: Chain

  static let length = 500

  private static func chain() throws {
    var loaded = try LoadedMachine(EngineNets.chain(length))
    let value = loaded.value([.int(1)], of: "p0")
    let cases = 2_000
    for keepsEvents in [false, true] {
      loaded.machine.keepsEvents = keepsEvents
      var best = Double.infinity
      for _ in 0..<5 {
        let first = loaded.machine.state.lastSeq.number
        let seconds = seconds { for _ in 0..<cases { _ = loaded.start(value) } }
        let rows = Int(loaded.machine.state.lastSeq.number - first)
        precondition(rows == cases * (length + 2), "every transition fired once a case")
        best = min(best, seconds)
      }
      tell(
        "chain of \(length), \(keepsEvents ? "events made and dropped" : "without events")", best,
        cases * length, aim: keepsEvents ? nil : 3e6)
    }
  }

  /// Whether the engine gets slower with what it has done.
  private static func age() throws {
    var loaded = try LoadedMachine(EngineNets.chain(length))
    let value = loaded.value([.int(1)], of: "p0")
    for _ in 0..<200 { _ = loaded.start(value) }
    var fresh = try LoadedMachine(EngineNets.chain(length))
    _ = fresh.start(value)
    var old: [Double] = []
    var young: [Double] = []
    for _ in 0..<1_800 {
      old.append(seconds { _ = loaded.start(value) })
    }
    for _ in 0..<200 { young.append(seconds { _ = fresh.start(value) }) }
    let late = median(Array(old.suffix(200)))
    let early = median(young)
    Bench.say(
      String(
        format: "firing no. 1,000,000 takes %.3f times what no. 1,000 takes; aim 1.1: %@",
        late / early, late / early <= 1.1 ? "reached" : "missed"))
  }

  private static func median(_ numbers: [Double]) -> Double { numbers.sorted()[numbers.count / 2] }

  // MARK: Joins

  private static func joins() throws {
    var rates: [Double] = []
    for waiting in [100, 1_000, 10_000, 100_000] {
      for keepsEvents in [false, true] {
        let rounds = max(1, 100_000 / waiting)
        let total = try joinSeconds(waiting, rounds: rounds, keepsEvents: keepsEvents)
        if !keepsEvents { rates.append(Double(rounds * waiting) / total) }
        tell(
          "join on id, \(waiting) waiting on either side, "
            + (keepsEvents ? "events made and dropped" : "without events"), total,
          rounds * waiting, aim: waiting == 10_000 && !keepsEvents ? 2e6 : nil)
      }
    }
    let factor = (rates.max() ?? 0) / (rates.min() ?? 1)
    Bench.say(
      String(
        format: "join: factor %.1f between the slowest and the fastest; aim 4: %@", factor,
        factor <= 4 ? "reached" : "missed"))
  }

  private static func joinSeconds(
    _ waiting: Int, rounds: Int, keepsEvents: Bool
  ) throws -> Double {
    var loaded = try LoadedMachine(EngineNets.join)
    loaded.machine.keepsEvents = keepsEvents
    var total = 0.0
    for _ in 0..<rounds {
      _ = loaded.pause(true)
      let orders = (0..<waiting).map { $0 &* 7_919 % waiting }
      for id in 0..<waiting { loaded.deposit([.int(Int64(id)), .int(1)], in: "orders") }
      for id in orders { loaded.deposit([.int(Int64(id)), .int(2)], in: "payments") }
      let first = loaded.machine.state.lastSeq.number
      total += seconds { _ = loaded.pause(false) }
      let rows = Int(loaded.machine.state.lastSeq.number - first)
      precondition(rows == waiting + 1, "every order met its payment")
      loaded.now = loaded.now.advanced(by: 1_000_000)
    }
    return total
  }

  /// A message finds its case among those that wait: three events each.
  private static func correlations() throws {
    for waiting in [100, 10_000, 100_000] {
      var loaded = try LoadedMachine(EngineNets.messages)
      for id in 0..<waiting {
        _ = loaded.start(loaded.value([.int(Int64(id)), .string("Kim")], of: "ordered"))
      }
      let count = min(waiting, 20_000)
      let seconds = seconds {
        for id in 0..<count {
          let value = loaded.value([.int(Int64(id &* 7_919 % waiting))], of: "paid")
          let handled = loaded.take(
            .depositMessage(
              DepositMessage(workflow: loaded.net.name, place: "paid", value: value)))
          precondition(handled.events.count == 3)
        }
      }
      tell("message to one of \(waiting) waiting cases, three events", seconds, count)
    }
  }

  // MARK: Memory

  /// In a process of its own for each size: pages that another size left would be used again.
  private static func memory(_ waiting: Int) throws {
    var loaded = try LoadedMachine(EngineNets.messages)
    let before = residentBytes()
    for id in 0..<waiting {
      _ = loaded.start(loaded.value([.int(Int64(id)), .string("Kim \(id)")], of: "ordered"))
    }
    let each = Double(residentBytes() - before) / Double(waiting)
    precondition(loaded.machine.state.cases.count == waiting)
    Bench.say(
      String(
        format: "memory: %.0f bytes a case with %d waiting; aim 1024: %@", each, waiting,
        each <= 1_024 ? "reached" : "missed"))
  }

  private static func residentBytes() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
      return 0
    }
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(getpagesize())
  }
}
