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
    try Data().write(to: URL(fileURLWithPath: log))
    process.standardError = FileHandle(forWritingAtPath: log)
    try process.run()
    self.process = process
    let found = await Self.address(in: output.fileHandleForReading)
    guard let found else {
      process.waitUntilExit()
      let said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      throw Failure(
        .notReachable, "C102",
        "\(arguments.prefix(2).joined(separator: " ")) ended at once: \(said)")
    }
    url = found
  }

  /// What it prints after `listening `; nil if it ends before that.
  private static func address(in output: FileHandle) async -> String? {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        var text = ""
        while true {
          let data = output.availableData
          if data.isEmpty { return continuation.resume(returning: nil) }
          text += String(decoding: data, as: UTF8.self)
          let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
          guard let line = lines.first(where: { $0.hasPrefix("listening ") }) else { continue }
          return continuation.resume(returning: String(line.dropFirst("listening ".count)))
        }
      }
    }
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
