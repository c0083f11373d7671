#if Postgres
  internal import CPostgres

  /// What a statement gave: whole numbers as `bigint`, everything else as text or bytes.
  final class PostgresRows {
    private let result: OpaquePointer
    let count: Int
    var columns: Int32 { PQnfields(result) }

    /// Takes the result over.
    init(_ result: OpaquePointer) {
      self.result = result
      count = Int(PQntuples(result))
    }

    deinit { PQclear(result) }

    func isNull(_ row: Int, _ column: Int32) -> Bool {
      PQgetisnull(result, Int32(row), column) == 1
    }

    /// Of a column of type `bigint`; 0 for NULL.
    func int(_ row: Int, _ column: Int32) -> Int64 {
      buffer(row, column).reduce(Int64(0)) { $0 << 8 | Int64($1) }
    }

    func intIfAny(_ row: Int, _ column: Int32) -> Int64? {
      isNull(row, column) ? nil : int(row, column)
    }

    func text(_ row: Int, _ column: Int32) -> String {
      String(decoding: buffer(row, column), as: UTF8.self)
    }

    func textIfAny(_ row: Int, _ column: Int32) -> String? {
      isNull(row, column) ? nil : text(row, column)
    }

    func bytes(_ row: Int, _ column: Int32) -> [UInt8] { Array(buffer(row, column)) }

    private func buffer(_ row: Int, _ column: Int32) -> UnsafeRawBufferPointer {
      UnsafeRawBufferPointer(
        start: PQgetvalue(result, Int32(row), column),
        count: Int(PQgetlength(result, Int32(row), column)))
    }
  }
#endif
