import Foundation
import Testing

/// What a user sees, command by command: `Golden/NAME.txt`.
///
/// `# over FOLDER` lays a folder of `Files` over the repository's. With `RECORD_SNAPSHOTS` in the
/// environment the texts are written anew.
@Suite struct TranscriptTests {
  private static let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden")

  static let names =
    (try? FileManager.default.contentsOfDirectory(atPath: golden.path))?
    .filter { $0.hasSuffix(".txt") }.sorted() ?? []

  @Test(arguments: TranscriptTests.names)
  func `commands answer as recorded`(_ name: String) throws {
    let file = Self.golden.appending(path: name)
    let recorded = try String(contentsOf: file, encoding: .utf8)

    let overlay = Transcript.overlay(of: recorded)
    let text = try Transcript.text(of: recorded, in: try WorkingFolder(overlay: overlay))

    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    } else {
      #expect(Transcript.difference(of: text, from: recorded) == nil)
    }
  }

  @Test func `there are transcripts`() {
    #expect(Self.names.count >= 6)
  }
}
