import Foundation
import LoopbackServer
import PetriNet
import Testing

/// What became of calls that the clock ended before they ended, when a run is over.
@Suite struct LateCallTests {
  /// The house with a judge that waits a second, and a second endpoint that is asked for the record.
  private static func house(
    _ server: ScriptedServer, shadow: ScriptedServer? = nil
  ) throws -> WorkingFolder {
    let folder = try WorkingFolder()
    let file = folder.url.appending(path: "petrel.yaml")
    var text = try String(contentsOf: file, encoding: .utf8)
      .replacingOccurrences(of: "http://127.0.0.1:41801/v1", with: "\(server.url)/v1")
      .replacingOccurrences(of: "concurrency: 256", with: "unenforced: \"a script\"")
    if let shadow {
      let line =
        "endpoints:\n  other: {url: \"\(shadow.url)\", dialect: compatible, model: stub-1}\n"
      text = text.replacingOccurrences(of: "endpoints:\n", with: line)
        .replacingOccurrences(
          of: "  fast: stand-in\n", with: "  fast: {endpoints: [stand-in], shadow: [other]}\n")
    }
    try Data(text.utf8).write(to: file)
    let workflow = folder.url.appending(path: "workflows/refund-triage.yaml")
    try Data(
      String(contentsOf: workflow, encoding: .utf8)
        .replacingOccurrences(of: "timeout: 5s", with: "timeout: 1s").utf8
    ).write(to: workflow)
    try Data(#"{"order": "o1", "customer": "Kim", "message": "hello"}"#.utf8)
      .write(to: folder.url.appending(path: "one.jsonl"))
    return folder
  }

  /// Bodies of the rows of calls that did not decide, in order, after a run.
  private static func calls(after folder: WorkingFolder) throws -> [JSONText.Node] {
    let result = try PetrelProcess.run(
      ["run", "refund-triage", "--input", "one.jsonl", "-o", "jsonl"], in: folder.url)
    #expect(result.code == 0, "\(result.notes)")
    let rows = try PetrelProcess.run(
      [
        "db", "sql", "SELECT body FROM log WHERE kind = 'callRecorded' ORDER BY seq", "-o", "jsonl",
      ],
      in: folder.url)
    return try rows.output.split(separator: "\n").map { line in
      let row = try JSONText.parse(text: String(line))
      guard case .string(let body)? = row["body"] else { return row["body"] ?? row }
      return try JSONText.parse(text: body)
    }
  }

  @Test func `a call that the clock ended is on record when the run is over, and soon`() throws {
    let server = ScriptedServer(always: [.hang])
    defer { server.stop() }
    let folder = try Self.house(server)
    let clock = ContinuousClock()
    let began = clock.now

    let calls = try Self.calls(after: folder)

    #expect(calls.count == 1)
    #expect(calls.first?["late"]?.text == "true", "\(calls)")
    #expect(calls.first?["reason"]?.text == #""interrupted""#, "\(calls)")
    #expect(clock.now - began < .seconds(10))
  }

  @Test func `what is asked for the record is on record when the run is over`() throws {
    let body =
      #"{"model":"stub-1","choices":[{"message":{"content":"{\"verdict\":false}"},"#
      + #""finish_reason":"stop"}]}"#
    let server = ScriptedServer(always: [.reply(body)])
    let head = "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count + 20)\r\n\r\n"
    let shadow = ScriptedServer(always: [
      .text(head), .drip([UInt8](repeating: 32, count: 20), everyMilliseconds: 25), .text(body),
    ])
    defer {
      server.stop()
      shadow.stop()
    }
    let folder = try Self.house(server, shadow: shadow)

    let calls = try Self.calls(after: folder)

    #expect(calls.count == 1)
    #expect(calls.first?["reason"]?.text == nil, "\(calls)")
  }
}
