internal import GRDB
package import Orchestration

/// An action that was begun: its intent, and how it ended.
package struct EffectRow: Sendable, Equatable {
  /// The row of the intent.
  package var firing: Int64
  package var caseNumber: Int64?
  package var action: String
  /// RFC 3339 to the millisecond.
  package var started: String
  /// Nil while it is under way; `late: …` where it moved nothing any more.
  package var outcome: String?
  package var key: String
}

extension LogReader {
  /// Effects in the order of their intents, behind the row `after`.
  package func effects(after: Int64, limit: Int) throws(StoreError) -> [EffectRow] {
    try read("listing effects") { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT firing, "case", action, started, outcome, idempotency_key FROM effects
          WHERE firing>? ORDER BY firing LIMIT ?
          """, arguments: [after, limit]
      )
      .map { row in
        EffectRow(
          firing: row[0], caseNumber: row[1], action: row[2] ?? "", started: row[3],
          outcome: row[4], key: row[5] ?? "")
      }
    }
  }

  /// Rows that tell how an action ended without a row before them that says it would begin; those
  /// whose row before has left by its age are none.
  package func outcomesWithoutIntent() throws(StoreError) -> [Int64] {
    try read("comparing effects") { database in
      try Int64.fetchAll(
        database,
        sql: """
          SELECT c.seq FROM log c
          WHERE c.kind IN ('firingCompleted','lateOutcomeRecorded','attemptFailed')
            AND NOT EXISTS(SELECT 1 FROM log s WHERE s.seq=c.body->>'$.firing' AND s.seq<c.seq
              AND s.kind IN ('firingStarted','childStarted','verdictRequested'))
            AND NOT EXISTS(SELECT 1 FROM pruned p
              WHERE p.first_seq<=c.body->>'$.firing' AND p.last_seq>=c.body->>'$.firing')
          ORDER BY c.seq LIMIT 100
          """)
    }
  }
}
