import Foundation
import Testing

/// What the log gives to other programs, held against the log itself.
struct ExportTests {
  private static let script = Sandbox.root.appendingPathComponent("Tests/ReadmeTests/exports.py")

  @Test func `exports have the cases, events, order and times of the log`() throws {
    let sandbox = try Sandbox()
    let isSoak = ProcessInfo.processInfo.environment["PETREL_SOAK"] != nil
    // Where pm4py is installed it reads both files in the longer run.
    let reads = isSoak ? try sandbox.run("python3 -c 'import pm4py'").code == 0 : false
    for command in [
      "cd Examples/first", "petrel stand-in model stand-in.yaml --port 41801 &",
      "petrel run triage --input messages.jsonl",
      "petrel audit export --format xes -O cases.xes",
      "petrel audit export --format ocel -O cases.json",
      "petrel audit export --format jsonl -O rows.jsonl",
    ] {
      let ending = try sandbox.run(command)
      #expect(ending.code == 0, "\(command)\n\(ending.errors)")
    }

    let found = try sandbox.run(
      "python3 -B \(Self.script.path) petrel.db cases.xes cases.json \(reads ? "pm4py" : "")")
    #expect(found.output == "3 cases, as in the log\n", "\(found.errors)")
    let counted = try sandbox.run(
      "python3 -c \"import json; print(len([json.loads(l) for l in open('rows.jsonl')]))\"")
    let rows = try sandbox.run("sqlite3 petrel.db \"SELECT count(*) FROM log\"")
    #expect(counted.output == rows.output)
  }
}
