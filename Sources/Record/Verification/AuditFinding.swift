/// What is wrong with a log, in the words of place that every verifier uses (LOG §4).
package struct AuditFinding: Equatable, Sendable {
  /// The row it is about, or the first of several; 0 for what is no row's.
  package var row: Int64
  package var text: String

  package init(row: Int64, _ text: String) {
    self.row = row
    self.text = text
  }

  static func mismatch(_ rows: ClosedRange<Int64>) -> AuditFinding {
    let (first, last) = (rows.lowerBound, rows.upperBound)
    return AuditFinding(
      row: first,
      first == last
        ? "row \(first) does not match its hash"
        : "rows \(first)…\(last) do not match their hashes")
  }

  static func missing(_ rows: ClosedRange<Int64>) -> AuditFinding {
    AuditFinding(row: rows.lowerBound, "rows \(rows.lowerBound)…\(rows.upperBound) missing")
  }

  static func falls(_ what: String, at row: Int64) -> AuditFinding {
    AuditFinding(row: row, "row \(row): \(what) falls")
  }

  static func unknownKind(_ kind: String, version: Int64, at row: Int64) -> AuditFinding {
    AuditFinding(row: row, "row \(row) is of unknown kind \(kind), version \(version)")
  }

  static func nowhere(_ reference: RowReference) -> AuditFinding {
    let target = "\(reference.seq).\(reference.index)"
    let what =
      switch reference.kind {
      case .token: "token \(target), which no row wrote"
      case .payload: "payload \(target), which no row has"
      }
    return AuditFinding(row: reference.row, "row \(reference.row) names \(what)")
  }

  /// The checkpoints of these sizes, ascending; nil if there is none.
  static func checkpoints(_ sizes: [Int64], _ what: String) -> AuditFinding? {
    guard let first = sizes.first else { return nil }
    let more = sizes.count > 1 ? " (and \(sizes.count - 1) more)" : ""
    return AuditFinding(row: first, "checkpoint \(first)\(more) \(what)")
  }
}

/// A place in the log that a row names.
package struct RowReference: Equatable, Sendable {
  package enum Kind: Sendable {
    /// `same`: the token whose row wrote the value.
    case token
    /// `~`: a sealed payload.
    case payload
  }

  package var row: Int64
  package var seq: Int64
  package var index: Int64
  package var kind: Kind
}
