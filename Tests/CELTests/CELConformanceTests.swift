import CEL
import Foundation
import Testing

/// Runs the cases of the CEL conformance suite that lie in the directory `CEL_CASES`, else beside
/// the package in `../shared/cel`; their README says what the keys mean.
@Suite(.serialized) struct CELConformanceTests {
  /// The cases that fail, with the reason: none.
  private static let exempted: [String: String] = [:]

  @Test(.enabled(if: CaseDirectory.find() != nil, "no cases; CEL_CASES names their directory"))
  func `the language and its extensions do what their conformance cases say`() throws {
    let directory = try #require(CaseDirectory.find())
    let zones = CaseDirectory.timeZones()

    for file in directory.files {
      var passed = 0
      var failed = 0
      for testCase in try directory.cases(in: file) {
        let outcome = testCase.outcome(zones)
        if let mistake = outcome {
          failed += 1
          if Self.exempted[testCase.title] == nil {
            Issue.record("\(testCase.title): \(testCase.text): \(mistake)")
          }
          if ProcessInfo.processInfo.environment["CEL_VERBOSE"] != nil {
            print("  \(testCase.title): \(testCase.text): \(mistake)")
          }
        } else {
          passed += 1
          if let reason = Self.exempted[testCase.title] {
            Issue.record("\(testCase.title) passes, though listed: \(reason)")
          }
        }
      }
      print("\(file): \(passed) passed, \(failed) failed")
    }
  }
}

private struct CaseDirectory {
  let url: URL
  /// Names without their ending, sorted.
  let files: [String]

  static func find() -> CaseDirectory? {
    let package = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let beside = package.deletingLastPathComponent().appending(path: "shared/cel")
    let given = ProcessInfo.processInfo.environment["CEL_CASES"].map { URL(filePath: $0) }
    let url = given ?? beside
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    let files = names.filter { $0.hasSuffix(".jsonl") }.map { String($0.dropLast(6)) }.sorted()
    return files.isEmpty ? nil : CaseDirectory(url: url, files: files)
  }

  func cases(in file: String) throws -> [ConformanceCase] {
    let text = try String(contentsOf: url.appending(path: "\(file).jsonl"), encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return ConformanceCase(try #require(object as? [String: Any]))
    }
  }

  /// All the zones that this machine has.
  static func timeZones() -> TimeZones {
    let root = "/usr/share/zoneinfo"
    var zones = TimeZones()
    let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    for name in names {
      guard let data = FileManager.default.contents(atPath: "\(root)/\(name)") else { continue }
      _ = zones.add(name, Array(data))
    }
    return zones
  }
}
