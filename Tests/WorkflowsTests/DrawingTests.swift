import Foundation
import PetriNet
import Testing
import Workflows

@Suite struct DrawingTests {
  @Test(arguments: [
    ("refund-triage", NetDrawing.Format.text, false), ("refund-triage", .mermaid, false),
    ("refund-triage", .dot, false), ("refund-triage", .pnml, false), ("환불-분류", .text, false),
    ("환불-분류", .text, true),
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

  @Test(arguments: ["pool", "await-payment", "databuild"])
  func `in PNML every arc joins a place and a transition, and outcomes are transitions`(
    name: String
  ) throws {
    let workspace = Workspace.load(
      Configuration(), workflowPaths: ["workflows/\(name).yaml"], promptPaths: [],
      files: TestFiles.disk(under: TestFiles.root))
    let net = try #require(workspace.workflow(named: name)?.net)

    let pnml = NetDrawing(of: net).text(as: .pnml)

    let ids = Set(pnml.matches(of: /<(?:place|transition) id="([^"]+)"/).map { String($0.1) })
    let ends = pnml.matches(of: /source="([^"]+)" target="([^"]+)"/)
      .map { (String($0.1), String($0.2)) }
    #expect(pnml.split(separator: "<place id=").count - 1 == net.places.count)
    #expect(pnml.split(separator: "<transition id=").count - 1 > net.transitions.count)
    #expect(ends.allSatisfy { ids.contains($0.0) && ids.contains($0.1) })
    #expect(ends.allSatisfy { $0.0.hasPrefix("p") != $0.1.hasPrefix("p") })
  }
}
