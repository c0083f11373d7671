import Foundation
import PetriNet
import Testing
import Workflows

/// Four times as much of anything costs about four times as much to read, check and tell.
@Suite(.serialized) struct FileShapeTests {
  /// Above four, for what a machine does meanwhile; sixteen would be the square.
  private static let ratioMax = 8.0
  private static let isLong = ProcessInfo.processInfo.environment["PETREL_SOAK"] != nil

  /// Those that cost the square once, one of each kind; `PETREL_SOAK=1` takes all.
  private static let usual: Set<String> = [
    "fields of the start place", "fields under one name", "types with reserved names",
    "places that nothing reaches", "transitions in a row, the last first",
    "transitions with a wrong guard", "arcs with a condition each", "arcs with a wait each",
    "outputs that do not fit", "fields put as one expression that are not there",
    "outcomes of an action", "marks of a type", "a text over many lines that is wrong",
    "arguments of a function", "macros with a wrong variable", "letters that mean nothing",
    "macros in braces", "lists in braces", "a call that commas cut often", "invariants",
  ]

  @Test(arguments: FileShape.all.filter { isLong || usual.contains($0.name) })
  func `the time grows as the file does`(_ shape: FileShape) {
    let scale = Self.isLong ? 4 : 1
    let small = Array(shape.text(shape.count * scale / 4).utf8)
    let large = Array(shape.text(shape.count * scale).utf8)
    var ratio = Double.infinity
    for _ in 0..<3 where ratio > Self.ratioMax {
      // Of what is over in no time, the clock says nothing.
      let least = max(Self.cost(small), 2_000_000)
      ratio = min(ratio, Double(Self.cost(large)) / Double(least))
    }

    #expect(ratio <= Self.ratioMax)
  }

  @Test func `every name of the usual shapes is that of a shape`() {
    #expect(Self.usual.subtracting(FileShape.all.map(\.name)) == [])
  }

  @Test func `a value is told whole up to its limit, and in part beyond`() {
    for (length, shown) in [(1_000, 1_000), (1_001, 1_000)] {
      let text = FileParts.with {
        $0.work = "out: {known: !\(String(repeating: "x", count: length - 1))}"
      }
      let found = Self.load(Array(text.utf8)).findings.filter { $0.code == "F104" }.map(\.found)

      #expect(found.map(\.utf8.count) == [shown])
    }
  }

  private static func load(_ bytes: [UInt8]) -> Workspace {
    let files = FileSource { path throws(FileSource.Problem) in
      guard path == "shop.yaml" else { throw .missing }
      return bytes
    }
    return Workspace.load(
      Configuration(), workflowPaths: ["shop.yaml"], promptPaths: [], files: files)
  }

  /// CPU time of this thread, in nanoseconds, to load a file and tell all that is wrong with it.
  private static func cost(_ bytes: [UInt8]) -> UInt64 {
    let began = now()
    let workspace = load(bytes)
    let told = [Language.english, .korean].map { language in
      DiagnosticText(texts: workspace.texts, language: language).text(of: workspace.findings)
    }
    let json = DiagnosticText(texts: workspace.texts)
    let documents = workspace.findings.map { json.json(of: $0) }
    let spent = now() - began
    #expect(told.allSatisfy { $0.isEmpty == documents.isEmpty })
    return spent
  }

  private static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
