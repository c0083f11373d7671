import Foundation
import Testing

@Suite struct MissingFileTests {
  private let around: WorkingFolder
  /// The empty project with one line of input.
  private let folder: URL

  init() throws {
    let around = try WorkingFolder()
    _ = try PetrelProcess.run(["init", "new", "--example", "empty"], in: around.url)
    folder = around.url.appending(path: "new")
    try Data("{\"name\": \"Kim\"}\n".utf8).write(to: folder.appending(path: "names.jsonl"))
    self.around = around
  }

  @Test func `what petrel.yaml names and is not there is told at its place`() throws {
    let text = """
      petrel: 1
      workflows:
        - workflows/*.yaml
        - nets/*.yaml
      prompts: texts
      tests: [tests/*.yaml]

      """
    try Data(text.utf8).write(to: folder.appending(path: "petrel.yaml"))

    let result = try PetrelProcess.run(["check"], in: folder)

    #expect(result.code == 0)
    for line in [
      "warning[F131]: no file is called 'nets/*.yaml'", "petrel.yaml:4:5",
      "warning[F131]: there is no folder 'texts'", "petrel.yaml:5:10",
      "0 errors, 2 warnings, 0 notes",
    ] {
      #expect(result.output.contains(line), "\(result.output)")
    }
  }

  @Test func `a log whose key is missing gets no new one`() throws {
    #expect(try Self.run(in: folder).code == 0)
    try FileManager.default.removeItem(at: folder.appending(path: "petrel.kek"))

    let result = try Self.run(in: folder)

    #expect(result.code == 78)
    #expect(
      result.notes.hasPrefix(
        "error[S116]: the key-encryption key petrel.kek is missing, and the log petrel.db has keys"),
      "\(result.notes)")
    #expect(result.notes.contains("   = help: put it back"))
    #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "petrel.kek").path))
  }

  @Test func `a log that is not there gets no key`() throws {
    let result = try PetrelProcess.run(
      ["case", "cancel", "c7", "--reason", "x", "--database", "nowhere.db"], in: folder)

    #expect(result.code == 66)
    #expect(result.notes.hasPrefix("error[S109]: there is no log at nowhere.db"), "\(result.notes)")
    #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "petrel.kek").path))
  }

  @Test func `a log whose keys file is missing says what helps`() throws {
    #expect(try Self.run(in: folder).code == 0)
    try FileManager.default.removeItem(at: folder.appending(path: "petrel.keys"))

    let result = try Self.run(in: folder)

    #expect(result.code == 78)
    #expect(result.notes.hasPrefix("error[S115]: the keys file petrel.keys is missing"))
    #expect(result.notes.contains("   = help: put back the keys file"), "\(result.notes)")
  }

  private static func run(in folder: URL) throws -> PetrelProcess.Result {
    try PetrelProcess.run(
      ["run", "hello", "--input", "names.jsonl", "--database", "petrel.db"], in: folder)
  }
}
