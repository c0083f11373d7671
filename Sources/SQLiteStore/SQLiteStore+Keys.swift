internal import CEL
package import Engine
package import Orchestration
internal import Record

extension SQLiteStore {
  /// Keys that no event erased and that are not there; to be asked when the log was folded.
  ///
  /// - Complexity: Reads the keys file once.
  package func keysMissing() throws(StoreError) -> [Int64] {
    keysMissing(of: try writer.keys.census())
  }

  private func keysMissing(of census: KeyCensus) -> [Int64] {
    let gone = writer.keysGone
    let holes = census.shredded.filter { !gone.contains($0) }
    guard census.made <= writer.lastKey else { return holes }
    return holes + (census.made...writer.lastKey).filter { !gone.contains($0) }
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
    let present = writer.keysGone.subtracting(census.shredded).filter { $0 < census.made }
    try writer.keys.shred(present.sorted())
    if !acceptsMissingKeys { try requireNone(of: keysMissing(of: census)) }
  }

  /// Names the cases whose keys are missing.
  private func requireNone(of missing: [Int64]) throws(StoreError) {
    guard let first = missing.first else { return }
    let numbers = missing.count == 1 ? "key \(first)" : "\(missing.count) keys"
    let cases = try cases(of: Set(missing))
    let named = cases.prefix(5).map { "c\($0)" }.joined(separator: ", ")
    let more = cases.count > 5 ? " and \(cases.count - 5) more" : ""
    let whose = cases.isEmpty ? "of no case" : "of \(named)\(more)"
    throw StoreError(
      .keyMissing, code: "S114",
      "the keys file lacks \(numbers), \(whose), and no event says that it was erased; put the newest "
        + "keys file back, or see petrel restore")
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
