import Foundation
import Testing

/// The pages say only what is so: each command is run, each file is loaded, each excerpt stands in
/// the file that it names.
struct ReadmeTests {
  static let pages =
    ["README.md"]
    + [
      "ACTIONS", "AUDIT", "AWAIT-PAYMENT", "BLOCKS", "DATABUILD", "HTTP", "LOG", "MODELS",
      "MODERATION", "POOL", "RUNNING", "SCRAPE", "SWIFT", "TRIP", "WORKFLOWS",
    ].map { "docs/\($0).md" }

  @Test(arguments: pages)
  func `every command of a page prints what the page shows`(_ page: String) throws {
    let sandbox = try Sandbox()
    for block in try Self.document(page).blocks {
      if case .file(let path)? = block.note { try sandbox.write(block.text, to: path) }
      guard ["console", "sh"].contains(block.language) else { continue }
      for command in block.commands {
        let ending = try sandbox.run(command, until: Self.fits)
        let place = "\(page):\(command.line): \(command.text)\n\(ending.errors)"
        let codeShown = command.output.flatMap(Self.codeShown) ?? 0
        #expect(ending.code == codeShown, "\(place)\n\(ending.output)")
        #expect(Self.fits(command, ending), "\(place)\nprinted:\n\(ending.output)")
      }
    }
  }

  @Test(arguments: pages)
  func `every excerpt stands in the file that it is from`(_ page: String) throws {
    for block in try Self.document(page).blocks {
      guard case .from(let path)? = block.note else { continue }
      let file = try String(
        contentsOf: Sandbox.root.appendingPathComponent(path), encoding: .utf8)
      #expect(
        Self.lines(file).contains(Self.lines(block.text)),
        "\(page):\(block.line) is not in \(path)")
    }
  }

  @Test(arguments: pages)
  func `every block of a page is tested in one way or another`(_ page: String) throws {
    let loose = try Self.document(page).blocks.filter {
      $0.note == nil && !["console", "sh"].contains($0.language)
    }

    #expect(loose.map { "\(page):\($0.line) \($0.language)" } == [])
  }

  @Test(arguments: pages)
  func `every link of a page leads to a file`(_ page: String) throws {
    let place = Sandbox.root.appendingPathComponent(page).deletingLastPathComponent()
    let text = try String(
      contentsOf: Sandbox.root.appendingPathComponent(page), encoding: .utf8)
    let missing = text.matches(of: /\]\(([^)#:]+)(#[^)]*)?\)/).map { String($0.1) }.filter {
      !FileManager.default.fileExists(atPath: place.appendingPathComponent($0).path)
    }

    #expect(missing == [])
  }

  @Test func `every target of the sources stands in the architecture`() throws {
    let sources = Sandbox.root.appendingPathComponent("Sources")
    let targets = try FileManager.default.contentsOfDirectory(atPath: sources.path)
      .filter { !$0.hasPrefix(".") }.sorted()
    let text = try String(
      contentsOf: Sandbox.root.appendingPathComponent("docs/ARCHITECTURE.md"), encoding: .utf8)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }

    let missing = targets.filter { name in !rows.contains { $0.contains("`\(name)`") } }

    #expect(missing == [])
  }

  private static func fits(_ command: Document.Command, _ ending: Sandbox.Ending) -> Bool {
    guard let shown = command.output.map(withoutCode), !shown.isEmpty else { return true }
    return OutputPattern(shown).matches(ending.output)
  }

  /// Where a page shows `exit 78` as the last line of an output, that is the code; else it is 0.
  private static func codeShown(_ output: String) -> Int32? {
    guard let last = output.split(separator: "\n").last, last.hasPrefix("exit ") else { return nil }
    return Int32(last.dropFirst(5).trimmingCharacters(in: .whitespacesAndNewlines))
  }

  private static func withoutCode(_ output: String) -> String {
    guard codeShown(output) != nil else { return output }
    return output.split(separator: "\n").dropLast().map { "\($0)\n" }.joined()
  }

  private static func document(_ page: String) throws -> Document {
    Document(
      try String(contentsOf: Sandbox.root.appendingPathComponent(page), encoding: .utf8))
  }

  /// Without indentation and empty lines, so that an excerpt may be moved to the margin.
  private static func lines(_ text: String) -> String {
    "\n"
      + text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }.joined(separator: "\n") + "\n"
  }
}
