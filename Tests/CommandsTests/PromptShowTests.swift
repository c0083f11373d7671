import Foundation
import PetriNet
import Testing

/// What `petrel prompt show` says would be sent: to every voter with its own order of the labels, and
/// to every endpoint that is asked for the record.
@Suite struct PromptShowTests {
  private static let workflow = """
    workflow: desk
    places:
      asked: {start: {text: string}}
      done:  {end: unit}
    transitions:
      sort:
        in: {a: asked}
        judge: kind
        with: {text: a.text}
        model: [fast, other]
        agree: 1
        timeout: 5s
        then: {else: {done: unit}, fallback: {done: unit}}
    """
  private static let configuration = """
    petrel: 1
    endpoints:
      one: {url: "http://127.0.0.1:1/v1/", dialect: openai-chat, model: m-1, key: {env: ONE_KEY}}
      two:
        url: "http://127.0.0.1:2/v1"
        dialect: anthropic
        version: 2023-06-01
        model: m-2
        key: {env: TWO_KEY}
        headers: {X-Team: desk, X-Token: {env: TOKEN, prefix: "T "}}
      three: {url: "http://127.0.0.1:3", dialect: ollama, model: m-3}
    models: {fast: {endpoints: [one], shadow: [three]}, other: two}
    model: fast
    """
  private static let prompt = """
    ---
    prompt: kind
    question: What is it?
    labels: [red, green, blue]
    fields: {text: string}
    ---
    Say what it is.

    """

  private static func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    for (name, text) in [
      ("workflows/desk.yaml", workflow), ("petrel.yaml", configuration),
      ("prompts/kind.md", prompt), ("case.json", #"{"text": "a leaf"}"#),
    ] {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    return folder
  }

  @Test func `every voter is shown with its labels turned, every shadow, and no key`() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }

    let result = try PetrelProcess.run(
      ["prompt", "show", "desk", "sort", "--with", "case.json", "-o", "jsonl"], in: folder,
      environment: ["ONE_KEY": "s3cret-one", "TWO_KEY": "s3cret-two", "TOKEN": "s3cret-three"])

    #expect(result.code == 0, "\(result.notes)")
    let items = try result.output.split(separator: "\n").map {
      try JSONText.parse(text: String($0))
    }
    let members = { (name: String) in items.map { $0[name]?.text ?? "" } }
    let first = #"["red","green","blue"]"#
    #expect(members("endpoint") == [#""one""#, #""three""#, #""two""#])
    #expect(members("model") == [#""fast""#, #""fast""#, #""other""#])
    #expect(members("vote") == ["1", "1", "2"])
    #expect(members("shadow") == ["false", "true", "false"])
    #expect(members("labels") == [first, first, #"["green","blue","red"]"#])
    #expect(
      members("url") == [
        #""http://127.0.0.1:1/v1/chat/completions""#, #""http://127.0.0.1:3/api/chat""#,
        #""http://127.0.0.1:2/v1/messages""#,
      ])
    #expect(
      members("headers").last
        == #"["Content-Type: application/json","Accept: application/json","#
        + #""anthropic-version: 2023-06-01","x-api-key: [secret]","X-Team: desk","#
        + #""X-Token: T [secret]"]"#)
    #expect(items.last?["body"]?.text.contains(#""enum":["green","blue","red"]"#) == true)
    #expect(!(result.output + result.notes).contains("s3cret"))
  }

  @Test func `no key has to be at hand, and the text names each request`() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }

    let result = try PetrelProcess.run(
      ["prompt", "show", "desk", "sort", "--with", "case.json"], in: folder)

    #expect(result.code == 0, "\(result.notes)")
    let requests = result.output.split(separator: "\n").filter { $0.hasPrefix("POST ") }
    #expect(
      requests == [
        "POST http://127.0.0.1:1/v1/chat/completions    one, openai-chat, vote 1 of 2, model fast",
        "POST http://127.0.0.1:3/api/chat    three, ollama, vote 1 of 2, model fast, shadow",
        "POST http://127.0.0.1:2/v1/messages    two, anthropic, vote 2 of 2, model other",
      ])
  }
}
