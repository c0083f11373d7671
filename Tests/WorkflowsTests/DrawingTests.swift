import Foundation
import PetriNet
import Testing
import Workflows

@Suite struct DrawingTests {
  @Test(arguments: [
    ("refund-triage", NetDrawing.Format.text, false), ("refund-triage", .mermaid, false),
    ("refund-triage", .dot, false), ("환불-분류", .text, false), ("환불-분류", .text, true),
  ])
  func `a net is drawn as recorded`(name: String, format: NetDrawing.Format, isASCII: Bool) throws {
    let workspace = Workspace.load(
      Configuration(), workflowPaths: ["workflows/\(name).yaml"],
      promptPaths: ["prompts/refund-intent.md"], files: TestFiles.disk(under: TestFiles.root))
    let net = try #require(workspace.workflow(named: name)?.net)

    let drawing = NetDrawing(of: net).text(as: format, isASCII: isASCII)

    let kind = isASCII ? "ascii" : format.rawValue
    let path = "\(TestFiles.golden)/drawings/\(name).\(kind).txt"
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      try drawing.write(toFile: path, atomically: true, encoding: .utf8)
    }
    #expect(try drawing == String(contentsOfFile: path, encoding: .utf8))
    #expect(
      !isASCII || drawing.unicodeScalars.allSatisfy { $0.isASCII || $0.properties.isAlphabetic })
  }
}
