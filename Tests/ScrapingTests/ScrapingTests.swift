import Foundation
import Testing

/// The scraper at a small size, judged from its log by a program of its own (`check.py`).
@Suite struct ScrapingTests {
  private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()

  private static let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("petrel-scraping-\(UUID().uuidString)")

  private struct Ending {
    var code: Int32
    var output: String
  }

  /// The run, beside the tests.
  private static var binary: URL? {
    var place = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    for _ in 0..<6 {
      place.deleteLastPathComponent()
      let binary = place.appendingPathComponent("Scraping")
      if FileManager.default.isExecutableFile(atPath: binary.path) { return binary }
    }
    return nil
  }

  private func run(_ program: String, _ arguments: [String]) throws -> Ending {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    print(text, terminator: "")
    return Ending(code: process.terminationStatus, output: text)
  }

  private func check(_ database: URL, targets: Int) throws -> Ending {
    try run(
      "python3",
      [
        Self.tests.appendingPathComponent("Scraping/check.py").path, database.path, "--targets",
        String(targets),
      ])
  }

  @Test
  func `domains and proxies are spared, and every target ends once, also when it is restarted`()
    throws
  {
    let targets = 400
    try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: Self.folder) }
    let database = Self.folder.appendingPathComponent("scrape.db")

    let ran = try run(
      try #require(Self.binary).path,
      [
        "--domains", "20", "--proxies", "8", "--targets", String(targets), "--ahead", "60",
        "--restarts", "2", "--database", database.path,
      ])
    let checked = try check(database, targets: targets)
    let miscounted = try check(database, targets: targets + 1)

    #expect(ran.code == 0)
    #expect(checked.code == 0)
    #expect(checked.output.hasSuffix("each target ends once\n"))
    #expect(miscounted.code == 1)
  }
}
