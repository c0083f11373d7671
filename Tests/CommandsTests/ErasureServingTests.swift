import Foundation
import Testing

/// A person is erased while the service runs, with a case at rest, one that has ended and a question to
/// a model under way.
@Suite struct ErasureServingTests {
  private static let person = "Canary-Kim-0123456789-김철수"
  /// What is not personal: found, so the search finds.
  private static let order = "Canary-Order-0123456789"

  private let house: RunningHouse

  init() throws { house = try RunningHouse() }

  private func petrel(_ words: String...) throws -> PetrelProcess.Result {
    try PetrelProcess.run(words, in: house.folder.url)
  }

  private func start(_ message: String, key: String) throws -> String {
    let input =
      #"{"order":"\#(Self.order)-\#(key)","customer":"\#(Self.person)","message":"\#(message)"}"#
    let result = try petrel("case", "start", "refund-triage", input, "--key", key)
    return try #require(result.output.firstMatch(of: /case +(c[0-9]+)/)).output.1.description
  }

  /// As UTF-8, UTF-16 either way, with JSON escapes, and in base64 at each offset.
  private static func spellings(_ text: String) -> [String: Data] {
    var found = ["UTF-8": Data(text.utf8)]
    found["UTF-16LE"] = text.data(using: .utf16LittleEndian)
    found["UTF-16BE"] = text.data(using: .utf16BigEndian)
    found["JSON escapes"] = Data(
      text.utf16.map { $0 < 128 ? String(UnicodeScalar(UInt8($0))) : String(format: "\\u%04x", $0) }
        .joined().utf8)
    for offset in 0..<3 {
      let whole = (Data(repeating: 120, count: offset) + Data(text.utf8)).base64EncodedString()
      // Digits that hold bytes beside the text are not part of what is looked for.
      found["base64 at \(offset)"] = Data(whole.dropFirst(offset == 0 ? 0 : 4).dropLast(4).utf8)
    }
    return found
  }

  /// Where the text is, in files of the folder and in those that the service holds open.
  private func holders(of text: String, pid: String?) throws -> Set<String> {
    let manager = FileManager.default
    var files = try manager.contentsOfDirectory(atPath: house.folder.url.path)
      .filter { $0.hasPrefix("petrel.") || $0.hasSuffix(".db") }
      .map { house.folder.url.appending(path: $0).path }
    if let pid {
      let open = "/proc/\(pid)/fd"
      files += try manager.contentsOfDirectory(atPath: open).map { "\(open)/\($0)" }.filter {
        (try? manager.destinationOfSymbolicLink(atPath: $0))?.hasPrefix("/") ?? false
      }
    }
    var found: Set<String> = []
    for file in files {
      var isFolder: ObjCBool = false
      guard manager.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue,
        let data = manager.contents(atPath: file)
      else { continue }
      for (name, bytes) in Self.spellings(text) where data.range(of: bytes) != nil {
        found.insert("\((file as NSString).lastPathComponent): \(name)")
      }
    }
    return found
  }

  @Test func `nothing of the person is left in any file, and the service goes on`() throws {
    let ended = try start("hello from \(Self.person)", key: "k1")
    _ = try petrel("case", "watch", ended, "--for", "20s", "-q")
    let firing = try #require(
      try petrel("verdict", "list", "-o", "jsonl").output.firstMatch(of: /"firing":"(f[0-9]+)"/)
    ).output.1.description
    let asked = try start("hang, I am \(Self.person)", key: "k2")
    let before = try petrel("audit", "checkpoint")
    try Data(before.output.utf8).write(to: house.folder.url.appending(path: "note.txt"))

    let refused = try petrel("audit", "erase", "--subject", Self.person, "--yes")
    let done = try petrel("audit", "erase", "--subject", Self.person, "--yes", "--cancel-open")

    #expect(refused.code == 1)
    #expect(refused.notes.contains("error[T110]: Some cases about that person are open: \(asked)"))
    #expect(done.code == 0, "\(done.notes)")
    #expect(done.output.contains("erased: 2 keys, by #"), "\(done.output)")
    let pid = try #require(done.notes.firstMatch(of: /pid ([0-9]+)/)).output.1.description
    #expect(try holders(of: Self.person, pid: pid) == [])
    #expect(try petrel("db", "backup", "copy.db").code == 0)
    #expect(try holders(of: Self.person, pid: pid) == [])
    #expect(try holders(of: Self.order, pid: nil).contains("copy.db: UTF-8"))
    let shown = try petrel("verdict", "show", firing, "--contents", "-o", "json")
    #expect(shown.output.contains("‹erased›"), "\(shown.output)")
    #expect(!shown.output.contains(Self.person))
    // What comes after is served by a memory that was folded anew.
    let next = try start("hello again", key: "k3")
    #expect(try petrel("case", "watch", next, "--for", "20s", "-q").code == 0)
    let verified = try petrel("audit", "verify", "--since", "note.txt", "--payloads", "--replay")
    #expect(verified.code == 0, "\(verified.output)\(verified.notes)")
    #expect(try petrel("keys", "check").code == 0)
    #expect(
      try petrel("db", "check").output
        == "ok      pages\nok      settings\nok      schema\nok      strays\n")
    house.stop()
    let again = try petrel("audit", "erase", "--subject", Self.person, "--yes")
    #expect(again.output.contains("erased: 1 key, by #"), "\(again.output)\(again.notes)")
    #expect(try holders(of: Self.person, pid: nil) == [])
  }
}
