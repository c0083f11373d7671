import Foundation
import Orchestration
import PetriNet
import Record
import SQLiteStore
import Testing

/// Proofs that are checked without the log, by a program that has none of this package.
struct AuditProofTests {
  /// What `tools/verify.py proof` says of a text, and its exit code.
  private func checked(_ text: String, in folder: String) throws -> (text: String, code: Int32) {
    let file = folder + "/proof.json"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-B", Verifiers.script, "proof", file]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let said = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (said, process.terminationStatus)
  }

  @Test func `one row is proved with what it sealed, and nothing else passes for it`() throws {
    let log = try AuditLog(seed: 21, rows: 100)
    let folder = log.fixture.folder
    let keys = LogReader.Keys(file: folder + "/petrel.keys", kek: try log.fixture.kek)
    let rows = try LogReader(path: log.fixture.database).rows(
      RowQuery(kinds: ["caseOpened"]), limit: 500
    ).map(\.seq.number)
    let last = try #require(rows.last)

    for row in [1, 2, rows[0], last] {
      let proof = try LogProof.row(row, in: log.fixture.database, keys: keys).indentedText
      let good = try checked(proof, in: folder)
      #expect(good.text.hasPrefix("HOLDS: row \(row) is in the log"))
      #expect(good.code == 0)
    }

    let proof = try LogProof.row(last, in: log.fixture.database, keys: keys)
    let text = proof.indentedText
    let plaintext = Base64.text(Array(#"{"customer":"Kim"}"#.utf8))
    #expect(text.contains(plaintext))
    let changes = [
      ("k\(last)", "k0"), (plaintext, Base64.text(Array(#"{"customer":"Lee"}"#.utf8))),
      ("\"at\": ", "\"at\": 1"), ("\\n100\\n", "\\n101\\n"),
    ]
    for (what, other) in changes where text.contains(what) {
      let changed = text.replacingOccurrences(of: what, with: other)
      let found = try checked(changed, in: folder)
      #expect(found.text.hasPrefix("BROKEN: "), "\(what)")
      #expect(found.code == 1)
    }
  }

  @Test func `a proof without keys discloses nothing`() throws {
    let log = try AuditLog(seed: 22, rows: 60)
    let row = try #require(
      try LogReader(path: log.fixture.database).rows(
        RowQuery(kinds: ["caseOpened"]), limit: 1
      ).first)

    let proof = try LogProof.row(row.seq.number, in: log.fixture.database)

    #expect(proof["disclosed"] == .list([]))
    #expect(try checked(proof.indentedText, in: log.fixture.folder).code == 0)
  }

  @Test func `an older checkpoint is proved to be the beginning of the newest`() throws {
    let log = try AuditLog(seed: 23, rows: 130)
    let anchors = try AnchorFile(path: log.fixture.folder + "/petrel.anchors").anchors(
      of: "petrel.example/3f9c2e7a1b5d4c60/0")
    #expect(anchors.count > 2)

    for anchor in anchors {
      let proof = try LogProof.growth(since: anchor, in: log.fixture.database)
      let found = try checked(proof.indentedText, in: log.fixture.folder)
      #expect(found.text.hasPrefix("HOLDS: "), "\(anchor.checkpoint.size) \(found.text)")
    }

    let other = try AuditLog(seed: 24, rows: 130)
    let foreign = try AnchorFile(path: other.fixture.folder + "/petrel.anchors").anchors(
      of: "petrel.example/3f9c2e7a1b5d4c60/0")
    let note = try #require(
      foreign.first { $0.checkpoint.size <= anchors.last?.checkpoint.size ?? 0 })
    let forged = try LogProof.growth(since: note, in: log.fixture.database)
    #expect(try checked(forged.indentedText, in: log.fixture.folder).code == 1)
  }

  @Test func `a row behind the newest checkpoint is not proved`() throws {
    let log = try AuditLog(seed: 25, rows: 60)

    #expect(throws: StoreError.self) { try LogProof.row(9_999, in: log.fixture.database) }
  }

  @Test func `a copy is verified and holds no keys`() throws {
    let log = try AuditLog(seed: 26, rows: 90)
    let target = log.fixture.folder + "/backup.db"

    let report = try LogCopy.make(of: log.fixture.database, to: target, LogAudit.Options())

    #expect(report.findings == [])
    #expect(report.head == log.seq)
    #expect(try LogReader(path: target).head().seq.number == log.seq)
    #expect(throws: StoreError.self) {
      try LogCopy.make(of: log.fixture.database, to: target, LogAudit.Options())
    }
  }
}
