/// The tables, indexes, triggers and views of a log's file, as LOG §5 has them: what `verify`
/// compares a file with.
package enum LogSchema {
  /// `PTRL`.
  package static let applicationID: Int32 = 0x5054_524C
  /// Version of the file's format; a higher one is not opened.
  package static let format: Int32 = 1

  package static let sql = """
    -- The record. Rows are added; they leave only inside a pruned run.
    CREATE TABLE meta(name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;  -- \
    origin, log_id, shard, format, created_at, verifier_key, encryption
    CREATE TABLE log(
      seq     INTEGER PRIMARY KEY,
      epoch   INTEGER NOT NULL,
      at      INTEGER NOT NULL,
      case_no INTEGER CHECK(case_no>0),
      kind    TEXT    NOT NULL,
      version INTEGER NOT NULL,
      body    TEXT    NOT NULL,
      sealed  BLOB    NOT NULL DEFAULT x'' CHECK(length(sealed)%32=0),
      hash    BLOB    NOT NULL CHECK(length(hash)=32)) STRICT;
    CREATE INDEX log_case     ON log(case_no) WHERE case_no IS NOT NULL;
    CREATE INDEX log_opened   ON log(case_no) WHERE kind='caseOpened';
    CREATE INDEX log_closed   ON log(case_no) WHERE kind='caseClosed';
    CREATE INDEX log_verdict  ON log(case_no) WHERE kind='verdictRecorded';
    CREATE INDEX log_task     ON log(case_no) WHERE kind='taskOffered';
    CREATE INDEX log_incident ON log(case_no) WHERE kind='incidentRaised';
    CREATE INDEX log_owner    ON log(epoch)   WHERE kind='ownerStarted';
    CREATE INDEX log_answered ON log(body->>'$.task')     WHERE kind IN \
    ('taskAnswered','taskWithdrawn');
    CREATE INDEX log_resolved ON log(body->>'$.incident') WHERE kind='incidentResolved';
    CREATE INDEX log_net_done ON log(body->>'$.firing')   WHERE kind IN \
    ('firingCompleted','lateOutcomeRecorded') AND case_no IS NULL;  -- firings of no case
    CREATE TABLE payload(
      id      INTEGER PRIMARY KEY,          -- seq << 16 | i: in time order, so expiry is a range
      key_no  INTEGER NOT NULL,
      role    TEXT    NOT NULL,             -- value, request, reply, text
      box     BLOB    NOT NULL) STRICT;
    CREATE TABLE blob(hash BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
    CREATE TABLE definition(seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, \
    hash BLOB NOT NULL UNIQUE, text TEXT NOT NULL) STRICT;
    CREATE TABLE checkpoint(size INTEGER PRIMARY KEY, at INTEGER NOT NULL, root BLOB NOT NULL, \
    note TEXT NOT NULL, pinned INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE TABLE pruned(first_seq INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL, subtrees \
    BLOB NOT NULL, last_hash BLOB NOT NULL, by_seq INTEGER NOT NULL) STRICT;
    CREATE TABLE event_kind(kind TEXT NOT NULL, version INTEGER NOT NULL, first_seq INTEGER \
    NOT NULL, PRIMARY KEY(kind,version)) STRICT, WITHOUT ROWID;
    CREATE TRIGGER log_no_update BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT,'the log is \
    append-only'); END;
    CREATE TRIGGER log_no_delete BEFORE DELETE ON log
    WHEN NOT EXISTS(SELECT 1 FROM pruned WHERE first_seq<=OLD.seq AND last_seq>=OLD.seq)
    BEGIN SELECT RAISE(ABORT,'the log is append-only: a row leaves it only inside a pruned \
    run'); END;
    -- Derived. May be dropped and rebuilt from the record.
    CREATE TABLE node(level INTEGER NOT NULL, n INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY \
    KEY(level,n)) STRICT, WITHOUT ROWID;  -- root of leaves [n·256^level, (n+1)·256^level)
    CREATE TABLE request(slot INTEGER NOT NULL, key BLOB NOT NULL, seq INTEGER NOT NULL, \
    PRIMARY KEY(slot,key)) STRICT, WITHOUT ROWID;
    CREATE TABLE snapshot(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, format INTEGER NOT \
    NULL, chunks INTEGER NOT NULL, bytes INTEGER NOT NULL, state_hash BLOB NOT NULL) STRICT;
    CREATE TABLE snapshot_chunk(seq INTEGER NOT NULL, n INTEGER NOT NULL, body TEXT NOT NULL, \
    hash BLOB NOT NULL, PRIMARY KEY(seq,n)) STRICT;
    CREATE TABLE outbox(to_shard INTEGER NOT NULL, from_shard INTEGER NOT NULL, from_seq \
    INTEGER NOT NULL, i INTEGER NOT NULL, PRIMARY KEY(to_shard,from_shard,from_seq,i)) STRICT, \
    WITHOUT ROWID;  -- references only; the receiver opens and reseals under its case's key
    -- For auditors.
    CREATE VIEW events AS SELECT seq, \
    strftime('%Y-%m-%dT%H:%M:%fZ',at/1000/1000.0,'unixepoch') AS "when", case_no AS "case", \
    kind, body FROM log;
    CREATE VIEW cases AS
    SELECT o.seq AS "case", w.name AS workflow, \
    strftime('%Y-%m-%dT%H:%M:%fZ',o.at/1000/1000.0,'unixepoch') AS opened, \
    strftime('%Y-%m-%dT%H:%M:%fZ',c.at/1000/1000.0,'unixepoch') AS closed,
      coalesce(c.body->>'$.how','open') AS state, c.body->>'$.ended_in' AS ended_in,
      (SELECT kind FROM log e WHERE e.case_no=o.seq ORDER BY seq DESC LIMIT 1) AS last_event
    FROM log o LEFT JOIN definition w ON w.seq=o.body->>'$.workflow' LEFT JOIN log c ON \
    c.kind='caseClosed' AND c.case_no=o.case_no
    WHERE o.kind='caseOpened';
    CREATE VIEW verdicts AS
    SELECT v.seq, v.case_no AS "case", \
    strftime('%Y-%m-%dT%H:%M:%fZ',v.at/1000/1000.0,'unixepoch') AS "when", \
    r.body->>'$.transition' AS transition, v.body->>'$.outcome' AS outcome,
      v.body->>'$.reason' AS reason, v.body->>'$.call.model' AS model, \
    v.body->>'$.call.confidence' AS confidence,
      (v.body->>'$.call.ended' - v.body->>'$.call.started')/1000 AS ms, lower(hex(g.hash)) AS \
    guard
    FROM log v JOIN log r ON r.seq=v.body->>'$.firing' LEFT JOIN definition g ON \
    g.seq=r.body->>'$.guard'
    WHERE v.kind='verdictRecorded';
    CREATE VIEW firings AS
    SELECT s.seq AS firing, s.case_no AS "case", s.kind, s.body->>'$.transition' AS \
    transition, strftime('%Y-%m-%dT%H:%M:%fZ',s.at/1000/1000.0,'unixepoch') AS started,
      s.body->>'$.consumed' AS consumed, s.body->>'$.tokens' AS produced_at_once
    FROM log s WHERE s.kind IN \
    ('fired','firingStarted','verdictRequested','childStarted','taskAnswered');
    CREATE VIEW effects AS
    SELECT s.seq AS firing, s.case_no AS "case", s.body->>'$.action' AS action, \
    strftime('%Y-%m-%dT%H:%M:%fZ',s.at/1000/1000.0,'unixepoch') AS started,
      coalesce((SELECT CASE c.kind WHEN 'firingCompleted' THEN '' ELSE 'late: ' \
    END||(c.body->>'$.outcome') FROM log c
         WHERE c.case_no=s.case_no AND c.seq>s.seq AND c.kind IN \
    ('firingCompleted','lateOutcomeRecorded') AND c.body->>'$.firing'=s.seq ORDER BY c.seq \
    LIMIT 1),
        (SELECT CASE c.kind WHEN 'firingCompleted' THEN '' ELSE 'late: ' \
    END||(c.body->>'$.outcome') FROM log c
         WHERE s.case_no IS NULL AND c.case_no IS NULL AND c.kind IN \
    ('firingCompleted','lateOutcomeRecorded') AND c.body->>'$.firing'=+s.seq ORDER BY c.seq \
    LIMIT 1)) AS outcome,
      (SELECT value FROM meta WHERE name='shard')||'-'||s.seq||'-'||(SELECT \
    o.body->>'$.incarnation' FROM log o
         WHERE o.kind='ownerStarted' AND o.epoch=s.epoch AND o.seq<=s.seq ORDER BY o.seq DESC \
    LIMIT 1) AS idempotency_key
    FROM log s WHERE s.kind='firingStarted';
    CREATE VIEW tasks AS
    SELECT o.seq AS task, o.case_no AS "case", o.body->>'$.transition' AS transition, \
    strftime('%Y-%m-%dT%H:%M:%fZ',o.at/1000/1000.0,'unixepoch') AS offered,
      (SELECT CASE c.kind WHEN 'taskAnswered' THEN c.body->>'$.outcome' ELSE 'withdrawn' END \
    FROM log c
       WHERE c.kind IN ('taskAnswered','taskWithdrawn') AND c.body->>'$.task'=+o.seq) AS outcome
    FROM log o WHERE o.kind='taskOffered';
    CREATE VIEW incidents AS
    SELECT i.seq AS incident, i.case_no AS "case", i.body->>'$.transition' AS transition, \
    i.body->>'$.code' AS code,
      (SELECT r.seq FROM log r WHERE r.kind='incidentResolved' AND \
    r.body->>'$.incident'=+i.seq) AS resolved_by
    FROM log i WHERE i.kind='incidentRaised';
    CREATE VIEW tokens AS
    SELECT e.seq||'.'||t.key AS token, e.case_no AS "case", t.value->>'$.place' AS place,
      coalesce(t.value->'$.value', (SELECT \
    o.body->('$.tokens['||substr(t.value->>'$.same',instr(t.value->>'$.same','.')+1)||'].value')
        FROM log o WHERE o.seq=CAST(t.value->>'$.same' AS INTEGER))) AS value
    FROM log e, json_each(e.body,'$.tokens') t;
    """
}
