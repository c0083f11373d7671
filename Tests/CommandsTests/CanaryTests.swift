import Foundation
import LoopbackServer
import Testing

/// Keys planted in the environment and in a file, and a model server that sends them back wherever it
/// can: they are in nothing that is written.
@Suite struct CanaryTests {
  private static let keys = [
    "MODEL_KEY": "canary-model-7Q2x9VbLm4", "PAY_KEY": "canary-pay-Zr81KdPw0s",
  ]
  private static let team = "canary-team-Xk55TnB2eY"
  private static let all = keys.values.sorted() + [team]

  /// Sends back what it was sent, in another place each time.
  private static func echo(_ request: ScriptedServer.Request) -> ScriptedServer.Action {
    let key = request.header("authorization")?.split(separator: " ").last.map(String.init) ?? ""
    let team = request.header("x-team") ?? ""
    let good = #"\"verdict\":true"#
    func chat(_ content: String, model: String = "stub-1", more: String = "") -> String {
      #"{"id":"\#(key)","model":"\#(model)","choices":[{"message":{"content":"\#(content)"},"#
        + #""finish_reason":"stop"}],"system_fingerprint":"\#(team)"\#(more)}"#
    }
    let headers = ["x-request-id: \(key)", "x-team: \(team)"]
    switch request.number % 6 {
    case 0: return .reply(chat("{\(good)}"), headers: headers)
    case 1:
      return .reply(
        #"{"error":{"code":"\#(key)","message":"bad key \#(key) of \#(team)"}}"#, status: 401,
        headers: headers)
    case 2: return .reply(chat("the key is \(key), the team is \(team)"), headers: headers)
    case 3: return .reply(chat("{\(good)}", model: key), headers: headers)
    case 4: return .reply("<html>\(key) \(team)</html>", status: 500, headers: headers)
    default: return .reply(#"{"error":{"code":"\#(team)"}}"#, status: 429, headers: headers)
    }
  }

  private static func house(_ server: ScriptedServer) throws -> WorkingFolder {
    let folder = try WorkingFolder()
    let file = folder.url.appending(path: "petrel.yaml")
    let text =
      try String(contentsOf: file, encoding: .utf8)
      .replacingOccurrences(of: "http://127.0.0.1:41801/v1", with: "\(server.url)/v1")
      .replacingOccurrences(
        of: "    concurrency: 256\n",
        with: """
              key: {env: MODEL_KEY}
              headers: {X-Team: {file: team.key}}
              unenforced: "it sends back what it gets"

          """
      )
      .replacingOccurrences(
        of: "concurrency: 64}", with: "headers: {Authorization: {env: PAY_KEY}}}"
      )
      .replacingOccurrences(of: "http://127.0.0.1:41802", with: server.url)
      + "breaker: {failures: 1000}\n"
    try Data(text.utf8).write(to: file)
    let key = folder.url.appending(path: "team.key")
    try Data((team + "\n").utf8).write(to: key)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key.path)
    let lines = (0..<12).map {
      #"{"order": "o\#($0)", "customer": "Kim", "message": "give it back \#($0)"}"# + "\n"
    }
    try Data(lines.joined().utf8).write(to: folder.url.appending(path: "in.jsonl"))
    return folder
  }

  /// Where one of the keys stands, as it is or in Base64, in bytes of this name.
  private static func found(_ name: String, _ data: Data) -> [String] {
    all.filter { key in
      let bytes = Data(key.utf8)
      let coded = Data(bytes.base64EncodedData().prefix(20))
      return data.range(of: bytes) != nil || data.range(of: coded) != nil
    }.map { "\($0) in \(name)" }
  }

  @Test func `keys are sent and stand in nothing that is written`() throws {
    let server = ScriptedServer { [Self.echo($0)] }
    defer { server.stop() }
    let folder = try Self.house(server)
    var places: [String] = []
    var bytes = 0
    let calls = [
      ["check"], ["config", "show", "--origin"], ["config", "show", "-o", "json"],
      ["prompt", "show", "refund-triage", "understand_intent", "--with", "one.json"],
      ["doctor"], ["doctor", "-o", "json"],
      ["run", "refund-triage", "--input", "in.jsonl", "--until", "3s", "-o", "jsonl"],
      ["verdict", "list", "-o", "jsonl"], ["verdict", "list"], ["case", "list"],
      ["audit", "effects", "-o", "jsonl"],
      ["db", "sql", "SELECT * FROM log", "-o", "jsonl"], ["explain", "C409"],
    ]
    try Data(#"{"message": "give it back"}"#.utf8)
      .write(to: folder.url.appending(path: "one.json"))

    var verdicts: [String] = []
    for arguments in calls {
      let result = try PetrelProcess.run(arguments, in: folder.url, environment: Self.keys)
      let told = Data((result.output + result.notes).utf8)
      bytes += told.count
      places += Self.found(arguments.joined(separator: " "), told)
      if arguments == ["verdict", "list", "-o", "jsonl"] {
        verdicts = result.output.matches(of: /"firing":"(f[0-9]+)"/).map { String($0.output.1) }
      }
    }
    for firing in verdicts {
      let result = try PetrelProcess.run(
        ["verdict", "show", firing, "--contents", "-o", "json"], in: folder.url,
        environment: Self.keys)
      #expect(result.code == 0, "\(result.notes)")
      places += Self.found("verdict show \(firing)", Data((result.output + result.notes).utf8))
    }
    places += try Self.service(in: folder)
    for case let path as String in FileManager.default.enumerator(atPath: folder.url.path)
      ?? .init()
    where path != "team.key" {
      guard let data = folder.bytes(of: path) else { continue }
      bytes += data.count
      places += Self.found(path, data)
    }

    let heads = server.requests.map(\.head)
    for key in Self.all { #expect(heads.contains { $0.contains(key) }, "\(key) was never sent") }
    #expect(verdicts.count == 12)
    #expect(places == [])
    print("canary keys: \(Self.all.count) in 0 of \(bytes) bytes written, \(heads.count) requests")
  }

  /// A service with its metrics, health and list of endpoints.
  private static func service(in folder: WorkingFolder) throws -> [String] {
    let service = PetrelProcess.process(
      ["serve", "--listen", "127.0.0.1:0"], in: folder.url)
    service.environment?.merge(keys) { $1 }
    let output = folder.url.appending(path: "out.txt")
    let notes = folder.url.appending(path: "err.txt")
    for file in [output, notes] { try Data().write(to: file) }
    service.standardOutput = try FileHandle(forWritingTo: output)
    service.standardError = try FileHandle(forWritingTo: notes)
    try service.run()
    defer {
      service.terminate()
      service.waitUntilExit()
    }
    let deadline = ContinuousClock().now.advanced(by: .seconds(20))
    var url: String?
    while url == nil, ContinuousClock().now < deadline {
      let text = try String(contentsOf: output, encoding: .utf8)
      url = text.firstMatch(of: /\nlistening (http:\S+)\n/).map { String($0.output.1) }
    }
    let base = try #require(url)
    var places: [String] = []
    for path in ["/metrics", "/v1/endpoints", "/v1/verdicts", "/v1/events", "/health/ready"] {
      let curl = Process()
      curl.executableURL = URL(filePath: "/usr/bin/curl")
      curl.arguments = ["-s", base + path]
      let pipe = Pipe()
      curl.standardOutput = pipe
      try curl.run()
      let data = pipe.fileHandleForReading.readDataToEndOfFile()
      curl.waitUntilExit()
      #expect(!data.isEmpty, "\(path)")
      places += found(path, data)
    }
    return places
  }
}
