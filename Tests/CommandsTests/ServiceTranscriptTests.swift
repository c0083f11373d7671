import Foundation
import Testing

/// The verbs on a service that runs, and on its log: `Golden/service/NAME.txt`, as in
/// `TranscriptTests`; names that begin with `offline` find stand-ins and a log, but no service.
@Suite struct ServiceTranscriptTests {
  private static let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden/service")

  static let names =
    (try? FileManager.default.contentsOfDirectory(atPath: golden.path))?
    .filter { $0.hasSuffix(".txt") }.sorted() ?? []

  @Test(arguments: ServiceTranscriptTests.names)
  func `commands on a service answer as recorded`(_ name: String) throws {
    let file = Self.golden.appending(path: name)
    let recorded = try String(contentsOf: file, encoding: .utf8)
    let house = try RunningHouse(isServing: !name.hasPrefix("offline"))
    defer { house.stop() }

    let text = Transcript.maskedService(
      try Transcript.text(of: recorded, in: house.folder) { try house.restart(over: $0) })

    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    } else {
      #expect(Transcript.difference(of: text, from: recorded) == nil)
    }
  }

  @Test func `there are transcripts of a service`() {
    #expect(Self.names.count >= 5)
  }
}
