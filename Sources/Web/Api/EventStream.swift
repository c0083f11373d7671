import Engine
import Hummingbird
import Orchestration
import PetriNet

/// One stream of server-sent events. `id` is the number of the row, so that a reader who comes back
/// misses nothing and sees nothing twice.
struct EventStream: Sendable {
  let api: API
  let query: RowQuery
  let workflow: String?
  /// Freed with the stream, however it ends.
  let slot: StreamSlots.Slot
  let body: RequestBody

  private enum Wake: Sendable { case head, beat }

  /// Writes until the reader goes, falls behind, or the service stops.
  func write(to writer: inout any ResponseBodyWriter) async throws {
    let (wakes, source) = AsyncStream<Wake>.makeStream(bufferingPolicy: .bufferingNewest(64))
    let health = api.engine.health()
    try await writer.write(ByteBuffer(string: hello(health)))
    let feeds = [
      Task { [api, query] in
        for await _ in api.engine.changes(after: query.after) { source.yield(.head) }
        source.finish()
      },
      Task { [api] in
        let beat = Duration.microseconds(api.configuration.limits.beatMicroseconds)
        while !Task.isCancelled {
          try? await Task.sleep(for: beat)
          source.yield(.beat)
        }
      },
      Task { [api] in
        await api.streams.closed()
        source.finish()
      },
    ]
    defer { for feed in feeds { feed.cancel() } }
    // Writing is inside the handler of the closed connection, which ends the sequence of wakes.
    var sink = writer
    try await body.consumeWithInboundCloseHandler { _ in
      try await follow(wakes, &sink)
    } onInboundClosed: {
      source.finish()
    }
    try await sink.finish(nil)
  }

  private func follow(
    _ wakes: AsyncStream<Wake>, _ writer: inout any ResponseBodyWriter
  ) async throws {
    var query = query
    var lookup = VerdictLookup(reading: api.reading)
    let lag = api.configuration.limits.streamLag
    for await wake in wakes {
      // Also at a beat: a reader that stood still may have lost the word of a commit.
      let rows = try api.reading.rows(query, limit: lag + 1)
      guard rows.count <= lag else {
        let lagged = JSONText.Node.object([.init("from", .seq(query.after))])
        try await writer.write(ByteBuffer(string: "event: lagged\ndata: \(lagged.text)\n\n"))
        return
      }
      var text = wake == .beat ? ": beat\n\n" : ""
      for row in rows where try Events.fits(row, workflow, &lookup) {
        text += "id: \(row.seq.number)\ndata: \(RowJSON.node(row).text)\n\n"
      }
      if let last = rows.last { query.after = last.seq }
      if !text.isEmpty { try await writer.write(ByteBuffer(string: text)) }
    }
  }

  /// How long a browser waits before it comes back differs by connection, so that not all come at
  /// once after a restart.
  private func hello(_ health: EngineHealth) -> String {
    let node = JSONText.Node.object([
      .init("seq", .seq(query.after)), .init("epoch", .integer(health.epoch)),
      .init("version", .string(api.configuration.version)),
    ])
    return "retry: \(2_000 + slot.number % 16 * 125)\nevent: hello\ndata: \(node.text)\n\n"
  }
}
