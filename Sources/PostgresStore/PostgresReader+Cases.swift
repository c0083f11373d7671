#if Postgres
  package import Engine
  package import Orchestration
  package import PetriNet
  internal import Record

  extension PostgresReader {
    private static let cases = """
      SELECT o.seq, o.at, petrel_int(o.body,'workflow'), o.body::json->>'business_key', w.name,
        c.at, c.body::json->>'how', c.body::json->>'ended_in',
        (SELECT e.seq FROM log e WHERE e.shard=o.shard AND e.case_no=o.seq
          ORDER BY e.seq DESC LIMIT 1)
      FROM log o LEFT JOIN definition w ON w.shard=o.shard AND w.seq=petrel_int(o.body,'workflow')
      LEFT JOIN log c ON c.shard=o.shard AND c.kind='caseClosed' AND c.case_no=o.case_no
      WHERE o.kind='caseOpened' AND o.shard=$1::int
      """

    package func cases(
      _ query: CaseQuery, before: CaseID?, limit: Int
    ) throws(StoreError) -> [CaseRow] {
      var sql = Self.cases
      var parameters: [PostgresValue] = [.int(shard)]
      func add(_ condition: String, _ value: PostgresValue) {
        parameters.append(value)
        sql += " AND \(condition)$\(parameters.count)"
      }
      if let before { add("o.case_no<", .int(before.seq.number)) }
      if let workflow = query.workflow { add("w.name=", .text(workflow.text)) }
      if let key = query.businessKey { add("o.body::json->>'business_key'=", .text(key)) }
      switch query.status {
      case nil: break
      case .open?: sql += " AND c.seq IS NULL"
      case let status?: add("c.body::json->>'how'=", .text(status.rawValue))
      }
      parameters.append(.int(Int64(limit)))
      sql += " ORDER BY o.case_no DESC LIMIT $\(parameters.count)"
      return try caseRows("listing cases", sql, parameters)
    }

    package func caseRow(_ id: CaseID) throws(StoreError) -> CaseRow? {
      try caseRows(
        "reading a case", Self.cases + " AND o.case_no=$2", [.int(shard), .int(id.seq.number)]
      ).first
    }

    package func version(of row: CaseRow) throws(StoreError) -> DefinitionID {
      let found = try rows(
        "reading a case",
        """
        SELECT petrel_int(body,'to') FROM log
        WHERE shard=$1::int AND case_no=$2 AND kind='caseMigrated' ORDER BY seq DESC LIMIT 1
        """, [.int(shard), .int(row.id.seq.number)]
      ).rows
      return found.count > 0 ? DefinitionID(Seq(found.int(0, 0))) : row.version
    }

    package func caseID(
      workflow: WorkflowName, businessKey: String
    ) throws(StoreError) -> CaseID? {
      let query = CaseQuery(workflow: workflow, businessKey: businessKey)
      return try cases(query, before: nil, limit: 1).first?.id
    }

    private func caseRows(
      _ operation: String, _ sql: String, _ parameters: [PostgresValue]
    ) throws(StoreError) -> [CaseRow] {
      let found = try rows(operation, sql, parameters).rows
      var result: [CaseRow] = []
      for row in 0..<found.count {
        let ended: [EndCount]
        do throws(CanonicalProblem) {
          ended = found.isNull(row, 7) ? [] : try EndCount.counts(found.bytes(row, 7))
        } catch {
          throw StoreError(
            .unreadable, code: "S106", "the end of case \(found.int(row, 0)) cannot be read")
        }
        result.append(
          CaseRow(
            id: CaseID(Seq(found.int(row, 0))), workflow: WorkflowName(found.text(row, 4)),
            version: DefinitionID(Seq(found.int(row, 2))), businessKey: found.textIfAny(row, 3),
            status: found.textIfAny(row, 6).flatMap { CaseQuery.Status(rawValue: $0) } ?? .open,
            opened: Instant(microseconds: found.int(row, 1)),
            closed: found.intIfAny(row, 5).map { Instant(microseconds: $0) }, endedIn: ended,
            lastSeq: Seq(found.int(row, 8))))
      }
      return result
    }
  }
#endif
