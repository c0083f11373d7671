#if Postgres
  /// The tables of logs in PostgreSQL: LOG §5 with the shard before each key (LOG §8).
  ///
  /// `body` is `text`, never `jsonb`, which reorders and respells; where a view or an index looks into
  /// it, it goes through `json`, which keeps the text as it stands.
  enum PostgresSchema {
    /// Version of the tables; a higher one is not opened.
    static let format: Int64 = 1

    static let tables = """
      CREATE TABLE meta(shard int NOT NULL, name text NOT NULL, value text NOT NULL,
        PRIMARY KEY(shard,name));
      CREATE TABLE log(
        shard   int    NOT NULL,
        seq     bigint NOT NULL CHECK(seq>0),
        epoch   bigint NOT NULL,
        at      bigint NOT NULL,
        case_no bigint CHECK(case_no>0),
        kind    text   NOT NULL,
        version int    NOT NULL,
        body    text   NOT NULL,
        sealed  bytea  NOT NULL DEFAULT '' CHECK(length(sealed)%32=0),
        hash    bytea  NOT NULL CHECK(length(hash)=32),
        PRIMARY KEY(shard,seq));
      CREATE TABLE payload(shard int NOT NULL, seq bigint NOT NULL, i int NOT NULL,
        key_no bigint NOT NULL, role text NOT NULL, box bytea NOT NULL,
        PRIMARY KEY(shard,seq,i));
      CREATE TABLE blob(shard int NOT NULL, hash bytea NOT NULL, bytes bytea NOT NULL,
        PRIMARY KEY(shard,hash));
      CREATE TABLE definition(shard int NOT NULL, seq bigint NOT NULL, kind text NOT NULL,
        name text NOT NULL, hash bytea NOT NULL, text text NOT NULL, PRIMARY KEY(shard,seq),
        UNIQUE(shard,hash));
      CREATE TABLE checkpoint(shard int NOT NULL, size bigint NOT NULL, at bigint NOT NULL,
        root bytea NOT NULL, note text NOT NULL, pinned int NOT NULL DEFAULT 0,
        PRIMARY KEY(shard,size));
      CREATE TABLE pruned(shard int NOT NULL, first_seq bigint NOT NULL, last_seq bigint NOT NULL,
        subtrees bytea NOT NULL, last_hash bytea NOT NULL, by_seq bigint NOT NULL,
        PRIMARY KEY(shard,first_seq));
      CREATE TABLE event_kind(shard int NOT NULL, kind text NOT NULL, version int NOT NULL,
        first_seq bigint NOT NULL, PRIMARY KEY(shard,kind,version));
      CREATE TABLE request(shard int NOT NULL, slot bigint NOT NULL, key bytea NOT NULL,
        seq bigint NOT NULL, PRIMARY KEY(shard,slot,key));
      CREATE TABLE probe(shard int PRIMARY KEY, bytes bytea NOT NULL);
      ALTER TABLE probe ALTER COLUMN bytes SET STORAGE EXTERNAL;
      CREATE FUNCTION petrel_int(body text, key text) RETURNS bigint
        LANGUAGE sql IMMUTABLE AS 'SELECT (body::json->>key)::bigint';
      CREATE INDEX payload_key  ON payload(shard,key_no);
      CREATE INDEX log_case     ON log(shard,case_no) WHERE case_no IS NOT NULL;
      CREATE INDEX log_opened   ON log(shard,case_no) WHERE kind='caseOpened';
      CREATE INDEX log_closed   ON log(shard,case_no) WHERE kind='caseClosed';
      CREATE INDEX log_verdict  ON log(shard,case_no) WHERE kind='verdictRecorded';
      CREATE INDEX log_task     ON log(shard,case_no) WHERE kind='taskOffered';
      CREATE INDEX log_incident ON log(shard,case_no) WHERE kind='incidentRaised';
      CREATE INDEX log_owner    ON log(shard,epoch)   WHERE kind='ownerStarted';
      CREATE INDEX log_answered ON log(shard,petrel_int(body,'task'))
        WHERE kind IN ('taskAnswered','taskWithdrawn');
      CREATE INDEX log_resolved ON log(shard,petrel_int(body,'incident'))
        WHERE kind='incidentResolved';
      CREATE INDEX log_net_done ON log(shard,petrel_int(body,'firing'))
        WHERE kind IN ('firingCompleted','lateOutcomeRecorded') AND case_no IS NULL;
      """

    /// Put back at each start of an owner, so that what an auditor reads is this version's.
    static let derived = """
      CREATE OR REPLACE FUNCTION log_refuses_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;
      CREATE OR REPLACE FUNCTION log_refuses_delete() RETURNS trigger LANGUAGE plpgsql
        SET search_path FROM CURRENT AS $$
        BEGIN
          IF EXISTS(SELECT 1 FROM pruned p WHERE p.shard=OLD.shard AND p.first_seq<=OLD.seq
            AND p.last_seq>=OLD.seq) THEN RETURN OLD; END IF;
          RAISE EXCEPTION 'the log is append-only: a row leaves it only inside a pruned run';
        END $$;
      CREATE OR REPLACE TRIGGER log_no_update BEFORE UPDATE ON log
        FOR EACH ROW EXECUTE FUNCTION log_refuses_change();
      CREATE OR REPLACE TRIGGER log_no_delete BEFORE DELETE ON log
        FOR EACH ROW EXECUTE FUNCTION log_refuses_delete();
      CREATE OR REPLACE TRIGGER log_no_truncate BEFORE TRUNCATE ON log
        FOR EACH STATEMENT EXECUTE FUNCTION log_refuses_change();
      CREATE OR REPLACE FUNCTION petrel_time(at bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
        $$ SELECT to_char(timestamp 'epoch' + at/1000 * interval '1 millisecond',
          'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;
      """ + "\n" + PostgresViews.sql
  }
#endif
