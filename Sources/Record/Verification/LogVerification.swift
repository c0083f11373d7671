/// Puts the parts of a log together again and holds them against checkpoints and anchors (LOG §4).
package struct LogVerification {
  package enum Part: Sendable {
    case stretch(StretchVerification)
    case pruned(PrunedRun)
    /// Rows that are not there, many of them.
    case gap(ClosedRange<Int64>)
  }

  package struct Claims: Sendable {
    package var origin: String
    /// Of the first signing key; nil if it is not known.
    package var verifier: String?
    package var head: Int64
    /// Ascending by size.
    package var checkpoints: [StoredCheckpoint]
    package var anchors: [SignedNote]
    /// The rows for which an archive was written; nil for a log.
    package var archive: ClosedRange<Int64>?

    package init(
      origin: String, verifier: String?, head: Int64, checkpoints: [StoredCheckpoint],
      anchors: [SignedNote], archive: ClosedRange<Int64>? = nil
    ) {
      self.archive = archive
      self.origin = origin
      self.verifier = verifier
      self.head = head
      self.checkpoints = checkpoints
      // Many come twice, in the file of anchors and in what an auditor kept.
      var seen: Set<Place> = []
      self.anchors = anchors.filter {
        seen.insert(Place(size: $0.checkpoint.size, root: $0.checkpoint.root)).inserted
      }
    }

    private struct Place: Hashable {
      var size: Int64
      var root: Hash256
    }

    /// Sizes for which the tree is wanted, ascending.
    package var sizes: [Int64] {
      let all = checkpoints.map(\.size) + anchors.map(\.checkpoint.size)
      return Array(Set(all.filter { $0 > 0 && $0 <= head })).sorted()
    }
  }

  package private(set) var report = AuditReport()
  /// Rows of the log's own kinds, in order.
  package private(set) var noted: [NotedRow] = []
  private let claims: Claims
  private let parts: [Part]
  /// As far as no row is missing.
  private var tree: MerkleRange? = MerkleRange(start: 0)
  private var roots: [Int64: Hash256] = [:]
  private var mismatches: [ClosedRange<Int64>] = []
  private var missing: [ClosedRange<Int64>] = []
  private var lastMoment: StretchVerification.Moment?

  /// - Parameter parts: all of the log's rows, in order.
  package init(_ parts: [Part], _ claims: Claims) {
    self.parts = parts
    self.claims = claims
    report.head = claims.head
    report.archive = claims.archive
    for part in parts { join(part) }
    report.findings += mismatches.map(AuditFinding.mismatch)
    report.findings += missing.map(AuditFinding.missing)
    report.to = lastMoment?.at
    checkReferences()
    checkRuns()
    compareCheckpoints()
    compareAnchors()
    sortFindings()
  }

  /// Adds what was found elsewhere.
  package mutating func add(_ findings: [AuditFinding]) {
    report.findings += findings
    sortFindings()
  }

  private mutating func sortFindings() {
    report.findings.sort {
      ($0.row, $0.text.utf8.count) != ($1.row, $1.text.utf8.count)
        ? ($0.row, $0.text.utf8.count) < ($1.row, $1.text.utf8.count)
        : $0.text.utf8.lexicographicallyPrecedes($1.text.utf8)
    }
  }

  private mutating func join(_ part: Part) {
    switch part {
    case .gap(let rows): miss(rows)
    case .pruned(let run):
      report.rowsPruned += Int64(run.rows.count)
      guard run.isWhole, tree != nil else {
        tree = nil
        break
      }
      for node in run.nodes { tree?.append(node) }
      roots[run.last] = tree?.root
    case .stretch(let stretch): join(stretch)
    }
  }

  private mutating func join(_ stretch: StretchVerification) {
    report.rowsRead += stretch.count
    report.findings += stretch.findings
    noted += stretch.noted
    for rows in stretch.mismatches {
      if let last = mismatches.last, last.upperBound == rows.lowerBound - 1 {
        mismatches[mismatches.count - 1] = last.lowerBound...rows.upperBound
      } else {
        mismatches.append(rows)
      }
    }
    if let tree {
      for (size, range) in stretch.ranges {
        var whole = tree
        whole.append(range)
        roots[size] = whole.root
      }
      self.tree?.append(stretch.range)
      if !stretch.isTreeWhole { self.tree = nil }
    }
    for rows in stretch.missing { miss(rows) }
    if let first = stretch.first {
      if let lastMoment {
        report.findings += StretchVerification.falls(from: lastMoment, to: first)
      }
      report.from = report.from ?? first.at
    }
    lastMoment = stretch.last ?? lastMoment
  }

  private mutating func miss(_ rows: ClosedRange<Int64>) {
    tree = nil
    if let last = missing.last, last.upperBound == rows.lowerBound - 1 {
      missing[missing.count - 1] = last.lowerBound...rows.upperBound
    } else {
      missing.append(rows)
    }
  }

  /// References across the borders of stretches; those to rows that have left say nothing.
  private mutating func checkReferences() {
    let stretches = parts.compactMap { part -> StretchVerification? in
      if case .stretch(let stretch) = part { stretch } else { nil }
    }
    for stretch in stretches {
      for reference in stretch.references {
        let place = stretches.partitioning { $0.rows.upperBound >= reference.seq }
        guard place < stretches.count, stretches[place].rows.contains(reference.seq) else {
          continue
        }
        let target = stretches[place]
        let shape = target.shapes[Int(reference.seq - target.rows.lowerBound)]
        if !shape.has(reference) { report.findings.append(.nowhere(reference)) }
      }
    }
  }

  /// A run is announced by the row that it names.
  private mutating func checkRuns() {
    let announced = noted.compactMap { row in row.event(\.pruning).map { (row.seq, $0) } }
    let runs = parts.compactMap { part -> PrunedRun? in
      if case .pruned(let run) = part { run } else { nil }
    }
    for run in runs {
      if !run.isWhole {
        report.findings.append(
          AuditFinding(
            row: run.first,
            "the subtrees of the pruned rows \(run.first)…\(run.last) are not those it takes"))
      }
      // What an archive leaves out needs no event: it says itself which rows it is of.
      if let archive = claims.archive, !archive.overlaps(run.rows) { continue }
      let isAnnounced = announced.contains { seq, event in
        seq == run.by && seq > run.last && event.first.number <= run.first
          && event.last.number >= run.last
      }
      if !isAnnounced {
        report.findings.append(
          AuditFinding(row: run.first, "rows \(run.first)…\(run.last) were pruned without an event")
        )
      }
    }
  }

  private mutating func compareCheckpoints() {
    var beyond: [Int64] = []
    var different: [Int64] = []
    var unsigned: [Int64] = []
    var keys = KeysInForce(claims.verifier, noted)
    report.findings += keys.findings
    report.checkpoints = claims.checkpoints.count
    for checkpoint in claims.checkpoints {
      let isSigned = keys.haveSigned(checkpoint, of: claims.origin)
      if isSigned == false { unsigned.append(checkpoint.size) }
      if checkpoint.size > claims.head {
        beyond.append(checkpoint.size)
      } else if let root = roots[checkpoint.size] {
        if root != checkpoint.root {
          different.append(checkpoint.size)
        } else if isSigned == true {
          report.signed = checkpoint.size
        }
      } else {
        report.checkpointsUncompared += 1
      }
    }
    report.verifier = keys.last
    let found: [AuditFinding?] = [
      AuditFinding.checkpoints(beyond, "lies beyond row \(claims.head)"),
      AuditFinding.checkpoints(different, "does not match the rows before it"),
      AuditFinding.checkpoints(unsigned, "is not signed with the log's key"),
    ]
    report.findings += found.compactMap { $0 }
  }

  private mutating func compareAnchors() {
    let given = noted.compactMap { row in
      row.event(\.restoration).map { (row.seq, $0) }
    }
    report.restored = given.map { .init(row: $0.0, lost: $0.1.lost) }
    report.anchors = claims.anchors.count
    var beyond: [Int64] = []
    var different: [Int64] = []
    let anchors = claims.anchors.map(\.checkpoint).sorted { $0.size < $1.size }
    for anchor in anchors {
      let root = roots[anchor.size]
      if root == anchor.root || anchor.size == 0 {
        report.anchored = max(report.anchored, anchor.size)
      } else if given.contains(where: { $0.1.gaveUp(anchor.size) }) {
        report.anchorsGivenUp += 1
      } else if anchor.size > claims.head {
        if claims.archive == nil { beyond.append(anchor.size) }
      } else if root != nil {
        different.append(anchor.size)
      } else {
        report.anchorsUncompared += 1
      }
    }
    func named(_ sizes: [Int64]) -> String {
      "anchor \(sizes[0])" + (sizes.count > 1 ? " (and \(sizes.count - 1) more)" : "")
    }
    if let first = beyond.first {
      report.findings.append(
        AuditFinding(
          row: first, "the tail was cut: \(named(beyond)) lies beyond row \(claims.head)"))
    }
    if let first = different.first {
      let before = anchors.last { $0.size < first && roots[$0.size] == $0.root }?.size ?? 0
      report.findings.append(
        AuditFinding(
          row: before + 1,
          "rows \(before + 1)…\(first) were rewritten: \(named(different)) does not match them"))
    }
  }
}

extension Array {
  /// The first place whose element, and all behind it, satisfy `isBehind`.
  fileprivate func partitioning(_ isBehind: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
