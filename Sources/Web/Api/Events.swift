import Engine
import HTTPTypes
import Hummingbird
import Orchestration
import PetriNet

/// `/v1/events`: the log itself, as JSON lines or as a stream.
enum Events {
  /// Rows behind `after`, one JSON object a line, to the head or to `limit`.
  static func all(_ call: Call) async throws(Problem) -> Answer {
    var query = RowQuery(caseID: try call.query.caseID("case"))
    if let kinds = call.query["kind"] {
      query.kinds = kinds.split(separator: ",").map(String.init)
    }
    let workflow = call.query.name("workflow")
    if call.wantsEventStream { return try stream(call, query: query, workflow: workflow) }
    query.after = try call.query.seq("after") ?? Seq(0)
    let limit = try call.query.number("limit").map { Int(clamping: $0) } ?? .max
    let api = call.api
    let first = query
    // The first look is before the status is sent, so that a log that cannot be read is a problem.
    let rows = try api.log { reading throws(StoreError) in
      try reading.rows(first, limit: min(limit, rowsAtOnce))
    }
    if rows.isEmpty, let id = first.caseID { try api.requireKept(id.seq) }
    return Answer(
      body: .stream(type: "application/jsonl") { writer in
        var lookup = VerdictLookup(reading: api.reading)
        var query = first
        var rows = rows
        var written = 0
        while let last = rows.last, written < limit {
          var text = ""
          for row in rows where written < limit {
            guard try fits(row, workflow, &lookup) else { continue }
            text += RowJSON.node(row).text + "\n"
            written += 1
          }
          if !text.isEmpty { try await writer.write(ByteBuffer(string: text)) }
          query.after = last.seq
          rows = try api.reading.rows(query, limit: rowsAtOnce)
        }
        try await writer.finish(nil)
      })
  }

  static let rowsAtOnce = 500

  /// Server-sent events: `hello`, then each row as it comes. Begins behind `Last-Event-ID` or
  /// `after`, else at the head.
  ///
  /// - Throws: `stream-limit` when as many streams are open as may.
  static func stream(_ call: Call, query: RowQuery, workflow: String?) throws(Problem) -> Answer {
    guard let slot = call.api.streams.take() else {
      throw Problem(.streamLimit, "Close a stream, or read /v1/events as JSON lines.")
    }
    let head = try call.api.log { reading throws(StoreError) in try reading.head().seq }
    var query = query
    query.after = try call.query.resumption(call.headers) ?? head
    let stream = EventStream(
      api: call.api, query: query, workflow: workflow, slot: slot, body: call.request.body)
    return Answer(
      headers: [(.cacheControl, "no-store")],
      body: .stream(type: "text/event-stream") { writer in try await stream.write(to: &writer) })
  }

  static func fits(
    _ row: LogRow, _ workflow: String?, _ lookup: inout VerdictLookup
  ) throws(StoreError) -> Bool {
    guard let workflow else { return true }
    let name = try lookup.workflow(of: row, RowJSON.body(of: row))
    return name.map { $0.utf8.elementsEqual(workflow.utf8) } ?? false
  }
}

extension Query {
  /// Where a stream goes on: what the browser says it saw last, else `after`.
  fileprivate func resumption(_ headers: HTTPFields) throws(Problem) -> Seq? {
    guard let text = headers[.lastEventID] else { return try seq("after") }
    guard let number = APIName.number(Substring(text).utf8) else {
      throw Problem(.malformed, "Last-Event-ID is the number of an event.")
    }
    return Seq(number)
  }
}
