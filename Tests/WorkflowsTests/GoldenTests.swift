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

    let loaded = ConfigurationReader.read([ConfigurationFile(path: name, bytes: bytes)])

    try compare(loaded.findings, texts, "\(folder)/\(name)")
  }

  static func files(_ folder: String, _ ending: String) -> [String] {
    TestFiles.names(in: "\(TestFiles.golden)/\(folder)").filter { $0.hasSuffix(ending) }
  }

  private func compare(_ findings: [Finding], _ texts: SourceTexts, _ path: String) throws {
    let text = DiagnosticText(texts: texts).text(of: findings)
    let recorded = URL(filePath: path).deletingPathExtension().path + ".txt"
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      try text.write(toFile: recorded, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOfFile: recorded, encoding: .utf8)

    #expect(!findings.isEmpty)
    #expect(text == expected)
  }
}
