package import Engine

/// The signing keys of a log: the first, and those that rows put in its place.
struct KeysInForce {
  fileprivate struct Change {
    /// From checkpoints of this size on.
    var seq: Int64
    var old: VerifierKey?
    var new: VerifierKey?
  }

  private(set) var findings: [AuditFinding] = []
  private(set) var last: String?
  private let first: VerifierKey?
  private let isKnown: Bool
  private var changes: [Change] = []
  /// Changes that a checkpoint signed with both keys has confirmed.
  private var confirmed = 0

  init(_ verifier: String?, _ noted: [NotedRow]) {
    first = verifier.flatMap { VerifierKey($0) }
    isKnown = verifier != nil
    last = verifier
    for row in noted {
      guard let event = row.event(\.keyChange) else { continue }
      if let last, !last.utf8.elementsEqual(event.old.utf8) {
        findings.append(
          AuditFinding(row: row.seq, "row \(row.seq) replaces a signing key that is not in force"))
      }
      changes.append(
        Change(seq: row.seq, old: VerifierKey(event.old), new: VerifierKey(event.new)))
      last = event.new
    }
  }

  /// Whether the keys in force at its size have signed a checkpoint; nil if they are not known.
  ///
  /// The first checkpoint after a change needs the old key's signature too. To be asked in the
  /// order of sizes.
  mutating func haveSigned(_ checkpoint: StoredCheckpoint, of origin: String) -> Bool? {
    guard isKnown else { return nil }
    let count = changes.partition(at: checkpoint.size)
    let wanted =
      changes[confirmed..<count].map(\.old) + [count > 0 ? changes[count - 1].new : first]
    confirmed = count
    guard let root = checkpoint.root else { return false }
    let stated = Checkpoint(origin: origin, size: checkpoint.size, root: root)
    guard let note = SignedNote.all(in: checkpoint.note).first, note.checkpoint == stated,
      note.text.utf8.elementsEqual(checkpoint.note.utf8)
    else { return false }
    return wanted.allSatisfy { $0?.hasSigned(note) ?? false }
  }
}

extension [KeysInForce.Change] {
  fileprivate func partition(at size: Int64) -> Int { prefix { $0.seq <= size }.count }
}

extension NotedRow {
  /// The event of the row, if it can be read and is of the kind asked for.
  package func event<Body>(_ body: KeyPath<Event, Body?>) -> Body? {
    let read = try? EventDecoding.event(
      kind: kind.rawValue, version: EventKind.version, body: self.body,
      at: Instant(microseconds: 0), caseID: caseNumber > 0 ? CaseID(Seq(caseNumber)) : nil)
    return read?[keyPath: body]
  }
}

extension Event {
  var pruning: LogPruned? { if case .logPruned(let event) = self { event } else { nil } }
  var keyChange: SigningKeyChanged? {
    if case .signingKeyChanged(let event) = self { event } else { nil }
  }
  package var restoration: Restored? { if case .restored(let event) = self { event } else { nil } }
  package var registration: DefinitionRegistered? {
    if case .definitionRegistered(let event) = self { event } else { nil }
  }
  package var erasure: ErasureRequested? {
    if case .erasureRequested(let event) = self { event } else { nil }
  }
  package var expiry: PayloadsExpired? {
    if case .payloadsExpired(let event) = self { event } else { nil }
  }
}

extension Restored {
  /// `SIZE ROOT` of the anchor that was given up, the root in base64.
  package static func anchor(_ checkpoint: Checkpoint) -> String {
    let words = checkpoint.text.split(separator: "\n")
    return "\(words[1]) \(words[2])"
  }

  /// Whether an anchor of this size covers rows that were given up.
  func gaveUp(_ size: Int64) -> Bool {
    guard let last = anchor.split(separator: " ").first.flatMap({ Int64($0) }) else { return false }
    return size > last - lost && size <= last
  }
}
