package import Engine

/// How long what is kept is kept (`retention` of petrel.yaml); nil = for ever.
package struct Retention: Sendable, Equatable {
  /// Cases after their end, and rows without a case.
  package var casesMicroseconds: Int64?
  /// Questions as they were sent.
  package var requestsMicroseconds: Int64?
  /// Replies as they came.
  package var repliesMicroseconds: Int64?

  /// A pass begins at the start, and so long after the last one began.
  package static let passMicroseconds: Int64 = 3_600_000_000
  /// So many rows leave in one commit.
  package static let rowsMax = 500
  /// While others wait, the writer rests so many times as long as the last slice took.
  package static let restFactor: Int64 = 4

  package init(
    casesMicroseconds: Int64? = nil, requestsMicroseconds: Int64? = nil,
    repliesMicroseconds: Int64? = nil
  ) {
    self.casesMicroseconds = casesMicroseconds
    self.requestsMicroseconds = requestsMicroseconds
    self.repliesMicroseconds = repliesMicroseconds
  }
}

/// What one pass lets go: ages as instants, and what the fold says must stay.
package struct RetirementPlan: Sendable {
  /// Of the pass; plans of one pass are equal.
  package var number: Int
  package var now: Instant
  package var retention: Retention
  /// Rows that began something which is not over.
  package var rowsHeld: Set<Seq>
  package var casesHeld: Set<CaseID>
  /// Numbers of the keys of messages that are still held somewhere.
  package var keysHeld: Set<Int64>
  /// So many rows or payloads leave in one commit.
  package var rowsMax = Retention.rowsMax

  package init(
    number: Int, now: Instant, retention: Retention, rowsHeld: Set<Seq> = [],
    casesHeld: Set<CaseID> = [], keysHeld: Set<Int64> = []
  ) {
    self.number = number
    self.now = now
    self.retention = retention
    self.rowsHeld = rowsHeld
    self.casesHeld = casesHeld
    self.keysHeld = keysHeld
  }
}

/// What a slice of retention came to.
package enum RetirementStep: Sendable, Equatable {
  /// These rows may go: append a `logPruned` of them, and they go in its commit.
  case rows(RetiringRows)
  /// Payloads may go: append this; the next slices delete them.
  case payloads(role: String, through: Seq)
  /// Something was done or looked through, and there is more.
  case more
  case done
}

/// Rows that leave in one commit.
package struct RetiringRows: Sendable, Equatable {
  /// Cases that closed before this instant go.
  package var closedBefore: Instant
  /// The runs into which they go, with those of earlier commits that become one with them.
  package var first: Seq
  package var last: Seq
  /// Ascending, none empty, no two that touch but at a checkpoint.
  package var ranges: [ClosedRange<Seq>]

  package init(closedBefore: Instant, first: Seq, last: Seq, ranges: [ClosedRange<Seq>]) {
    self.closedBefore = closedBefore
    self.first = first
    self.last = last
    self.ranges = ranges
  }

  package var count: Int64 {
    ranges.reduce(0) { $0 + $1.upperBound.number - $1.lowerBound.number + 1 }
  }
}
