import Foundation
import Testing

/// The same guard under another name: what a log knows is known by its hash (CONFIG §1).
@Suite struct RenamedAliasTests {
  private static func write(_ folder: URL, models: String, alias: String) throws {
    let files = [
      "petrel.yaml": """
      petrel: 1
      workflows: [ask.yaml]
      prompts: prompts
      endpoints:
        e: {url: "http://127.0.0.1:9/v1", dialect: compatible, model: m, attempts: 1, unenforced: "nobody is there"}
      models: {\(models)}
      model: \(alias)

      """,
      "ask.yaml": """
      workflow: ask
      places: {asked: {start: {text: string max 99}}, done: {end: {label: string}}}
      transitions:
        ask:
          in: {a: asked}
          judge: polite
          model: \(alias)
          with: {text: a.text}
          timeout: 2s
          then:
            yes_it_is: {done: {label: "'yes'"}}
            no_it_is_not: {done: {label: "'no'"}}
            fallback: {done: {label: fallback.reason}}

      """,
      "prompts/polite.md": """
      ---
      prompt: polite
      question: Is it polite?
      labels: [yes_it_is, no_it_is_not]
      fields: {text: string max 99}
      ---
      {{text}}

      """,
      "lines.jsonl": "{\"text\": \"\(alias)\"}\n",
    ]
    try FileManager.default.createDirectory(
      at: folder.appending(path: "prompts"), withIntermediateDirectories: true)
    for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
  }

  @Test(arguments: [("b: e", "b", "a: e", "a"), ("b: e", "b", "a: e, b: e", "a")])
  func `a log starts again when an alias has another name`(
    models: String, alias: String, later: String, another: String
  ) throws {
    let folder = try WorkingFolder()
    let run = ["run", "ask", "--input", "lines.jsonl", "--database", "petrel.db", "-o", "jsonl"]
    try Self.write(folder.url, models: models, alias: alias)
    let first = try PetrelProcess.run(run, in: folder.url)
    #expect(first.code == 0, "\(first.output) \(first.notes)")
    try Self.write(folder.url, models: later, alias: another)

    let second = try PetrelProcess.run(run, in: folder.url)

    #expect(second.code == 0, "\(second.output) \(second.notes)")
    #expect(second.output.contains("connect"), "\(second.output)")
  }
}
