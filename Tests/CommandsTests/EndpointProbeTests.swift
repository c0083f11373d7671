import Foundation
import LoopbackServer
import PetriNet
import Testing

/// What is told of endpoints' clocks, and what `POST /v1/endpoints/{e}:probe` finds and does.
@Suite struct EndpointProbeTests {
  private static func date(ahead seconds: Int) -> String {
    var time = time_t(Date().timeIntervalSince1970) + seconds
    var parts = tm()
    gmtime_r(&time, &parts)
    var text = [CChar](repeating: 0, count: 64)
    strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
    return "Date: " + String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
  }

  /// The line of the doctor about a check of an endpoint, `RESULT DETAIL`.
  private static func told(_ check: String, _ lines: String) throws -> [String: String] {
    var found: [String: String] = [:]
    for line in lines.split(separator: "\n") {
      let node = try JSONText.parse(text: String(line))
      guard case .string(let name)? = node["of"], case .string(check)? = node["check"],
        case .string(let result)? = node["result"], case .string(let detail)? = node["detail"]
      else { continue }
      found[name] = "\(result) \(detail)"
    }
    return found
  }

  @Test func `a clock that is far from ours is told, a near one is fine`() throws {
    let clocks: [(String, Int?)] = [("right", 0), ("fast", 3_600), ("slow", -90), ("mute", nil)]
    let servers = clocks.map { _, ahead in
      ScriptedServer { request in
        let answer = ModelManner.enforces.answer(request)
        return [ahead.map { answer.with(header: Self.date(ahead: $0)) } ?? answer]
      }
    }
    defer { for server in servers { server.stop() } }
    let endpoints = zip(clocks, servers).map { clock, server in
      "  \(clock.0): {url: \"\(server.url)/v1\", dialect: compatible, model: stub-1}\n"
    }
    let folder = try WorkingFolder()
    let text = "petrel: 1\nendpoints:\n\(endpoints.joined())model: m\nmodels: {m: right}\n"
    try Data(text.utf8).write(to: folder.url.appending(path: "petrel.yaml"))

    let result = try PetrelProcess.run(["doctor", "-q", "-o", "jsonl"], in: folder.url)
    let told = try Self.told("clock", result.output)

    #expect(result.code == 1, "\(result.notes)")
    #expect(told["right"] == "ok agrees with ours")
    #expect(
      [
        "no 59 min ahead of ours, by its Date; 5 s are allowed",
        "no 1 h ahead of ours, by its Date; 5 s are allowed",
      ].contains(told["fast"] ?? ""))
    #expect(told["slow"] == "no 1 min behind ours, by its Date; 5 s are allowed")
    #expect(told["mute"] == "- its replies have no Date to compare ours with")
  }

  private static func curl(_ arguments: [String]) throws -> JSONText.Node {
    let curl = Process()
    curl.executableURL = URL(filePath: "/usr/bin/curl")
    curl.arguments = ["-s"] + arguments
    let pipe = Pipe()
    curl.standardOutput = pipe
    try curl.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    curl.waitUntilExit()
    return try JSONText.parse([UInt8](data))
  }

  @Test func `a probe of a running service tells what the doctor tells, and pauses what ignores`()
    throws
  {
    let gate = Gate()
    let server = ScriptedServer { request in
      let manner: ModelManner = gate.isOpen ? .ignoresSchema : .enforces
      return [manner.answer(request).with(header: Self.date(ahead: 600))]
    }
    defer { server.stop() }
    let folder = try WorkingFolder()
    let file = folder.url.appending(path: "petrel.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
      .replacingOccurrences(of: "http://127.0.0.1:41801/v1", with: "\(server.url)/v1")
    try Data(text.utf8).write(to: file)
    let service = PetrelProcess.process(
      ["serve", "-q", "--listen", "127.0.0.1:0"], in: folder.url)
    let output = Pipe()
    service.standardOutput = output
    service.standardError = FileHandle.nullDevice
    try service.run()
    defer {
      service.terminate()
      service.waitUntilExit()
    }
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    let url = String(try #require(line.firstMatch(of: /listening (http:\S+)/)).output.1)

    let good = try Self.curl(["-X", "POST", "\(url)/v1/endpoints/stand-in:probe"])
    gate.open()
    let bad = try Self.curl(["-X", "POST", "\(url)/v1/endpoints/stand-in:probe"])
    let endpoints = try Self.curl(["\(url)/v1/endpoints"])
    let none = try Self.curl(["-X", "POST", "\(url)/v1/endpoints/other:probe"])

    #expect(good["ok"] == .bool(false))
    #expect(good.text.contains("enforced: 3 of 3 answers were labels"))
    #expect(good.text.contains("ahead of ours, by its Date; 5 s are allowed"))
    #expect(bad["ok"] == .bool(false))
    #expect(bad.text.contains("NOT ENFORCED: an answer was none of the labels"))
    #expect(endpoints.text.contains(#""paused":true"#))
    #expect(none["type"]?.text.contains("no-such-endpoint") == true)
  }
}
