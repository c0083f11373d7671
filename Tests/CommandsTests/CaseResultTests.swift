import Foundation
import Testing

/// What cases came to, as a run and the log tell it.
@Suite struct CaseResultTests {
  private static func write(_ folder: URL, adding: Int) throws {
    let files = [
      "petrel.yaml": "petrel: 1\nworkflows: [add.yaml]\n",
      "add.yaml": """
      workflow: add
      places: {asked: {start: {n: int}}, done: {end: {sum: int}}}
      transitions:
        add: {in: {a: asked}, out: {done: {sum: a.n + \(adding)}}}

      """,
      "lines.jsonl": "{\"n\": \(adding / 10)}\n",
    ]
    for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
  }

  @Test func `the result of a run is a list where the end place holds many`() throws {
    let folder = try WorkingFolder()
    let files = [
      "petrel.yaml": "petrel: 1\nworkflows: [deal.yaml]\n",
      "deal.yaml": """
      workflow: deal
      places: {asked: {start: {n: int}}, lots: {end: {i: int}, many: true}}
      transitions:
        deal: {in: {x: asked}, out: {lots: {each: "[1, 2].filter(i, i <= x.n)", as: i, put: {i: i}}}}

      """,
      "lines.jsonl": "{\"n\": 1}\n{\"n\": 2}\n",
    ]
    for (name, text) in files {
      try Data(text.utf8).write(to: folder.url.appending(path: name))
    }

    let run = try PetrelProcess.run(
      ["run", "deal", "--input", "lines.jsonl", "-o", "jsonl"], in: folder.url)

    #expect(run.code == 0, "\(run.notes)")
    #expect(run.output.contains("\"result\":[{\"i\":1}],"), "\(run.output)")
    #expect(run.output.contains("\"result\":[{\"i\":1},{\"i\":2}],"), "\(run.output)")
  }

  @Test func `a case of an earlier version shows its version and its result`() throws {
    let folder = try WorkingFolder()
    let run = ["run", "add", "--input", "lines.jsonl", "--database", "petrel.db", "-o", "jsonl"]
    var sums: [String] = []
    var versions: Set<String> = []
    for adding in [10, 20] {
      try Self.write(folder.url, adding: adding)
      #expect(try PetrelProcess.run(run, in: folder.url).code == 0)
    }

    let list = try PetrelProcess.run(
      ["case", "list", "--database", "petrel.db", "-o", "jsonl"], in: folder.url)
    for line in list.output.split(separator: "\n") {
      let listed = try JSONSerialization.jsonObject(with: Data(line.utf8))
      let id = try #require((listed as? [String: Any])?["id"] as? String)
      let shown = try PetrelProcess.run(
        ["case", "show", id, "--database", "petrel.db", "-o", "jsonl"], in: folder.url)
      let opened = try JSONSerialization.jsonObject(with: Data(shown.output.utf8))
      let members = try #require(opened as? [String: Any])
      let result = (members["result"] as? [[String: Any]])?.first?["value"] as? [String: Any]
      sums.append("\(result?["sum"] ?? "none")")
      versions.insert("\(members["version"] ?? "none")")
    }

    #expect(sums == ["22", "11"])
    #expect(versions.count == 2 && !versions.contains("none"), "\(versions)")
  }
}
