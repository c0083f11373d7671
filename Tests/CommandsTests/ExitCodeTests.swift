import Foundation
import Testing

@Suite struct ExitCodeTests {
  private static let calls: [([String], Int32)] = [
    (["--version"], 0), (["check"], 0), (["check", "nowhere.yaml"], 66), (["nothing"], 64),
    (["check", "--deny", "everything"], 64), (["draw", "nowhere"], 66),
    (["draw", "refund-triage", "--format", "png"], 64),
    (["draw", "refund-triage", "-O", "nowhere/net.dot"], 74), (["test", "-q"], 0),
    (["test", "nowhere.yaml"], 66), (["cel", "1 + 1"], 0), (["cel", "1 +"], 65),
    (["cel", "1 / 0"], 1), (["cel", "x", "--var", "x"], 64), (["cel", "x", "--var", "x={"], 65),
    (["explain", "P103"], 0), (["explain", "P000"], 64), (["config", "show"], 0),
    (["stand-in", "model", "nowhere.yaml"], 66), (["init", "."], 1), (["init", ""], 64),
    (["check", "-o", "json"], 0), (["check", "-o", "xml"], 64),
    (["run", "refund-triage", "--input", "nowhere.jsonl"], 66),
    (["run", "refund-triage", "--input", "/dev/null", "-o", "xml"], 64),
    (["completions", "bash"], 0), (["completions", "tcsh"], 64),
    (["prompt", "show", "refund-triage", "pay", "--with", "petrel.yaml"], 64),
    (["prompt", "show", "refund-triage", "understand_intent", "--with", "petrel.yaml"], 65),
  ]

  @Test(arguments: calls)
  func `commands end with the code that says why`(_ arguments: [String], _ code: Int32) throws {
    let folder = try WorkingFolder()

    let result = try PetrelProcess.run(arguments, in: folder.url)

    #expect(result.code == code, "\(result.notes)")
  }

  private static let environments: [([String: String], Int32, String)] = [
    (["PETREL_CONFIG": "nowhere.yaml"], 78, "named by PETREL_CONFIG"),
    (["PETREL_OUTPUT": "xml"], 64, "expected table, json or jsonl"),
    (["PETREL_OUTPUT": "json"], 0, ""), (["PETREL_OUTPUT": ""], 0, ""),
  ]

  @Test(arguments: environments)
  func `a variable that means nothing is told`(
    _ environment: [String: String], _ code: Int32, _ words: String
  ) throws {
    let folder = try WorkingFolder()

    let result = try PetrelProcess.run(
      ["config", "show"], in: folder.url, environment: environment)

    #expect(result.code == code)
    #expect(words.isEmpty || result.notes.contains(words), "\(result.notes)")
  }

  @Test func `a folder without workflows is not called good`() throws {
    let folder = try WorkingFolder()
    let empty = folder.url.appending(path: "empty")
    try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
    try Data("petrel: 1\n".utf8).write(to: empty.appending(path: "petrel.yaml"))

    #expect(try PetrelProcess.run(["check"], in: empty).code == 66)
  }

  private static let overlays: [(String, [String], Int32)] = [
    ("broken-workflow", ["check"], 65), ("broken-workflow", ["test"], 65),
    ("broken-configuration", ["check"], 78), ("broken-configuration", ["doctor"], 78),
    ("unreachable", ["doctor", "silent"], 69), ("unreachable", ["doctor", "nobody"], 64),
    ("failing-tests", ["test"], 1),
    ("broken-tests", ["test"], 65), ("warning", ["check"], 0),
    ("warning", ["check", "--deny", "warnings"], 1),
    ("accepted", ["check", "--deny", "warnings"], 0),
  ]

  @Test(arguments: overlays)
  func `what is wrong with files decides the code`(
    _ overlay: String, _ arguments: [String], _ code: Int32
  ) throws {
    let folder = try WorkingFolder(overlay: overlay)

    let result = try PetrelProcess.run(arguments, in: folder.url)

    #expect(result.code == code, "\(result.notes)")
  }
}
