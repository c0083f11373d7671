internal import Engine
internal import GRDB
package import Orchestration
package import Record

/// What a log and its keys file say of each other.
package struct KeysCheck: Equatable, Sendable {
  package var file: KeysExamination
  /// Keys that no event erased and that are not there, ascending.
  package var missing: [Int64]
  /// Keys that an event erased and that are there: an older keys file was put back. The next start
  /// of the service shreds them.
  package var returned: [Int64]
  /// Keys that events erased, of cases, messages and request slots.
  package var erased: Int
}

extension LogReader {
  /// Opens every slot and compares with what the rows say; nil for a reader without keys.
  ///
  /// - Complexity: Reads the keys file and the rows that name keys once.
  package func checkKeys() throws(StoreError) -> KeysCheck? {
    guard let keys else { return nil }
    // The file first: what is missing in it and has no event then is missing.
    let file = try keys.examination()
    var erased: Set<Int64> = []
    var last: Int64 = -1
    try read("looking up keys") { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT body->>'$.key', NULL FROM log
          WHERE kind IN ('caseOpened','tokenDeposited','requestSlotOpened')
          UNION ALL SELECT body->>'$.key', 1 FROM log WHERE kind='requestSlotClosed'
          UNION ALL SELECT k.value, 1 FROM log l, json_each(l.body,'$.keys') k
          WHERE l.kind='erasureRequested'
          """)
      while let row = try rows.next() {
        guard let key = row[0] as Int64? else { continue }
        last = max(last, key)
        if row[1] as Int64? != nil { erased.insert(key) }
      }
    }
    let holes = file.shredded.filter { !erased.contains($0) }
    let lost = file.made <= last ? (file.made...last).filter { !erased.contains($0) } : []
    let gone = Set(file.shredded)
    var returned: [Int64] = []
    for number in erased.sorted() where number < file.made && !gone.contains(number) {
      // Shredded meanwhile, perhaps.
      if case .present? = try? keys.key(number) { returned.append(number) }
    }
    return KeysCheck(
      file: file, missing: holes + lost, returned: returned, erased: erased.count)
  }
}
