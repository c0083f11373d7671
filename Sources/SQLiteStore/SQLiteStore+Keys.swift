internal import CEL
package import Engine
package import Orchestration
internal import Record

extension SQLiteStore {
  /// Keys that no event erased and that are not there; to be asked when the log was folded.
  ///
  /// - Complexity: Reads the keys file once.
  package func keysMissing() throws(StoreError) -> [Int64] {
    writer.keysMissing(of: try writer.keys.census())
  }

  /// Says in the log that keys are gone which no event erased: what is sealed under them counts as
  /// erased from now on.
  ///
  /// - Returns: The first row that says so.
  package func giveUp(keys: [Int64], at now: Instant) throws(StoreError) -> Seq {
    try writer.keys.abandon(through: writer.lastKey)
    var first: Seq?
    for start in stride(from: 0, to: keys.count, by: 4_000) {
      let part = Array(keys[start..<min(start + 4_000, keys.count)])
      let seq = try appendAlone(
        .erasureRequested(
          ErasureRequested(by: .engine, keys: part, reason: "absent after restore")), at: now)
      try erase(part)
      _ = try appendAlone(.erasureCompleted(ErasureCompleted(erasure: seq)), at: now)
      first = first ?? seq
    }
    return first ?? Seq(writer.last.seq)
  }

  /// Shreds what events say is shredded, after an older keys file was put back; then refuses a log of
  /// which keys are missing, unless that is accepted.
  ///
  /// - Complexity: Reads the keys file once.
  func settleKeys() throws(StoreError) {
    let census = try writer.keys.census()
    try writer.shredKeysGone(census)
    guard !acceptsMissingKeys else { return }
    let missing = writer.keysMissing(of: census)
    if !missing.isEmpty { throw .keysMissing(missing, ofCases: try cases(of: Set(missing))) }
  }

  /// The cases that were opened with these keys, ascending.
  private func cases(of keys: Set<Int64>) throws(StoreError) -> [Int64] {
    try using("looking cases up by their keys") { statements in
      let statement = try PreparedStatement(
        statements.connection,
        "SELECT case_no, body->>'$.key' FROM log WHERE kind='caseOpened' ORDER BY case_no",
        "looking cases up by their keys")
      var cases: [Int64] = []
      while try statement.next() {
        if keys.contains(statement.int(1)) { cases.append(statement.int(0)) }
      }
      return cases
    }
  }

  /// Allows a payload that a row sealed to be gone only where its key was shredded.
  func requireShredded(_ reference: SealReference) throws(StoreError) {
    let number = try using("looking the key of a payload up") { statements -> Int64?? in
      let statement = try PreparedStatement(
        statements.connection,
        """
        SELECT coalesce((SELECT o.body->>'$.key' FROM log o WHERE o.seq=l.case_no),
          l.body->>'$.key') FROM log l WHERE l.seq=?1 AND length(l.sealed)>?2*32
        """, "looking the key of a payload up")
      statement.bind(1, reference.seq)
      statement.bind(2, Int64(reference.index))
      return try statement.next() ? .some(statement.intIfAny(0)) : nil
    }
    // The row sealed nothing there.
    guard let number else { return }
    if let number, case .shredded = try writer.keys.key(number) { return }
    throw StoreError(
      .unreadable, code: "S106",
      "the payload \(reference.seq).\(reference.index) is missing and no event says that it left")
  }
}
