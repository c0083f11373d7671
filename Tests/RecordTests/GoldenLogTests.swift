import Engine
import Foundation
import Record
import Testing

/// Logs that earlier versions wrote, with the state into which they folded them: every later version
/// folds them into the same.
struct GoldenLogTests {
  private struct Row: Decodable {
    var seq: Int64
    var epoch: Int64
    var at: Int64
    var `case`: Int64?
    var kind: String
    var version: Int
    var body: String
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden")

  private static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  @Test(arguments: ["demo", "run-1", "run-2", "run-3"])
  func `a log of an earlier version folds to the same state`(name: String) throws {
    var machine = Machine()
    for line in try Self.text("\(name).jsonl").split(separator: "\n") {
      let row = try JSONDecoder().decode(Row.self, from: Data(line.utf8))
      let caseID = row.case.map { CaseID(Seq($0)) }
      let at = Instant(microseconds: row.at)
      let event = try EventDecoding.event(
        kind: row.kind, version: row.version, body: [UInt8](row.body.utf8), at: at, caseID: caseID)
      machine.fold(
        LoggedEvent(seq: Seq(row.seq), epoch: row.epoch, at: at, caseID: caseID, event: event))
    }

    let expected = try Self.text("\(name).state").split(separator: "\n")

    #expect(machine.state.text.split(separator: "\n") == expected)
  }
}
