import Foundation
import Testing

/// What a user sees, command by command: `Golden/NAME.txt`.
///
/// A block is a line `$ petrel …`, what comes on stdout, what comes on stderr behind `2> `, and the
/// exit code. `# over FOLDER` lays a folder of `Files` over the repository's. Times and hashes are
/// masked. With `RECORD_SNAPSHOTS` in the environment the texts are written anew.
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

    let text = try Self.transcript(of: recorded)

    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    } else {
      #expect(text == recorded)
    }
  }

  @Test func `there are transcripts`() {
    #expect(Self.names.count >= 6)
  }

  /// Runs the commands of a transcript again.
  private static func transcript(of recorded: String) throws -> String {
    let lines = recorded.split(separator: "\n", omittingEmptySubsequences: false)
    let overlay = lines.first { $0.hasPrefix("# over ") }.map { String($0.dropFirst(7)) }
    let folder = try WorkingFolder(overlay: overlay)
    var text = lines.prefix { $0.hasPrefix("#") }.map { "\($0)\n" }.joined()
    for line in lines where line.hasPrefix("$ petrel") {
      let result = try PetrelProcess.run(words(of: line.dropFirst(8)), in: folder.url)
      text += "\(line)\n" + masked(result.output, folder)
      if !result.output.isEmpty, !result.output.hasSuffix("\n") { text += "\n" }
      text += masked(result.notes, folder).split(separator: "\n").map { "2> \($0)\n" }.joined()
      text += "exit \(result.code)\n\n"
    }
    return text
  }

  /// Words between spaces; single quotes hold one together.
  private static func words(of line: Substring) -> [String] {
    var words: [String] = []
    var word: String?
    var isQuoted = false
    for character in line {
      if character == "'" {
        isQuoted.toggle()
        word = word ?? ""
      } else if character == " ", !isQuoted {
        if let word { words.append(word) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    return words + [word].compactMap(\.self)
  }

  private static func masked(_ text: String, _ folder: WorkingFolder) -> String {
    text.replacing(/in [0-9]+\.[0-9]+ s/, with: "in # s")
      .replacing(/real [0-9]+ ms/, with: "real # ms")
      .replacing(/"wallMilliseconds": [0-9]+/, with: "\"wallMilliseconds\": #")
      .replacing(/[0-9a-f]{64}/, with: "#")
      .replacing(/[0-9a-f]{32}/, with: "#")
      .replacing(folder.url.path, with: "FOLDER")
  }
}
