import Foundation
import Testing

/// The house rules that a machine can check. A rule nobody checks is deleted.
struct TidyTests {
  private static let pure: Set<String> = ["CEL", "PetriNet", "Engine"]

  /// What each target may import besides itself, the standard library and the system's C library.
  private static let walls: [String: Set<String>] = [
    "CEL": [],
    "PetriNet": ["CEL"],
    "Engine": ["CEL", "PetriNet"],
    "Workflows": ["CEL", "PetriNet", "CYaml"],
    "Orchestration": ["CEL", "PetriNet", "Engine"],
    "Record": ["CEL", "PetriNet", "Engine", "Orchestration", "Crypto", "_CryptoExtras"],
    "SQLiteStore": [
      "CEL", "PetriNet", "Engine", "Orchestration", "Record", "CPlatform", "GRDB", "GRDBSQLite",
    ],
    "PostgresStore": ["CEL", "PetriNet", "Engine", "Orchestration", "Record", "CPostgres"],
    "Transfer": ["CCurl", "CPlatform"],
    "LLMJudge": ["CEL", "PetriNet", "Engine", "Orchestration", "Transfer", "Crypto"],
    "HTTPActions": ["CEL", "PetriNet", "Engine", "Orchestration", "Transfer"],
    "Petrel": ["CEL", "PetriNet", "Engine", "Orchestration"],
  ]

  private static let shared: Set<String> = [
    "Swift", "Synchronization", "Collections", "DequeModule", "HeapModule", "OrderedCollections",
    "Glibc", "Darwin", "Foundation",
  ]

  private static func imports(of file: SourceTree.File) -> [String] {
    file.lines.compactMap { line in
      let words = line.split(separator: " ").drop {
        $0.hasPrefix("@")
          || ["public", "package", "internal", "private", "fileprivate"].contains($0)
      }
      guard words.first == "import", let module = words.dropFirst().last else { return nil }
      return String(module.split(separator: ".").first ?? module)
    }
  }

  @Test func `pure targets import the standard library and swift-collections only`() {
    let outside: Set<String> = ["Foundation", "Glibc", "Darwin", "Dispatch", "Synchronization"]

    let found = SourceTree.files.filter { $0.isSource && Self.pure.contains($0.target) }
      .flatMap { file in
        Self.imports(of: file).filter(outside.contains).map { "\(file.path) imports \($0)" }
      }

    #expect(found == [])
  }

  @Test func `no target imports across its wall`() {
    let found = SourceTree.files.filter(\.isSource).flatMap { file -> [String] in
      guard let wall = Self.walls[file.target] else { return [] }
      let allowed = wall.union(Self.shared)
      return Self.imports(of: file).filter { !allowed.contains($0) }
        .map { "\(file.path) imports \($0)" }
    }

    #expect(found == [])
  }

  @Test func `the web meets neither a store nor a judge`() {
    let barred: Set<String> = [
      "SQLiteStore", "PostgresStore", "GRDB", "LLMJudge", "Transfer", "HTTPActions",
    ]

    let found = SourceTree.files.filter { $0.isSource && $0.target == "Web" }
      .flatMap { file in
        Self.imports(of: file).filter(barred.contains).map { "\(file.path) imports \($0)" }
      }

    #expect(found == [])
  }

  @Test func `a source file has at most 400 lines`() {
    let found = SourceTree.files.filter { $0.isSwift && $0.lines.count > 401 }
      .map { "\($0.path): \($0.lines.count)" }

    #expect(found == [])
  }

  @Test func `a function fits a screen of 70 lines, one of a test 100`() {
    let found = SourceTree.files.filter(\.isSwift).flatMap(Self.longFunctions)

    #expect(found == [])
  }

  @Test func `nothing unfinished, forced or silenced stands in the sources`() {
    let words = ["FIX" + "ME", "TO" + "DO", "try" + "!", "as" + "!", "print(\"debug"]
    let found = SourceTree.files.filter(\.isSource).flatMap { file in
      file.lines.enumerated().flatMap { number, line in
        words.filter { line.contains($0) }.map { "\(file.path):\(number + 1): \($0)" }
      }
    }

    #expect(found == [])
  }

  @Test func `no path of a machine stands in the tree`() {
    let roots = ["/wo" + "rk/", "/ho" + "me/", "/ro" + "ot/", "/Us" + "ers/"]
    let found = SourceTree.files.flatMap { file in
      file.lines.enumerated().flatMap { number, line in
        roots.filter { line.contains($0) }.map { "\(file.path):\(number + 1): \($0)" }
      }
    }

    #expect(found == [])
  }

  @Test func `every target stands in the architecture page`() throws {
    let page = try String(
      contentsOf: SourceTree.root.appendingPathComponent("docs/ARCHITECTURE.md"), encoding: .utf8)
    let targets = try FileManager.default.contentsOfDirectory(
      atPath: SourceTree.root.appendingPathComponent("Sources").path)

    let missing = targets.sorted().filter { !page.contains("`\($0)`") }

    #expect(missing == [])
  }

  /// Functions and initialisers from their first line to the brace that ends them.
  private static func longFunctions(of file: SourceTree.File) -> [String] {
    var found: [String] = []
    for (start, line) in file.lines.enumerated() {
      let indent = line.prefix { $0 == " " }.count
      let words = line.split(separator: " ")
      guard words.contains(where: { $0 == "func" || $0.hasPrefix("init(") }),
        !line.contains("//"), indent < 12
      else { continue }
      let closing = String(repeating: " ", count: indent) + "}"
      guard
        let end = file.lines[(start + 1)...].firstIndex(where: {
          $0 == closing || $0.hasPrefix(closing + ")")
        })
      else { continue }
      let length = end - start + 1
      let limit = file.isSource ? 70 : 100
      if length > limit { found.append("\(file.path):\(start + 1): \(length)") }
    }
    return found
  }
}
