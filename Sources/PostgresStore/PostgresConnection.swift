#if Postgres
  internal import CPostgres
  internal import Orchestration

  /// A session with a server. Used by one thread at a time.
  final class PostgresConnection {
    private let handle: OpaquePointer
    /// Statements that this session has prepared, by their text.
    private var prepared: [String: String] = [:]

    /// - Parameter conninfo: As libpq takes it: `host=… dbname=…` or `postgresql://…`. Never told.
    init(_ conninfo: String) throws(PostgresFailure) {
      // What stands before `dbname` may be overruled by the text that it is given.
      let settings: [(String, String)] = [
        ("connect_timeout", "5"), ("tcp_user_timeout", "30000"),
        ("fallback_application_name", "petrel"), ("dbname", conninfo),
        ("client_encoding", "UTF8"),
      ]
      let handle = Self.connect(settings)
      guard let handle, PQstatus(handle) == CONNECTION_OK else {
        let message = handle.map { String(cString: PQerrorMessage($0)) } ?? "no memory"
        PQfinish(handle)
        throw PostgresFailure(
          state: "", message: Self.line(message), table: "", isLost: true)
      }
      self.handle = handle
      PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    deinit { PQfinish(handle) }

    var isLost: Bool { PQstatus(handle) != CONNECTION_OK }
    var isInTransaction: Bool { PQtransactionStatus(handle) != PQTRANS_IDLE }
    /// 150018 for 15.18.
    var serverVersion: Int32 { PQserverVersion(handle) }
    /// The server's process of this session.
    var backend: Int32 { PQbackendPID(handle) }

    /// Runs several statements without parameters.
    func script(_ sql: String) throws(PostgresFailure) {
      _ = try rows(PQexec(handle, sql))
    }

    /// Runs one statement, prepared the first time.
    @discardableResult
    func run(
      _ sql: String, _ parameters: [PostgresValue] = []
    ) throws(PostgresFailure) -> PostgresRows {
      let name = try name(of: sql, parameters)
      var bytes: [UInt8] = []
      var starts: [Int] = []
      for parameter in parameters {
        starts.append(bytes.count)
        parameter.write(to: &bytes)
      }
      let ends = starts.dropFirst() + [bytes.count]
      let lengths = zip(starts, ends).map { Int32($1 - $0) }
      // An empty text still needs a place.
      bytes.append(0)
      let result = bytes.withUnsafeBytes { bytes in
        let places = starts.map { start -> UnsafePointer<CChar>? in
          bytes.baseAddress.map { ($0 + start).assumingMemoryBound(to: CChar.self) }
        }
        let formats = [Int32](repeating: 1, count: starts.count)
        return PQexecPrepared(
          handle, name, Int32(starts.count), places, lengths, formats, 1)
      }
      return try rows(result)
    }

    private func name(
      of sql: String, _ parameters: [PostgresValue]
    ) throws(PostgresFailure) -> String {
      if let name = prepared[sql] { return name }
      let name = "s\(prepared.count)"
      _ = try rows(
        PQprepare(handle, name, sql, Int32(parameters.count), parameters.map(\.type)))
      prepared[sql] = name
      return name
    }

    private func rows(_ result: OpaquePointer?) throws(PostgresFailure) -> PostgresRows {
      let status = PQresultStatus(result)
      if let result, status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK {
        return PostgresRows(result)
      }
      defer { PQclear(result) }
      func field(_ code: Character) -> String {
        guard let ascii = code.asciiValue,
          let text = PQresultErrorField(result, Int32(ascii))
        else { return "" }
        return String(cString: text)
      }
      let said = field("M")
      throw PostgresFailure(
        state: field("C"),
        message: said.isEmpty ? Self.line(String(cString: PQerrorMessage(handle))) : said,
        table: field("t"), isLost: isLost)
    }

    private static func connect(_ settings: [(String, String)]) -> OpaquePointer? {
      let names = settings.map { Array($0.0.utf8CString) }
      let values = settings.map { Array($0.1.utf8CString) }
      return withPointers(to: names) { names in
        withPointers(to: values) { values in PQconnectdbParams(names, values, 1) }
      }
    }

    /// C's list of texts, ended by nil.
    private static func withPointers<Result>(
      to texts: [[CChar]], _ body: ([UnsafePointer<CChar>?]) -> Result
    ) -> Result {
      let joined = texts.flatMap { $0 }
      return joined.withUnsafeBufferPointer { joined in
        var pointers: [UnsafePointer<CChar>?] = []
        var start = 0
        for text in texts {
          pointers.append(joined.baseAddress.map { $0 + start })
          start += text.count
        }
        return body(pointers + [nil])
      }
    }

    /// The first line of what libpq says.
    private static func line(_ message: String) -> String {
      message.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
  }
#endif
