internal import ArgumentParser
internal import Foundation
internal import PetriNet
internal import Workflows

/// `petrel draw`: a net as a drawing.
struct Draw: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw a workflow.",
    discussion: """
      text is for terminals, svg for browsers and pages, mermaid for Markdown, dot for Graphviz, pnml
      (a place/transition net, without colours, guards and times) for other tools.
      Examples:
        petrel draw refund-triage
        petrel draw refund-triage -O net.svg
        petrel draw refund-triage --case c1071 --at 1084 -O c1071.svg
      """)

  @Argument(help: "The workflow, by name or by file.")
  var workflow: String

  @Option(help: "text, svg, mermaid, dot or pnml; default: by the name of the file, else text.")
  var format: String?

  @Option(name: [.customShort("O"), .customLong("out")], help: "The file to write.")
  var out: String?

  @Option(name: .customLong("case"), help: "Draw this case's tokens into the net, as c1071.")
  var caseID: String?

  @Option(help: "With --case: as it was at this event of the log; default: its last.")
  var at: Int64?

  @Option(help: "With --case: the log's file; default: `database` of petrel.yaml.")
  var database: String?

  @Flag(help: "Only signs of ASCII, for terminals that draw others too wide.")
  var ascii = false

  func run() throws {
    let format = try chosenFormat()
    let project = try Project.load(paths: FilePath.names(workflow) ? [workflow] : [])
    try project.requireNoErrors()
    let found = try project.workflow(named: FilePath.names(workflow) ? nil : workflow)
    let text = try drawing(of: found).text(as: format, isASCII: ascii)
    guard let out else { return Console.raw(text) }
    guard FileManager.default.createFile(atPath: out, contents: Data(text.utf8)) else {
      throw Failure(.disk, "F136", "\(out) cannot be written")
    }
    Console.note("wrote \(out)")
  }

  private func drawing(of workflow: Workspace.Workflow) throws -> NetDrawing {
    guard let caseID else {
      guard at == nil, database == nil else {
        throw Failure(.wrongCall, "C101", "--at and --database go with --case")
      }
      return NetDrawing(of: workflow.net)
    }
    var destination = DestinationOptions()
    (destination.url, destination.database) = (nil, database)
    guard case .file(let path) = try destination.destination() else {
      throw Failure(
        .wrongCall, "C101", "a case is drawn from the log's file",
        help: "petrel draw \(self.workflow) --case \(caseID) --database petrel.db")
    }
    return try CaseDrawing(of: caseID, at: at, workflow: workflow.name.text, in: path).drawing
  }

  private func chosenFormat() throws -> NetDrawing.Format {
    let endings = [
      "mmd": "mermaid", "mermaid": "mermaid", "dot": "dot", "gv": "dot", "txt": "text",
      "svg": "svg", "pnml": "pnml",
    ]
    let ending = out.flatMap { $0.split(separator: ".").last.map(String.init) } ?? ""
    let name = format ?? endings[ending] ?? "text"
    if let known = NetDrawing.Format(rawValue: name) { return known }
    let known = NetDrawing.Format.allCases.map(\.rawValue).joined(separator: ", ")
    throw Failure(.wrongCall, "C101", "--format \(name): expected one of \(known)")
  }
}

extension FilePath {
  /// Whether a workflow is named by its file.
  static func names(_ workflow: String) -> Bool {
    workflow.hasSuffix(".yaml") || workflow.hasSuffix(".yml")
  }
}
