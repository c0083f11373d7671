import Foundation
import Record
import Testing

struct SignedNoteTests {
  private let origin = "petrel.example/3f9c2e7a1b5d4c60/0"
  private var key: CheckpointKey {
    get throws { try #require(CheckpointKey(name: origin, seed: (0..<32).map { UInt8($0) })) }
  }

  private func note(_ size: Int64, by keys: [CheckpointKey]) -> SignedNote {
    SignedNote(
      Checkpoint(origin: origin, size: size, root: Hash256(hashing: [UInt8(size)])),
      signedBy: keys)
  }

  @Test func `notes and lines are found in any text`() throws {
    let key = try key
    let other = try #require(
      CheckpointKey(name: origin, seed: [UInt8](repeating: 9, count: 32)))
    let first = note(3, by: [key])
    let second = note(40, by: [key, other])
    let text = """
      Dear auditor,
      \(first.text)
      2026-11-21T14:02:11Z info petrel \(second.line)
      checkpoint \(origin) 7 short
      \(first.line)
      """

    #expect(SignedNote.all(in: text) == [first, second, first])
  }

  @Test func `a signature is of one key and one text`() throws {
    let key = try key
    let verifier = try #require(VerifierKey(key.verifier))
    let note = note(3, by: [key])
    var moved = note
    moved.checkpoint.size = 4
    let other = try #require(
      CheckpointKey(name: origin, seed: [UInt8](repeating: 9, count: 32)))
    let named = try #require(CheckpointKey(name: "other", seed: (0..<32).map { UInt8($0) }))

    #expect(verifier.hasSigned(note))
    #expect(!verifier.hasSigned(moved))
    #expect(!verifier.hasSigned(self.note(3, by: [other])))
    #expect(!verifier.hasSigned(self.note(3, by: [named])))
    #expect(VerifierKey(key.verifier.replacingOccurrences(of: "126a1e0c", with: "126a1e0d")) == nil)
  }

  @Test func `anchors are read to the last that was written whole`() throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("petrel-anchors-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let key = try key
    let file = AnchorFile(path: path)
    #expect(try file.last(of: origin) == nil)

    try file.append(note(3, by: [key]))
    try file.append(note(9, by: [key]))
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("checkpoint \(origin) 12 AAAA".utf8))
    try handle.close()

    #expect(try file.last(of: origin) == note(9, by: [key]))
    #expect(try file.last(of: "another/log/0") == nil)
    try file.append(note(20, by: [key]))
    #expect(try file.anchors(of: origin) == [3, 9, 20].map { note($0, by: [key]) })
  }

  @Test func `the signing key is made once, for its owner alone`() throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("petrel-signer-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }

    let (made, isNew) = try SigningSeed.file(path)
    let (read, isNewAgain) = try SigningSeed.file(path)

    #expect(isNew)
    #expect(!isNewAgain)
    #expect(made.bytes == read.bytes)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect((mode as? NSNumber)?.intValue == 0o600)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    #expect(throws: (any Error).self) { try SigningSeed.file(path) }
  }
}
