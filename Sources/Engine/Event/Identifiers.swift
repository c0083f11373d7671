/// An instant of the engine: microseconds since 1970-01-01T00:00:00Z.
package struct Instant: Hashable, Comparable, Sendable {
  package var microseconds: Int64

  package init(microseconds: Int64) { self.microseconds = microseconds }

  package static func < (left: Instant, right: Instant) -> Bool {
    left.microseconds < right.microseconds
  }

  /// `microseconds` later; saturates at the ends of Int64.
  package func advanced(by microseconds: Int64) -> Instant {
    let (sum, overflow) = self.microseconds.addingReportingOverflow(microseconds)
    return Instant(microseconds: overflow ? (microseconds > 0 ? .max : .min) : sum)
  }
}

/// The number of a row of the log, dense from 1; everything is named by one.
package struct Seq: Hashable, Comparable, Sendable {
  package var number: Int64

  package init(_ number: Int64) { self.number = number }

  package static func < (left: Seq, right: Seq) -> Bool { left.number < right.number }
}

/// A case: the row of its `caseOpened`. The API spells it `c1071`.
package struct CaseID: Hashable, Comparable, Sendable {
  package var seq: Seq

  package init(_ seq: Seq) { self.seq = seq }

  package static func < (left: CaseID, right: CaseID) -> Bool { left.seq < right.seq }
}

/// A firing: the row that began it.
package struct FiringID: Hashable, Comparable, Sendable {
  package var seq: Seq

  package init(_ seq: Seq) { self.seq = seq }

  package static func < (left: FiringID, right: FiringID) -> Bool { left.seq < right.seq }
}

/// An offer of a task: its `taskOffered` row. The API spells it `t1130`.
package struct TaskID: Hashable, Comparable, Sendable {
  package var seq: Seq

  package init(_ seq: Seq) { self.seq = seq }

  package static func < (left: TaskID, right: TaskID) -> Bool { left.seq < right.seq }
}

/// An incident: its `incidentRaised` row.
package struct IncidentID: Hashable, Comparable, Sendable {
  package var seq: Seq

  package init(_ seq: Seq) { self.seq = seq }

  package static func < (left: IncidentID, right: IncidentID) -> Bool { left.seq < right.seq }
}

/// A registered workflow, library, prompt, guard or policy: its `definitionRegistered` row.
package struct DefinitionID: Hashable, Comparable, Sendable {
  package var seq: Seq

  package init(_ seq: Seq) { self.seq = seq }

  package static func < (left: DefinitionID, right: DefinitionID) -> Bool { left.seq < right.seq }
}

/// A token: the row that made it and its position there. Also its arrival number.
package struct TokenID: Hashable, Comparable, Sendable {
  package var seq: Seq
  package var index: Int32

  package init(_ seq: Seq, _ index: Int32) {
    self.seq = seq
    self.index = index
  }

  package static func < (left: TokenID, right: TokenID) -> Bool {
    left.seq == right.seq ? left.index < right.index : left.seq < right.seq
  }
}

/// Who gave a command: `local`, `local:ada`, `ISSUER#SUBJECT`, `token:PREFIX`, `engine` (CONFIG §4).
package struct Subject: Hashable, Sendable {
  package var text: String

  package init(_ text: String) { self.text = text }

  package static let engine = Subject("engine")
  /// Somebody at this machine who did not say who: perhaps any person who did.
  package static let local = Subject("local")

  /// Whether both may be one person.
  package func mayBe(_ other: Subject) -> Bool {
    self == other || self == .local || other == .local
  }
}

/// A request's idempotency key as the log keeps it: hashed under the key of its slot (LOG §3).
package struct RequestIdentity: Hashable, Sendable {
  /// Number of the 6 h slot of `at`.
  package var slot: Int64
  /// 16 bytes, or 24 with those of the body behind.
  package var bytes: [UInt8]

  package init(slot: Int64, bytes: [UInt8]) {
    self.slot = slot
    self.bytes = bytes
  }
}
