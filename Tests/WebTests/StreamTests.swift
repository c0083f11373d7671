import Engine
import Orchestration
import PetriNet
import Testing

@testable import Web

/// Server-sent events, over real connections.
struct StreamTests {
  private static let events = ["Accept": "text/event-stream"]

  private static func start(_ client: LiveClient, _ order: String) async throws {
    _ = try await client.post(
      "/v1/workflows/desk/cases", ["Idempotency-Key": order],
      #"{"order":"\#(order)","customer":"Ada","amount":1}"#)
  }

  @Test func `a stream says hello, then each row under its number`() async throws {
    let (text, rows) = try await LiveFixture().serve { client in
      let stream = try await client.open("GET", "/v1/events", Self.events)
      let hello = try await stream.read { $0.contains("event: hello") }
      try await Self.start(client, "ord-1")
      let streamed = hello + (try await stream.read { $0.contains("\"taskOffered\"") })
      stream.close()
      return (streamed, try await client.get("/v1/events?kind=caseOpened,taskOffered"))
    }

    let body = LiveClient.unchunked(String(text.split(separator: "\r\n\r\n", maxSplits: 1)[1]))
    let blocks = body.split(separator: "\n\n").map(String.init)
    #expect(text.contains("text/event-stream"))
    #expect(blocks[0].contains("event: hello\ndata: {\"seq\":"))
    #expect(blocks[0].contains("\"version\":\"0.3.0\""))
    let lines = rows.body.split(separator: "\n").map(String.init)
    let expected = try lines.map { line in
      let seq = try #require(try JSONText.parse(text: line).integerMember("seq"))
      return "id: \(seq)\ndata: \(line)"
    }
    #expect(lines.count == 2)
    #expect(blocks.filter { $0.contains("caseOpened") || $0.contains("taskOffered") } == expected)
  }

  @Test func `a reader who comes back goes on where it was`() async throws {
    let (missed, all) = try await LiveFixture().serve { client in
      try await Self.start(client, "ord-1")
      let last = try await client.get("/v1/events").body.split(separator: "\n").count
      try await Self.start(client, "ord-2")
      let all = try await client.get("/v1/events?after=\(last)")
      var headers = Self.events
      headers["Last-Event-ID"] = "\(last)"
      let stream = try await client.open("GET", "/v1/events?after=0", headers)
      let text = try await stream.read { $0.contains("\"taskOffered\"") }
      stream.close()
      return (text, all.body)
    }

    let body = LiveClient.unchunked(String(missed.split(separator: "\r\n\r\n", maxSplits: 1)[1]))
    let seen = body.split(separator: "\n").filter { $0.hasPrefix("data: {\"seq\"") }
      .map { String($0.dropFirst("data: ".utf8.count)) }.dropFirst()
    #expect(Array(seen) == all.split(separator: "\n").map(String.init))
  }

  @Test func `a reader too far behind is told and let go`() async throws {
    var limits = WebConfiguration.Limits()
    limits.streamLag = 2
    let text = try await LiveFixture().serve(limits: limits) { client in
      try await Self.start(client, "ord-1")
      return try await client.send("GET", "/v1/events?after=1", Self.events).body
    }

    #expect(text.hasSuffix("event: lagged\ndata: {\"from\":1}\n\n"))
  }

  @Test func `a closed reader frees its place, and no more than allowed are open`() async throws {
    var limits = WebConfiguration.Limits()
    limits.streams = 1
    let (refused, isFree) = try await LiveFixture().serve(limits: limits) { client in
      let first = try await client.open("GET", "/v1/events", Self.events)
      _ = try await first.read { $0.contains("hello") }
      let refused = try await client.get("/v1/events", Self.events)
      first.close()
      var attempts = 0
      while client.server.api.streams.open > 0, attempts < 200 {
        attempts += 1
        _ = try await client.get("/health/live")
      }
      return (refused, client.server.api.streams.open == 0)
    }

    #expect(refused.status == 503)
    #expect(refused.json.textMember("type") == "/problems/stream-limit")
    #expect(isFree)
  }

  @Test func `a quiet stream gives signs of life`() async throws {
    var limits = WebConfiguration.Limits()
    limits.beatMicroseconds = 1_000
    let text = try await LiveFixture().serve(limits: limits) { client in
      let stream = try await client.open("GET", "/v1/events", Self.events)
      defer { stream.close() }
      return try await stream.read { $0.contains(": beat") }
    }

    #expect(text.contains(": beat\n\n"))
  }

  @Test func `streams end when the service stops`() async throws {
    let fixture = try LiveFixture()
    let text = try await fixture.serve { client in
      let stream = try await client.open("GET", "/v1/events", Self.events)
      let hello = try await stream.read { $0.contains("event: hello") }
      await client.server.stop()
      return hello + (try await stream.read { _ in false })
    }

    #expect(text.contains("event: hello"))
    #expect(text.hasSuffix("0\r\n\r\n"))
  }
}
