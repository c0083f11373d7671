import Foundation
import PetriNet
import Testing
import Workflows

@Suite struct ExplanationTests {
  private static let base = """
    workflow: demo
    types:
      Order: {id: string, total: int 0..100000, ready: bool, note: personal string}
    places:
      asked: {start: Order}
      known: {end: Order}
      refused: {end: {why: string}}
    transitions:

    """

  private static let prompt = """
    ---
    prompt: intent
    question: Is it one?
    labels: [true, false]
    fields: {note: personal string}
    ---
    Look at {{note}}.
    """

  private func codes(_ lines: String) -> [String] {
    let indented = lines.split(separator: "\n").map { "  \($0)\n" }.joined()
    let workspace = Workspace.load(
      Configuration(), workflowPaths: ["demo.yaml"], promptPaths: ["prompts/intent.md"],
      files: FileSource([
        "demo.yaml": Self.base + indented, "prompts/intent.md": Self.prompt,
      ]))
    return workspace.findings.map(\.code)
  }

  @Test(arguments: Explanation.all.filter { !$0.wrong.isEmpty }.map(\.code))
  func `the wrong lines of a page give its code and the right ones do not`(code: String) throws {
    let page = try #require(Explanation.of(code))

    #expect(codes(page.wrong).contains(code))
    #expect(!codes(page.right).contains(code))
    #expect(!codes(page.right).contains { $0.hasPrefix("F") })
  }

  @Test func `every code that the sources tell has a page`() throws {
    var codes: Set<String> = []
    for target in TestFiles.names(in: "\(TestFiles.root)/Sources") {
      let folder = URL(filePath: "\(TestFiles.root)/Sources/\(target)").resolvingSymlinksInPath()
      let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
      while let file = files?.nextObject() as? URL {
        guard file.pathExtension == "swift", !file.path.contains("/Explanations/"),
          let text = try? String(contentsOf: file, encoding: .utf8)
        else { continue }
        for match in text.matches(of: /"([FPCTSJAX][0-9]{3})"/) { codes.insert(String(match.1)) }
      }
    }
    let known = Set(Explanation.all.map(\.code))

    #expect(codes.count > 30)
    #expect(codes.subtracting(known).sorted() == [])
  }

  @Test func `codes are found in any case and told when mistyped`() {
    #expect(Explanation.of("p103")?.code == "P103")
    #expect(Explanation.of("P999") == nil)
    #expect(Explanation.nearest(to: "F14") == nil)
    #expect(Explanation.nearest(to: "f299") == nil)
    #expect(Explanation.nearest(to: "F129") != nil)
    #expect(Set(Explanation.all.map(\.code)).count == Explanation.all.count)
  }

  @Test func `a page is wrapped by cells`() throws {
    let page = try #require(Explanation.of("F110")).page(width: 60)

    #expect(
      page == """
        F110  a space is missing after a colon

        A key and its value are parted by a colon and a space;
        without the space they are one text.

        wrong:
          take: {in: {o:asked}, out: {known: o}}

        right:
          take: {in: {o: asked}, out: {known: o}}

        """)
  }
}
