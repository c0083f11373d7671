#if Postgres
  internal import Orchestration
  internal import Record

  /// What a group writes, by table: each table is one statement however many rows there are.
  struct GroupRows {
    private var records: [LogRecord] = []
    private var boxes: [(seq: Int64, box: LogRecord.Box)] = []
    private var blobs: [EncodedEvent.Blob] = []
    private var requests: [(seq: Int64, request: LogRecord.Request)] = []
    private(set) var kinds: [(kind: EventKind, version: Int, seq: Int64)] = []

    /// `known`: kinds that the log has already.
    mutating func add(_ record: LogRecord, known: Set<EventKind>) {
      for box in record.boxes { boxes.append((record.seq, box)) }
      blobs.append(contentsOf: record.blobs)
      if let request = record.request { requests.append((record.seq, request)) }
      if !known.contains(record.kind), !kinds.contains(where: { $0.kind == record.kind }) {
        kinds.append((record.kind, record.version, record.seq))
      }
      records.append(record)
    }

    /// Writes all of it into the transaction that is open.
    func insert(
      _ connection: PostgresConnection, _ shard: PostgresValue
    ) throws(PostgresFailure) {
      try insertRows(connection, shard)
      if !boxes.isEmpty {
        try connection.run(
          """
          INSERT INTO payload(shard,seq,i,key_no,role,box) SELECT $1::int,*
          FROM unnest($2::bigint[],$3::bigint[],$4::bigint[],$5::text[],$6::bytea[])
          """,
          [
            shard, .ints(boxes.map(\.seq)), .ints(boxes.map { Int64($0.box.index) }),
            .ints(boxes.map(\.box.keyNumber)),
            .texts(boxes.map { Array($0.box.role.rawValue.utf8) }), .blobs(boxes.map(\.box.bytes)),
          ])
      }
      if !blobs.isEmpty {
        try connection.run(
          """
          INSERT INTO blob(shard,hash,bytes) SELECT $1::int,* FROM unnest($2::bytea[],$3::bytea[])
          ON CONFLICT DO NOTHING
          """, [shard, .blobs(blobs.map(\.digest.bytes)), .blobs(blobs.map(\.bytes))])
      }
      if !requests.isEmpty {
        try connection.run(
          """
          INSERT INTO request(shard,slot,key,seq) SELECT $1::int,*
          FROM unnest($2::bigint[],$3::bytea[],$4::bigint[]) ON CONFLICT DO NOTHING
          """,
          [
            shard, .ints(requests.map(\.request.slot)), .blobs(requests.map(\.request.key)),
            .ints(requests.map(\.seq)),
          ])
      }
      guard !kinds.isEmpty else { return }
      try connection.run(
        """
        INSERT INTO event_kind(shard,kind,version,first_seq) SELECT $1::int,*
        FROM unnest($2::text[],$3::bigint[],$4::bigint[])
        """,
        [
          shard, .texts(kinds.map { Array($0.kind.rawValue.utf8) }),
          .ints(kinds.map { Int64($0.version) }), .ints(kinds.map(\.seq)),
        ])
    }

    private func insertRows(
      _ connection: PostgresConnection, _ shard: PostgresValue
    ) throws(PostgresFailure) {
      guard !records.isEmpty else { return }
      try connection.run(
        """
        INSERT INTO log(shard,seq,epoch,at,case_no,kind,version,body,sealed,hash)
        SELECT $1::int,* FROM unnest($2::bigint[],$3::bigint[],$4::bigint[],$5::bigint[],
          $6::text[],$7::bigint[],$8::text[],$9::bytea[],$10::bytea[])
        """,
        [
          shard, .ints(records.map(\.seq)), .ints(records.map(\.epoch)), .ints(records.map(\.at)),
          .ints(records.map(\.caseNumber)), .texts(records.map { Array($0.kind.rawValue.utf8) }),
          .ints(records.map { Int64($0.version) }), .texts(records.map(\.body)),
          .blobs(records.map(\.sealed)), .blobs(records.map(\.hash.bytes)),
        ])
    }
  }
#endif
