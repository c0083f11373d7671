/// Verifies consecutive rows: hashes, the rules of single rows, and the tree over them.
///
/// A stretch knows nothing of the others, so that they may be verified in any order, on any thread.
package struct StretchVerification: Sendable {
  /// Rows that should be there.
  package let rows: ClosedRange<Int64>
  /// The tree over the rows; up to the first that is missing.
  package private(set) var range: MerkleRange
  /// Whether each row had a hash of 32 bytes.
  package private(set) var isTreeWhole = true
  /// The tree as far as the sizes asked for, ascending.
  package private(set) var ranges: [(size: Int64, range: MerkleRange)] = []
  package private(set) var mismatches: [ClosedRange<Int64>] = []
  package private(set) var missing: [ClosedRange<Int64>] = []
  /// In the order of rows, but for hashes, missing rows and references.
  package private(set) var findings: [AuditFinding] = []
  /// References to rows before this stretch.
  package private(set) var references: [RowReference] = []
  /// By the place of the row in the stretch.
  package private(set) var shapes: [RowShape] = []
  package private(set) var noted: [NotedRow] = []
  /// Time and epoch of the first and the last row whose hash holds.
  package private(set) var first: Moment?
  package private(set) var last: Moment?
  /// How many rows were read.
  package private(set) var count: Int64 = 0

  package struct Moment: Equatable, Sendable {
    package var row: Int64
    package var at: Int64
    package var epoch: Int64
  }

  private let shard: Int64
  private var previous: Hash256?
  private var next: Int64
  private var sizes: ArraySlice<Int64>
  private var leaf = Leaf()
  private var scan = BodyScan()
  private let kinds = KnownKinds()

  /// - Parameters:
  ///   - previous: hash of the row before; nil if that is missing too.
  ///   - sizes: of checkpoints, ascending, for which the tree is wanted.
  package init(
    rows: ClosedRange<Int64>, shard: Int64, previous: Hash256?, sizes: [Int64]
  ) {
    self.rows = rows
    self.shard = shard
    self.previous = previous
    self.sizes = sizes[...]
    next = rows.lowerBound
    range = MerkleRange(start: rows.lowerBound - 1)
    shapes.reserveCapacity(rows.count)
  }

  /// Takes the next row.
  ///
  /// - Precondition: Rows come in the order of their numbers, all of them within the stretch.
  package mutating func take(_ row: RawRow) {
    if row.seq > next { miss(next...(row.seq - 1)) }
    next = row.seq + 1
    count += 1
    let stored = row.hash
    var holds = true
    if let previous {
      holds = stored != nil && leaf.hash(row, shard: shard, previous: previous) == stored
      if !holds { mismatch(row.seq) }
    }
    previous = stored
    if stored == nil { isTreeWhole = false }
    if missing.isEmpty, isTreeWhole, let stored {
      range.append(stored)
      if sizes.first == row.seq {
        sizes.removeFirst()
        ranges.append((row.seq, range))
      }
    }
    guard holds else {
      shapes.append(RowShape(tokens: .max, payloads: .max, values: .max))
      return
    }
    look(at: row)
  }

  /// Says that no more rows come.
  package mutating func end() {
    if next <= rows.upperBound { miss(next...rows.upperBound) }
  }

  private mutating func look(at row: RawRow) {
    let moment = Moment(row: row.seq, at: row.at, epoch: row.epoch)
    if let last { findings += Self.falls(from: last, to: moment) }
    if first == nil { first = moment }
    last = moment
    let kind = kinds.kind(row.kind)
    if kind == nil || row.version != EventKind.version {
      findings.append(
        .unknownKind(
          String(decoding: row.kind, as: UTF8.self), version: row.version, at: row.seq))
    }
    if let kind, KnownKinds.noted.contains(kind) {
      noted.append(
        NotedRow(
          seq: row.seq, kind: kind, caseNumber: row.caseNumber, body: Array(row.body)))
    }
    scan.scan(row.body, row: row.seq)
    shapes.append(
      RowShape(
        tokens: UInt16(clamping: scan.tokens), payloads: UInt16(clamping: row.sealed.count / 32),
        values: scan.values))
    for reference in scan.references { check(reference) }
  }

  private mutating func check(_ reference: RowReference) {
    let isBehind = reference.kind == .token && reference.seq == reference.row
    guard reference.seq >= 1, reference.seq <= reference.row, !isBehind else {
      findings.append(.nowhere(reference))
      return
    }
    guard reference.seq >= rows.lowerBound else {
      references.append(reference)
      return
    }
    let shape = shapes[Int(reference.seq - rows.lowerBound)]
    if !shape.has(reference) { findings.append(.nowhere(reference)) }
  }

  static func falls(from: Moment, to: Moment) -> [AuditFinding] {
    var findings: [AuditFinding] = []
    if to.epoch < from.epoch { findings.append(.falls("epoch", at: to.row)) }
    if to.at < from.at { findings.append(.falls("time", at: to.row)) }
    return findings
  }

  private mutating func mismatch(_ row: Int64) {
    if let last = mismatches.last, last.upperBound == row - 1 {
      mismatches[mismatches.count - 1] = last.lowerBound...row
    } else {
      mismatches.append(row...row)
    }
  }

  private mutating func miss(_ rows: ClosedRange<Int64>) {
    missing.append(rows)
    previous = nil
    // What may have stood there is not known: nothing that names it is called wrong.
    for _ in rows { shapes.append(RowShape(tokens: .max, payloads: .max, values: .max)) }
  }
}

extension RowShape {
  func has(_ reference: RowReference) -> Bool {
    switch reference.kind {
    case .token: wrote(token: reference.index)
    case .payload: reference.index < payloads
    }
  }
}

/// The kinds that this version knows, found by the bytes of their names.
struct KnownKinds: Sendable {
  /// Kinds whose rows are kept for later rules.
  static let noted: Set<EventKind> = [
    .signingKeyChanged, .restored, .logPruned, .erasureRequested, .payloadsExpired,
    .definitionRegistered,
  ]

  private static let kinds = Dictionary(
    uniqueKeysWithValues: EventKind.allCases.map { kind in
      (Array(kind.rawValue.utf8).withUnsafeBytes { hash($0) }, kind)
    })

  func kind(_ name: UnsafeRawBufferPointer) -> EventKind? {
    guard let kind = Self.kinds[Self.hash(name)],
      name.elementsEqual(kind.rawValue.utf8)
    else { return nil }
    return kind
  }

  /// FNV-1a.
  private static func hash(_ name: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
  }
}
