import Foundation
import Testing

/// `petrel run` with keys that were used before.
@Suite struct RunKeyTests {
  private let around: WorkingFolder
  private let folder: URL

  init() throws {
    around = try WorkingFolder()
    _ = try PetrelProcess.run(["init", "new", "--example", "empty"], in: around.url)
    folder = around.url.appending(path: "new")
  }

  private func run(_ lines: String...) throws -> PetrelProcess.Result {
    try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: folder.appending(path: "in.jsonl"))
    return try PetrelProcess.run(
      ["run", "hello", "--input", "in.jsonl", "-o", "jsonl", "--database", "petrel.db"], in: folder)
  }

  @Test func `another case under a used key is refused, in the same file and in the next`() throws {
    let first = try run(#"{"name": "Kim", "$key": "k"}"#, #"{"name": "Lee", "$key": "k"}"#)

    #expect(first.code == 65)
    let lines = first.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first?.contains(#""state":"completed""#) == true, "\(first.output)")
    #expect(lines.last?.hasPrefix(#"{"line":2,"state":"refused","code":"C212""#) == true)
    #expect(first.notes.contains("line 2 was refused: C212 "), "\(first.notes)")
    let second = try run(#"{"name": "Park", "$key": "k"}"#)
    #expect(second.code == 65)
    #expect(second.output.contains(#""state":"refused","code":"C212""#), "\(second.output)")
  }

  @Test func `the same case under a used key is the first one`() throws {
    let first = try run(#"{"name": "Kim", "$key": "k"}"#)
    let second = try run(#"{"name": "Kim", "$key": "k", "$meta": {"again": true}}"#)

    #expect(first.code == 0)
    #expect(second.code == 0)
    let name = try #require(first.output.firstMatch(of: /"case":"(c[0-9]+)"/)?.output.1)
    #expect(second.output.contains("\"case\":\"\(name)\""))
  }

  @Test func `a start place that is not there is told with its place`() throws {
    let result = try run(#"{"name": "Kim", "$start": "nope"}"#, #"{"name": "Lee"}"#)

    #expect(result.code == 65)
    #expect(result.notes.contains("error[F501]: there is no such start place"), "\(result.notes)")
    #expect(result.notes.contains("in.jsonl:1:27"), "\(result.notes)")
    #expect(result.output.hasPrefix(#"{"line":2,"#), "\(result.output)")
  }
}
