package import Engine
internal import GRDB
package import Orchestration
package import PetriNet
internal import Record

extension LogReader {
  private static let select = """
    SELECT o.seq, o.at, o.body->>'$.workflow', o.body->>'$.business_key', w.name,
      c.at, c.body->>'$.how', c.body->>'$.ended_in',
      (SELECT e.seq FROM log e WHERE e.case_no=o.seq ORDER BY e.seq DESC LIMIT 1)
    FROM log o LEFT JOIN definition w ON w.seq=o.body->>'$.workflow'
    LEFT JOIN log c ON c.kind='caseClosed' AND c.case_no=o.case_no
    WHERE o.kind='caseOpened'
    """

  /// - Complexity: By the index of cases; a filter reads on until `limit` rows match.
  package func cases(
    _ query: CaseQuery, before: CaseID?, limit: Int
  ) throws(StoreError) -> [CaseRow] {
    var sql = Self.select
    var arguments: [any DatabaseValueConvertible] = []
    if let before {
      sql += " AND o.case_no<?"
      arguments.append(before.seq.number)
    }
    if let workflow = query.workflow {
      sql += " AND w.name=?"
      arguments.append(workflow.text)
    }
    if let key = query.businessKey {
      sql += " AND o.body->>'$.business_key'=?"
      arguments.append(key)
    }
    switch query.status {
    case nil: break
    case .open?: sql += " AND c.seq IS NULL"
    case let status?:
      sql += " AND c.body->>'$.how'=?"
      arguments.append(status.rawValue)
    }
    sql += " ORDER BY o.case_no DESC LIMIT ?"
    arguments.append(limit)
    return try read("listing cases") { database in
      try Row.fetchAll(database, sql: sql, arguments: StatementArguments(arguments))
        .map { try Self.caseRow($0) }
    }
  }

  package func caseRow(_ id: CaseID) throws(StoreError) -> CaseRow? {
    try read("reading a case") { database in
      try Row.fetchOne(
        database, sql: Self.select + " AND o.case_no=?", arguments: [id.seq.number]
      )
      .map { try Self.caseRow($0) }
    }
  }

  /// - Complexity: O(rows of the case).
  package func version(of row: CaseRow) throws(StoreError) -> DefinitionID {
    let migrated = try read("reading a case") { database in
      try Int64.fetchOne(
        database,
        sql: """
          SELECT body->>'$.to' FROM log WHERE case_no=? AND kind='caseMigrated'
          ORDER BY seq DESC LIMIT 1
          """, arguments: [row.id.seq.number])
    }
    return migrated.map { DefinitionID(Seq($0)) } ?? row.version
  }

  /// The openings of all cases in order, as they stand; `body` may read.
  package func eachOpening(
    _ body: (LoggedEvent) throws -> Void
  ) throws {
    var last: Int64 = 0
    while true {
      let rows = try read("reading the cases") { database in
        try Row.fetchAll(
          database,
          sql: """
            SELECT seq, epoch, at, case_no, kind, version, body, hash FROM log
            WHERE kind='caseOpened' AND case_no>?1 ORDER BY case_no LIMIT 4096
            """, arguments: [last]
        ).map { LogRow($0) }
      }
      for row in rows { try body(LoggedEvent(row)) }
      guard rows.count == 4096, let id = rows.last?.caseID else { return }
      last = id.seq.number
    }
  }

  package func caseID(
    workflow: WorkflowName, businessKey: String
  ) throws(StoreError) -> CaseID? {
    let query = CaseQuery(workflow: workflow, businessKey: businessKey)
    return try cases(query, before: nil, limit: 1).first?.id
  }

  private static func caseRow(_ row: Row) throws -> CaseRow {
    let how: String? = row[6]
    let ended: String? = row[7]
    return CaseRow(
      id: CaseID(Seq(row[0])), workflow: WorkflowName(row[4] ?? ""),
      version: DefinitionID(Seq(row[2])), businessKey: row[3],
      status: how.flatMap { CaseQuery.Status(rawValue: $0) } ?? .open,
      opened: Instant(microseconds: row[1]),
      closed: (row[5] as Int64?).map { Instant(microseconds: $0) },
      endedIn: try ended.map { try EndCount.counts(Array($0.utf8)) } ?? [],
      lastSeq: Seq(row[8]))
  }
}
