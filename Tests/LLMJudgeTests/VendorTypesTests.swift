import Foundation
import Testing

/// The requests on record against the types of the vendors' own clients, where Python has these.
@Suite struct VendorTypesTests {
  private static let isSoak = ProcessInfo.processInfo.environment["PETREL_SOAK"] == "1"

  @Test(.enabled(if: isSoak))
  func `the requests are of the types that the vendors publish`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Reference"
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      ProcessInfo.processInfo.environment["PETREL_PYTHON"] ?? "python3", folder + "/vendors.py",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()

    print(output)
    let isMissing = output.contains("No module named 'pydantic'")
    #expect(process.terminationStatus == 0 || isMissing, "\(output)")
  }
}
