import Foundation
import PetriNet
import Testing
import Workflows

/// Broken files and the diagnostics they must give, side by side in `Golden/`.
///
/// With `RECORD_SNAPSHOTS` in the environment the texts are written anew instead of compared.
@Suite struct GoldenTests {
  @Test(arguments: GoldenTests.files("workflows", ".yaml"))
  func `a broken workflow is told as recorded`(name: String) throws {
    let folder = "\(TestFiles.golden)/workflows"

    let workspace = Workspace.load(
      Configuration(), workflowPaths: [name], promptPaths: ["prompts/intent.md"],
      files: TestFiles.disk(under: folder))

    try compare(workspace.findings, workspace.texts, "\(folder)/\(name)")
  }

  @Test(arguments: GoldenTests.files("prompts", ".md"))
  func `a broken prompt is told as recorded`(name: String) throws {
    let folder = "\(TestFiles.golden)/prompts"
    let bytes = try TestFiles.disk(under: folder).read(name)
    var texts = SourceTexts()
    texts.add(bytes, as: name)

    let read = PromptReader.read(bytes, path: name)

    #expect(read.prompt == nil)
    try compare(read.findings, texts, "\(folder)/\(name)")
  }

  @Test(arguments: GoldenTests.files("configuration", ".yaml"))
  func `a broken configuration is told as recorded`(name: String) throws {
    let folder = "\(TestFiles.golden)/configuration"
    let bytes = try TestFiles.disk(under: folder).read(name)
    var texts = SourceTexts()
    texts.add(bytes, as: name)

    let loaded = ConfigurationReader.read(
      [ConfigurationFile(path: name, bytes: bytes)],
      context: name.hasPrefix("dialect") ? Self.dialects : ConfigurationContext())

    try compare(loaded.findings, texts, "\(folder)/\(name)")
  }

  /// One dialect of each kind.
  private static let dialects = ConfigurationContext(dialects: [
    ConfigurationContext.chat,
    .init(
      name: "anthropic", versions: ["2023-06-01", "2026-10-21"],
      settledKeys: { $0 == "2026-10-21" ? ["model", "temperature"] : ["model"] },
      givesProbabilities: false),
    .init(name: "ollama", settledKeys: { _ in ["model", "options.num_predict"] }),
    .init(name: "compatible", settledKeys: { _ in ["model"] }, takesDeviations: true),
  ])

  static func files(_ folder: String, _ ending: String) -> [String] {
    TestFiles.names(in: "\(TestFiles.golden)/\(folder)").filter { $0.hasSuffix(ending) }
  }

  /// In both languages; Korean must know every sentence.
  private func compare(_ findings: [Finding], _ texts: SourceTexts, _ path: String) throws {
    let base = URL(filePath: path).deletingPathExtension().path
    for (language, ending) in [(Language.english, ".txt"), (.korean, ".ko.txt")] {
      let text = DiagnosticText(texts: texts, language: language).text(of: findings)
      if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
        try text.write(toFile: base + ending, atomically: true, encoding: .utf8)
      }
      let expected = try String(contentsOfFile: base + ending, encoding: .utf8)

      #expect(text == expected)
    }
    let sentences = findings.flatMap { [$0.message, $0.help] + $0.related.map(\.label) }
    let unknown = sentences.filter { MessageCatalogue.korean.translation(of: $0) == nil }

    #expect(!findings.isEmpty)
    #expect(unknown.filter { $0.contains(" ") && !$0.hasPrefix("petrel ") } == [])
  }

  @Test func `there are at least a hundred broken files`() {
    let count =
      Self.files("workflows", ".yaml").count + Self.files("prompts", ".md").count
      + Self.files("configuration", ".yaml").count

    #expect(count >= 100)
  }
}
