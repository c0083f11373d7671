import Foundation
import Testing

@testable import Engine

struct SnapshotTests {
  private static var netsMax: Int {
    if let wanted = ProcessInfo.processInfo.environment["PETREL_SNAPSHOTS"].flatMap({ Int($0) }) {
      return wanted
    }
    #if DEBUG
      return 60
    #else
      return 2_000
    #endif
  }

  @Test func `a machine begun from a snapshot goes on as the one that never stopped`() throws {
    var seed: UInt64 = 1
    var nets = 0
    var snapshots = 0
    var bytes = 0
    var failures = 0

    while nets < Self.netsMax, failures < 3 {
      var comparison = NaiveComparison(seed: seed)
      comparison.snapshots = SnapshotCheck(seed: seed)
      do {
        if try comparison.run() != nil { nets += 1 }
        snapshots += comparison.snapshots?.count ?? 0
        bytes += comparison.snapshots?.bytes ?? 0
      } catch {
        failures += 1
        Issue.record("seed \(seed)\n\(comparison.workflow)\n\(error)")
      }
      seed += 1
    }

    #expect(snapshots >= nets && bytes > 100 * snapshots)
  }
}
