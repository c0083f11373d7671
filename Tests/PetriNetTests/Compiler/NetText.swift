import CEL
import Foundation
import PetriNet
import Workflows

/// Nets for tests, written as their authors write them.
enum NetText {
  /// The file that texts of tests stand in.
  static let file = "net.yaml"

  /// The net of a text, or all that is wrong with it. `files` are what it imports.
  static func compile(
    _ text: String, files: [String: String] = [:], parameters: [String: String] = [:],
    context: CompilationContext = CompilationContext()
  ) throws -> NetCompiler.Compiled {
    let loader = NetLoader(files: FileSource(files.merging([file: text]) { $1 }))
    let source = loader.source(at: file)
    guard let source, loader.findings.isEmpty else { throw Findings(loader.findings) }
    return try NetCompiler.compile(
      source, prompts: prompts,
      parameters: parameters.mapValues { .text(SourceText($0)) }, context: context)
  }

  /// What is wrong with a text, and warnings and notes.
  static func findings(
    _ text: String, files: [String: String] = [:], parameters: [String: String] = [:],
    context: CompilationContext = CompilationContext()
  ) -> [Finding] {
    told { try compile(text, files: files, parameters: parameters, context: context) }
  }

  /// All that a compilation tells.
  static func told(_ compile: () throws -> NetCompiler.Compiled) -> [Finding] {
    do {
      return try compile().findings
    } catch let findings as Findings {
      return findings.items
    } catch {
      return []
    }
  }

  /// A yes-or-no question about a message, and one with four labels.
  static let prompts = [
    Prompt(
      name: "refund-intent", question: "Money back?", labels: .boolean,
      fields: [
        .init(
          name: "message", colour: .string(max: 4000), isPersonal: true, isTrusted: false,
          cut: 4000)
      ], body: [], text: [], file: "prompts/refund-intent.md"),
    Prompt(
      name: "moderate", question: "What is it?",
      labels: .strings(["ok", "spam", "abuse", "illegal"].map { Prompt.Label(name: $0) }),
      fields: [
        .init(
          name: "text", colour: .string(max: nil), isPersonal: true, isTrusted: false, cut: 4000)
      ], body: [], text: [], file: "prompts/moderate.md"),
    Prompt(
      name: "open", question: "Which?", labels: .strings([.init(name: "a"), .init(name: "b")]),
      fields: [
        .init(name: "text", colour: .string(max: 5), isPersonal: false, isTrusted: true, cut: 5)
      ], body: [], text: [], file: "prompts/open.md"),
  ]
}

/// The examples of the specification, where they are beside the package or named by a variable.
enum SharedExamples {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  static var folder: String? {
    let path =
      ProcessInfo.processInfo.environment["PETREL_EXAMPLES"]
      ?? root + "/../shared/examples"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  static let names = [
    "a-refund-triage", "b-scraper", "c-databuild", "d-pool", "e-moderation", "f-saga", "g-sla",
  ]

  static func source(_ name: String) -> NetSource? {
    folder.flatMap { source("\(name).yaml", in: $0) }
  }

  /// A workflow of the repository itself.
  static func houseSource(_ path: String) -> NetSource? { source(path, in: root) }

  private static func source(_ path: String, in folder: String) -> NetSource? {
    let files = FileSource { path throws(FileSource.Problem) in
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(path)") else {
        throw .missing
      }
      return Array(data)
    }
    return NetLoader(files: files).source(at: path)
  }
}
