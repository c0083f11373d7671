import Foundation
import Testing

/// Files that the Swift compiler must refuse, at the line and with the words that they say.
@Suite struct RefusedNetsTests {
  struct Complaint: Equatable {
    var line: Int
    var message: String
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Refused")

  static let names =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".swift") && $0 != "Control.swift" }.sorted()

  @Test func `the control file compiles`() throws {
    #expect(try Self.complaints(about: []) == [])
  }

  @Test(arguments: names)
  func `a mistake does not compile`(name: String) throws {
    let text = try String(
      contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
    let expected = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .compactMap { index, line in
        line.firstMatch(of: /\/\/ error: (.*)$/).map {
          Complaint(line: index + 1, message: String($0.1))
        }
      }

    let found = try Self.complaints(about: [name])

    #expect(expected.count == 1)
    #expect(found.map(\.line) == expected.map(\.line), "\(found)")
    for (one, other) in zip(found, expected) { #expect(one.message.contains(other.message)) }
  }

  @Test func `there are files that must not compile`() {
    #expect(Self.names.count >= 14)
  }

  /// What `swiftc -typecheck` says of files beside the control file, against the modules built here.
  private static func complaints(about names: [String]) throws -> [Complaint] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["swiftc", "-typecheck", "-swift-version", "6", "-module-name", "Net"]
      + ["-I", try #require(modules).path]
      + (["Control.swift"] + names).map { folder.appendingPathComponent($0).path }
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let text = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let found = text.matches(of: /(?m)^\/.*\.swift:([0-9]+):[0-9]+: error: (.*)$/).map {
      Complaint(line: Int($0.1) ?? 0, message: String($0.2))
    }
    // Whatever else makes the compiler fail is no mistake of the file.
    if found.isEmpty { #expect(process.terminationStatus == 0, "\(text)") }
    return found
  }

  /// Beside the test bundle.
  private static var modules: URL? {
    var place = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    for _ in 0..<4 {
      place.deleteLastPathComponent()
      let folder = place.appendingPathComponent("Modules")
      let module = folder.appendingPathComponent("Petrel.swiftmodule").path
      if FileManager.default.fileExists(atPath: module) { return folder }
    }
    return nil
  }
}
