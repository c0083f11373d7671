internal import Foundation
internal import Synchronization

/// A process of this same binary that serves something and says where.
///
/// Ended when `stop` is called and, at the latest, when this process exits.
final class ChildProcess: Sendable {
  let url: String
  private let process: Process

  /// Starts it and returns once it has printed `listening URL`.
  ///
  /// - Throws: `Failure` with what it printed, if it ends before that.
  init(_ arguments: [String], environment: [String: String] = [:], log: String) async throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.executable)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    FileManager.default.createFile(atPath: log, contents: nil)
    process.standardError = FileHandle(forWritingAtPath: log)
    try process.run()
    self.process = process
    var found: String?
    for try await line in output.fileHandleForReading.bytes.lines where found == nil {
      guard line.hasPrefix("listening ") else { continue }
      found = String(line.dropFirst("listening ".count))
      break
    }
    guard let found else {
      process.waitUntilExit()
      let said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      throw Failure(
        .notReachable, "C102", "\(arguments.prefix(2).joined(separator: " ")) ended at once: \(said)")
    }
    url = found
  }

  /// Asks it to stop and waits until it has.
  func stop() {
    guard process.isRunning else { return }
    process.terminate()
    process.waitUntilExit()
  }

  private static var executable: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
  }
}
