internal import Engine
internal import Foundation
internal import Orchestration
internal import PetriNet
internal import Workflows

/// The tables of the demo, made from the log alone.
struct DemoReport {
  let log: DemoLog
  /// Of each workflow, by its name.
  let nets: [String: Net]

  /// How many cases ended where, by workflow.
  var ends: [(workflow: String, place: String, count: Int)] {
    var counts: [String: [String: Int]] = [:]
    for row in log.cases {
      counts[row.workflow.text, default: [:]][log.standing(of: row), default: 0] += 1
    }
    return counts.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.flatMap { workflow in
      (counts[workflow] ?? [:])
        .sorted { left, right in
          let isOpen = left.key.hasPrefix("(open")
          if isOpen != right.key.hasPrefix("(open") { return !isOpen }
          return (left.value, right.key) > (right.value, left.key)
        }
        .map { (workflow, $0.key, $0.value) }
    }
  }

  func printEnds() {
    Console.print("\nWhere the cases ended")
    var table = Table([.init("WORKFLOW"), .init("END PLACE"), .init("CASES", .right), .init("")])
    for row in ends {
      table.add(
        [row.workflow, row.place, String(row.count), String(repeating: "#", count: row.count / 2)])
    }
    for line in table.lines() { Console.print(line) }
  }

  func printVerdicts() {
    Console.print("\nWhat the model said, and how long it took")
    var table = Table([
      .init("WHAT"), .init("COUNT", .right), .init("P50", .right), .init("P99", .right),
      .init("MAX", .right),
    ])
    var times: [String: [Double]] = [:]
    for verdict in log.verdicts { times[verdict.label, default: []].append(verdict.milliseconds) }
    let labels = times.keys.sorted { left, right in
      let isLeft = left.hasPrefix("verdict")
      if isLeft != right.hasPrefix("verdict") { return isLeft }
      return (times[left]?.count ?? 0, right) > (times[right]?.count ?? 0, left)
    }
    for label in labels { table.add([label] + Self.row(times[label] ?? [])) }
    if !log.answers.isEmpty { table.add(["task answered by a person"] + Self.row(log.answers)) }
    for line in table.lines() { Console.print(line) }
  }

  /// Count, median, 99th percentile and maximum.
  private static func row(_ times: [Double]) -> [String] {
    let sorted = times.sorted()
    func at(_ share: Double) -> String {
      let index = min(sorted.count - 1, Int(Double(sorted.count) * share))
      return "\(Int(sorted[index].rounded())) ms"
    }
    return [String(sorted.count), at(0.5), at(0.99), at(1)]
  }

  /// A case whose refund needed a second attempt, if there is one; else one that was refunded.
  var exemplary: CaseRow? {
    let paid = log.effects.filter { $0.outcome == "ok" }
    let chosen =
      paid.first { effect in
        effect.attempts > 1 && log.rows("taskOffered", in: effect.caseID, before: .max).isEmpty
      } ?? paid.first
    return log.cases.last { $0.id.seq.number == chosen?.caseID }
  }
}
