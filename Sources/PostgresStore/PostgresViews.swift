#if Postgres
  /// The auditors' views, with the columns and values that they have in SQLite.
  enum PostgresViews {
    static let sql = """
      CREATE OR REPLACE VIEW events AS
      SELECT seq, petrel_time(at) AS "when", case_no AS "case", kind, body FROM log;
      CREATE OR REPLACE VIEW cases AS
      SELECT o.seq AS "case", w.name AS workflow, petrel_time(o.at) AS opened,
        petrel_time(c.at) AS closed, coalesce(c.body::json->>'how','open') AS state,
        c.body::json->>'ended_in' AS ended_in,
        (SELECT e.kind FROM log e WHERE e.shard=o.shard AND e.case_no=o.seq
          ORDER BY e.seq DESC LIMIT 1) AS last_event
      FROM log o
      LEFT JOIN definition w ON w.shard=o.shard AND w.seq=petrel_int(o.body,'workflow')
      LEFT JOIN log c ON c.shard=o.shard AND c.kind='caseClosed' AND c.case_no=o.case_no
      WHERE o.kind='caseOpened';
      CREATE OR REPLACE VIEW verdicts AS
      SELECT v.seq, v.case_no AS "case", petrel_time(v.at) AS "when",
        r.body::json->>'transition' AS transition, v.body::json->>'outcome' AS outcome,
        v.body::json->>'reason' AS reason, v.body::json->'call'->>'model' AS model,
        (v.body::json->'call'->>'confidence')::double precision AS confidence,
        ((v.body::json->'call'->>'ended')::bigint - (v.body::json->'call'->>'started')::bigint)
          /1000 AS ms,
        encode(g.hash,'hex') AS guard
      FROM log v JOIN log r ON r.shard=v.shard AND r.seq=petrel_int(v.body,'firing')
      LEFT JOIN definition g ON g.shard=r.shard AND g.seq=petrel_int(r.body,'guard')
      WHERE v.kind='verdictRecorded';
      CREATE OR REPLACE VIEW firings AS
      SELECT s.seq AS firing, s.case_no AS "case", s.kind,
        s.body::json->>'transition' AS transition, petrel_time(s.at) AS started,
        s.body::json->>'consumed' AS consumed, s.body::json->>'tokens' AS produced_at_once
      FROM log s
      WHERE s.kind IN ('fired','firingStarted','verdictRequested','childStarted','taskAnswered');
      CREATE OR REPLACE VIEW effects AS
      SELECT s.seq AS firing, s.case_no AS "case", s.body::json->>'action' AS action,
        petrel_time(s.at) AS started,
        coalesce(
          (SELECT CASE c.kind WHEN 'firingCompleted' THEN '' ELSE 'late: ' END
              ||(c.body::json->>'outcome')
            FROM log c WHERE c.shard=s.shard AND c.case_no=s.case_no AND c.seq>s.seq
              AND c.kind IN ('firingCompleted','lateOutcomeRecorded')
              AND petrel_int(c.body,'firing')=s.seq ORDER BY c.seq LIMIT 1),
          (SELECT CASE c.kind WHEN 'firingCompleted' THEN '' ELSE 'late: ' END
              ||(c.body::json->>'outcome')
            FROM log c WHERE c.shard=s.shard AND s.case_no IS NULL AND c.case_no IS NULL
              AND c.kind IN ('firingCompleted','lateOutcomeRecorded')
              AND petrel_int(c.body,'firing')=s.seq ORDER BY c.seq LIMIT 1)) AS outcome,
        s.shard||'-'||s.seq||'-'||(SELECT o.body::json->>'incarnation' FROM log o
          WHERE o.shard=s.shard AND o.kind='ownerStarted' AND o.epoch=s.epoch AND o.seq<=s.seq
          ORDER BY o.seq DESC LIMIT 1) AS idempotency_key
      FROM log s WHERE s.kind='firingStarted';
      CREATE OR REPLACE VIEW tasks AS
      SELECT o.seq AS task, o.case_no AS "case", o.body::json->>'transition' AS transition,
        petrel_time(o.at) AS offered,
        (SELECT CASE c.kind WHEN 'taskAnswered' THEN c.body::json->>'outcome' ELSE 'withdrawn' END
          FROM log c WHERE c.shard=o.shard AND c.kind IN ('taskAnswered','taskWithdrawn')
            AND petrel_int(c.body,'task')=o.seq LIMIT 1) AS outcome
      FROM log o WHERE o.kind='taskOffered';
      CREATE OR REPLACE VIEW incidents AS
      SELECT i.seq AS incident, i.case_no AS "case", i.body::json->>'transition' AS transition,
        i.body::json->>'code' AS code,
        (SELECT r.seq FROM log r WHERE r.shard=i.shard AND r.kind='incidentResolved'
          AND petrel_int(r.body,'incident')=i.seq LIMIT 1) AS resolved_by
      FROM log i WHERE i.kind='incidentRaised';
      CREATE OR REPLACE VIEW tokens AS
      SELECT e.seq||'.'||(t.n-1) AS token, e.case_no AS "case", t.value->>'place' AS place,
        coalesce(t.value->'value',
          (SELECT o.body::json->'tokens'
              ->(split_part(t.value->>'same','.',2)::int)->'value'
            FROM log o WHERE o.shard=e.shard
              AND o.seq=split_part(t.value->>'same','.',1)::bigint))::text AS value
      FROM log e, json_array_elements(e.body::json->'tokens') WITH ORDINALITY AS t(value,n);
      """
  }
#endif
