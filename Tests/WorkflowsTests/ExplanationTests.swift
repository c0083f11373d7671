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

  /// Files that examples name.
  private static let others = [
    "lib-money.yaml": "library: money\ntypes: {Money: {won: int}}",
    "lib-that-imports-itself.yaml": "library: loop\nimport: [lib-that-imports-itself.yaml]",
    "other-workflow.yaml": """
    workflow: other
    places: {begun: {start: unit}, finished: {end: unit}}
    transitions:
      run: {in: {b: begun}, out: {finished: unit}}
    """,
  ]

  private static let small = """
    workflow: demo
    places: {asked: {start: unit}, done: {end: unit}}
    transitions:
      take: {in: {o: asked}, out: {done: unit}}
    """

  private func workspace(_ text: String) -> Workspace {
    let files = Self.others.merging(["demo.yaml": text, "prompts/intent.md": Self.prompt]) { $1 }
    return Workspace.load(
      Configuration(), workflowPaths: ["demo.yaml", "other-workflow.yaml"],
      promptPaths: ["prompts/intent.md"], files: FileSource(files))
  }

  /// What is found in lines of an example.
  private func codes(_ kind: ExplanationExample.Kind, _ text: String) throws -> [String] {
    switch kind {
    case .transitions:
      let indented = text.split(separator: "\n").map { "  \($0)\n" }.joined()
      return workspace(Self.base + indented).findings.map(\.code)
    case .workflow: return workspace(text).findings.map(\.code)
    case .prompt:
      return PromptReader.read(Array(text.utf8), path: "intent.md").findings.map(\.code)
    case .configuration:
      let file = ConfigurationFile(path: "petrel.yaml", bytes: Array(text.utf8))
      return ConfigurationReader.read([file]).findings.map(\.code)
    case .tests:
      let read = TestFileReader.read(Array(text.utf8), path: "demo.yaml")
      let net = try #require(workspace(Self.small).workflows.first { $0.name.text == "demo" }?.net)
      let named = read.file.map { $0.problems(against: net) } ?? []
      return (read.findings + named).map(\.code)
    case .input:
      do {
        _ = try InputLine.read(Array(text.utf8), number: 1, file: "input.jsonl")
        return []
      } catch {
        return error.items.map(\.code)
      }
    }
  }

  @Test(arguments: Explanation.all.filter { $0.example != nil }.map(\.code))
  func `the wrong lines of a page give its code and the right ones do not`(code: String) throws {
    let example = try #require(Explanation.of(code)?.example)
    let right = try codes(example.kind, example.right)

    #expect(try codes(example.kind, example.wrong).contains(code))
    #expect(!right.contains(code))
    // But for types that nothing uses here.
    #expect(!right.contains { $0.hasPrefix("F") || $0.hasPrefix("C") })
  }

  @Test func `codes of files have examples, but for those that no lines can show`() {
    let without = Explanation.all.filter { page in
      page.example == nil && ["F1", "F2", "F3", "P1", "P5"].contains(page.code.prefix(2))
    }

    // Invisible characters, sizes, file systems, and what is told by `petrel check` alone.
    #expect(
      without.map(\.code) == [
        "F102", "F103", "F134", "F136", "F202", "P105", "P120", "P121",
      ])
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
