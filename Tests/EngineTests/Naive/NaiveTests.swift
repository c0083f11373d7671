import Foundation
import Testing

@testable import Engine

struct NaiveTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let isSoak = environment["PETREL_SOAK"] != nil
  /// The first seed; alone, the only one.
  private static let first = environment["PETREL_SEED"].flatMap { UInt64($0) }
  private static let count =
    environment["PETREL_NETS"].flatMap { Int($0) } ?? (first == nil ? standard : 1)

  /// What looks at every combination is slow without optimisation: `make nets` has it.
  private static var standard: Int {
    #if DEBUG
      250
    #else
      isSoak ? 100_000 : 10_000
    #endif
  }

  @Test func `the machine fires what a naive engine fires, in the same order`() {
    let all = NaiveTally()
    var seed = Self.first ?? 1
    var failures = 0

    while all.netCount < Self.count, failures < 5 {
      var comparison = NaiveComparison(seed: seed)
      do {
        if let rows = try comparison.run() { all.add(comparison.naive.tally, rows: rows) }
      } catch {
        failures += 1
        let smaller = Self.shrunk(seed)
        Issue.record(
          """
          seed \(seed)
          \(comparison.workflow)
          --- child
          \(comparison.child ?? "")
          --- later
          \(comparison.later ?? "")
          --- rows
          \(smaller ?? error)
          """)
      }
      if Self.first != nil, Self.count == 1 { break }
      seed += 1
    }

    print("of \(seed) seeds: \(all.text)")
    if all.netCount >= 1_000, failures == 0 { #expect(all.missing(perTenThousand: 5) == []) }
  }

  /// The shortest script of a seed that still differs.
  private static func shrunk(_ seed: UInt64) -> (any Error)? {
    for count in 0...16 {
      var comparison = NaiveComparison(seed: seed, commandsMax: count)
      do { _ = try comparison.run() } catch { return error }
    }
    return nil
  }
}
