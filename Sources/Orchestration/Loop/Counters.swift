package import Engine

/// What the service counts of itself since it started, for health and metrics. Holds no case.
package struct Counters: Sendable {
  package struct Outcome: Hashable, Sendable {
    package var workflow: String
    package var transition: String
    /// A label, or `fallback`.
    package var outcome: String
    /// Of a fallback, else "".
    package var reason: String
  }

  /// Rows read at the start.
  package var folded = 0
  /// The last row of the snapshot that the start began with.
  package var restored: Seq?
  package var rows = 0
  package var commits = 0
  package var commands = 0
  /// Rows by kind.
  package var kinds: [String: Int] = [:]
  package var verdicts: [String: Int] = [:]
  /// Microseconds of the last commit, and of all together.
  package var commitMicroseconds: Int64 = 0
  package var commitMicrosecondsTotal: Int64 = 0
  package var commitFailures = 0
  /// What `EventStore.bytesAhead` said after the last commit.
  package var bytesAhead: Int64 = 0
  package var refusedFull = 0
  /// Monotonic nanoseconds at which the loop last turned.
  package var turned: Int64 = 0
  package var isWritable = true
  package var isDraining = false

  /// Upper ends of the buckets of commit times, in microseconds.
  package static let bucketEnds: [Int64] = [
    500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000,
  ]
  /// Counts by bucket, the last one for all above.
  package var commitBuckets = Array(repeating: 0, count: bucketEnds.count + 1)

  mutating func committed(rows: Int, microseconds: Int64) {
    self.rows += rows
    commits += 1
    commitMicroseconds = microseconds
    commitMicrosecondsTotal += microseconds
    let bucket = Self.bucketEnds.firstIndex { microseconds <= $0 } ?? Self.bucketEnds.count
    commitBuckets[bucket] += 1
  }

  /// Adds the rows of a group.
  mutating func count(_ events: [LoggedEvent]) {
    for logged in events {
      kinds[logged.event.kindName, default: 0] += 1
      if case .verdictRecorded(let event) = logged.event {
        switch event.verdict {
        case .label(let label): verdicts[label, default: 0] += 1
        case .fallback(let reason): verdicts["fallback \(reason.rawValue)", default: 0] += 1
        }
      }
    }
  }
}

/// Whether the service is well (`/health`).
package struct Health: Sendable, Equatable {
  /// Nanoseconds since the loop last turned.
  package var sinceTurnNanoseconds: Int64
  package var lastCommitMicroseconds: Int64
  package var isWritable: Bool
  package var isDraining: Bool
  package var isOver: Bool
}

extension Orchestrator {
  package var health: Health {
    let counters = snapshot
    return Health(
      sinceTurnNanoseconds: MonotonicClock.monotonicNanoseconds() - counters.turned,
      lastCommitMicroseconds: counters.commitMicroseconds, isWritable: counters.isWritable,
      isDraining: counters.isDraining, isOver: failure != nil)
  }

  package var snapshot: Counters { counters.withLock { $0 } }

  package var load: PerformerLoad { performer.load }

  /// How the judge's endpoints do.
  package var endpoints: [EndpointStanding] { performer.endpoints }

  package var waiting: Int { inbox.count }
}
