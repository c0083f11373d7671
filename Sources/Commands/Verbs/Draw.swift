internal import ArgumentParser
internal import Foundation
internal import PetriNet
internal import Workflows

/// `petrel draw`: a net as a drawing.
struct Draw: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw a workflow.",
    discussion: """
      text is for terminals, mermaid for Markdown pages, dot for Graphviz.
      Examples:
        petrel draw refund-triage
        petrel draw refund-triage --format dot -O net.dot
      """)

  @Argument(help: "The workflow, by name or by file.")
  var workflow: String

  @Option(help: "text, mermaid or dot; default: by the name of the file, else text.")
  var format: String?

  @Option(name: [.customShort("O"), .customLong("out")], help: "The file to write.")
  var out: String?

  @Flag(help: "Only signs of ASCII, for terminals that draw others too wide.")
  var ascii = false

  func run() throws {
    let format = try chosenFormat()
    let project = try Project.load(paths: FilePath.names(workflow) ? [workflow] : [])
    try project.requireNoErrors()
    let found = try project.workflow(named: FilePath.names(workflow) ? nil : workflow)
    let text = NetDrawing(of: found.net).text(as: format, isASCII: ascii)
    guard let out else { return Console.raw(text) }
    guard FileManager.default.createFile(atPath: out, contents: Data(text.utf8)) else {
      throw Failure(.disk, "F136", "\(out) cannot be written")
    }
    Console.note("wrote \(out)")
  }

  private func chosenFormat() throws -> NetDrawing.Format {
    let endings = [
      "mmd": "mermaid", "mermaid": "mermaid", "dot": "dot", "gv": "dot", "txt": "text",
    ]
    let ending = out.flatMap { $0.split(separator: ".").last.map(String.init) } ?? ""
    let name =
      format ?? endings[ending] ?? (["svg", "pnml"].contains(ending) ? ending : "text")
    if let known = NetDrawing.Format(rawValue: name) { return known }
    let known = NetDrawing.Format.allCases.map(\.rawValue).joined(separator: ", ")
    if ["svg", "pnml"].contains(name) {
      throw Failure(
        .wrongCall, "C101", "\(name) is not in this version; there are \(known)",
        help: name == "svg" ? "petrel draw \(workflow) --format dot | dot -Tsvg" : "")
    }
    throw Failure(.wrongCall, "C101", "--format \(name): expected one of \(known)")
  }
}

extension FilePath {
  /// Whether a workflow is named by its file.
  static func names(_ workflow: String) -> Bool {
    workflow.hasSuffix(".yaml") || workflow.hasSuffix(".yml")
  }
}
