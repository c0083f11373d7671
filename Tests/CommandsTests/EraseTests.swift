import Foundation
import Testing

/// `petrel audit erase` from the plan to the empty places, in a project whose model cannot be reached:
/// every case waits for a person.
@Suite struct EraseTests {
  private let folder: WorkingFolder
  private static let person = "Canary-Kim-김철수-0123456789"

  init() throws {
    folder = try WorkingFolder()
    let lines = [Self.person, "Somebody else", Self.person].enumerated().map {
      #"{"order": "o\#($0)", "customer": "\#($1)", "message": "\#($1) wants it back"}"# + "\n"
    }
    try Data(lines.joined().utf8).write(to: folder.url.appending(path: "in.jsonl"))
    _ = try petrel("run", "refund-triage", "--input", "in.jsonl", "--until", "3s")
    try FileManager.default.removeItem(at: folder.url.appending(path: "in.jsonl"))
  }

  private func petrel(_ words: String...) throws -> PetrelProcess.Result {
    try PetrelProcess.run(words, in: folder.url)
  }

  private func erase(_ words: String...) throws -> PetrelProcess.Result {
    try PetrelProcess.run(["audit", "erase", "--subject", Self.person] + words, in: folder.url)
  }

  private func cases() throws -> [String] {
    try petrel("case", "list", "-o", "jsonl").output.split(separator: "\n")
      .compactMap { $0.firstMatch(of: /"status":"([a-z]+)"/).map { String($0.output.1) } }
  }

  /// Files that hold the person's name.
  private func holders() throws -> [String] {
    let name = Data(Self.person.utf8)
    return try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
      .filter { $0.hasPrefix("petrel.") }
      .filter {
        FileManager.default.contents(atPath: folder.url.appending(path: $0).path)?
          .range(of: name) != nil
      }
  }

  @Test func `a plan erases nothing`() throws {
    let result = try erase()

    #expect(result.code == 0)
    #expect(result.output.split(separator: "\n").count == 3, "\(result.output)")
    #expect(result.notes == "nothing was erased; --yes does it\n")
    #expect(try cases() == ["open", "open", "open"])
  }

  @Test func `open cases are ended only where that was asked for`() throws {
    let result = try erase("--yes")

    #expect(result.code == 1)
    #expect(
      result.notes.hasPrefix("error[T110]: Some cases about that person are open: c"),
      "\(result.notes)")
    #expect(try cases() == ["open", "open", "open"])
  }

  @Test func `afterwards the cases have ended, their values are gone, and the log holds`() throws {
    let result = try erase("--yes", "--cancel-open")

    #expect(result.code == 0)
    #expect(result.output.contains("erased: 2 keys, by #"), "\(result.output)")
    #expect(try cases().sorted() == ["erased", "erased", "open"])
    #expect(try holders() == [])
    let verified = try petrel("audit", "verify")
    #expect(verified.code == 0)
    #expect(verified.output.contains("VERIFIED"), "\(verified.output)")
    let again = try erase("--yes", "--cancel-open")
    #expect(again.code == 0)
    #expect(again.notes == "no case is about that person\n")
  }
}
