import Foundation
import Testing

/// Commands and what they answered.
///
/// A block is a line `$ petrel …`, what comes on stdout, what comes on stderr behind `2> `, and the
/// exit code. Lines that begin with `# ` before the first block are kept. `# until N tasks` waits
/// until so many are offered; `# restart over FOLDER` starts the service again with a folder of `Files`
/// laid over its own. Times, hashes, ports and processes are masked.
enum Transcript {
  static func overlay(of recorded: String) -> String? {
    recorded.split(separator: "\n").first { $0.hasPrefix("# over ") }.map {
      String($0.dropFirst(7))
    }
  }

  /// Runs the commands of a transcript again.
  ///
  /// - Parameter environment: Further variables of every command; `$ko` before `petrel` in a line
  ///   asks for Korean.
  static func text(
    of recorded: String, in folder: WorkingFolder, restart: (String) throws -> Void = { _ in }
  ) throws -> String {
    let lines = recorded.split(separator: "\n", omittingEmptySubsequences: false)
    var text = lines.prefix { $0.hasPrefix("# ") }.map { "\($0)\n" }.joined()
    var isFirst = true
    for line in lines {
      if line.hasPrefix("# restart over ") {
        if !isFirst { text += "\(line)\n\n" }
        try restart(String(line.dropFirst("# restart over ".count)))
      }
      if line.hasPrefix("# until "), !isFirst || !line.hasPrefix("# until 0") {
        if !isFirst { text += "\(line)\n\n" }
        try wait(for: Int(line.split(separator: " ")[2]) ?? 0, in: folder)
      }
      guard line.hasPrefix("$ ") else { continue }
      isFirst = false
      var words = words(of: line.dropFirst(2))
      let environment = words.first == "ko" ? ["PETREL_LANG": "ko"] : [:]
      words.removeFirst(words.first == "ko" ? 2 : 1)
      let result = try PetrelProcess.run(words, in: folder.url, environment: environment)
      text += "\(line)\n" + masked(result.output, folder)
      if !result.output.isEmpty, !result.output.hasSuffix("\n") { text += "\n" }
      text += masked(result.notes, folder).split(separator: "\n").map { "2> \($0)\n" }.joined()
      text += "exit \(result.code)\n\n"
    }
    return text
  }

  /// The first line that is not as recorded, and the block it stands in; nil if all are equal.
  static func difference(of text: String, from recorded: String) -> String? {
    let told = text.split(separator: "\n", omittingEmptySubsequences: false)
    let expected = recorded.split(separator: "\n", omittingEmptySubsequences: false)
    let common = zip(told, expected).prefix { $0 == $1 }.count
    guard common < max(told.count, expected.count) else { return nil }
    let command = expected.prefix(common + 1).last { $0.hasPrefix("$ ") } ?? ""
    func line(_ lines: [Substring]) -> String {
      lines.indices.contains(common) ? "'\(lines[common])'" : "the end"
    }
    return "line \(common + 1), \(command): found \(line(told)), expected \(line(expected))"
  }

  private static func wait(for tasks: Int, in folder: WorkingFolder) throws {
    let deadline = ContinuousClock().now.advanced(by: .seconds(30))
    while ContinuousClock().now < deadline {
      let result = try PetrelProcess.run(["task", "list", "-o", "jsonl"], in: folder.url)
      if result.output.split(separator: "\n").count == tasks { return }
    }
    Issue.record("\(tasks) tasks were not offered in 30 s")
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

  /// What differs from run to run where a service takes part; columns are drawn together, because
  /// their width follows what is masked.
  static func maskedService(_ text: String) -> String {
    text
      .replacing(/127\.0\.0\.1:[0-9]{2,}/, with: "127.0.0.1:#")
      .replacing(/pid [0-9]+/, with: "pid #")
      .replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/, with: "TIME")
      .replacing(/"after_us": ?[0-9]+/, with: "\"after_us\": #")
      .replacing(/0-([0-9]+)-[0-9a-f]{16}/) { "0-\($0.output.1)-INCARNATION" }
      .replacing(/[0-9]{13,}/, with: "#")
      .replacing(/[0-9][0-9,]* ms/, with: "# ms")
      .replacing(/"[A-Za-z0-9+\/=_-]{24,}"/, with: "\"#\"")
      .replacing(/(\S)  +/) { "\($0.output.1)  " }
  }
}
