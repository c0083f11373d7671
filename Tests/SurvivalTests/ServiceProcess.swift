import Foundation
import Synchronization

/// A process that serves something and says where: of the built `petrel` binary, or another.
///
/// Killed when the last reference goes.
final class ServiceProcess: Sendable {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  let url: String
  private let process: Process

  /// Starts it in the repository's root and returns once it has printed `listening URL`.
  ///
  /// - Parameter program: in place of `petrel`.
  /// - Throws: `Failure` with what it printed, if it ends before that.
  init(
    _ arguments: [String], program: String = binary, environment: [String: String] = [:],
    log: String
  ) async throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: Self.repository)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    if !FileManager.default.fileExists(atPath: log) {
      try Data().write(to: URL(fileURLWithPath: log))
    }
    let said = FileHandle(forWritingAtPath: log)
    said?.seekToEndOfFile()
    process.standardError = said
    try process.run()
    self.process = process
    guard let found = await Self.address(in: output.fileHandleForReading) else {
      process.waitUntilExit()
      let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      throw Failure(description: "\(arguments.joined(separator: " ")) ended at once: \(text)")
    }
    url = found
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  var port: String { url.split(separator: ":").last.map(String.init) ?? "" }

  /// SIGKILL; returns when the process is gone.
  func killNow() async {
    kill(process.processIdentifier, SIGKILL)
    await ended()
  }

  /// SIGTERM; returns when the process has ended.
  func stop() async {
    process.terminate()
    await ended()
  }

  private func ended() async {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      Thread.detachNewThread { [process] in
        process.waitUntilExit()
        continuation.resume()
      }
    }
  }

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

  /// Beside the bundle of the tests.
  static var built: String {
    let own =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: own).deletingLastPathComponent().path
  }

  static var binary: String { built + "/petrel" }

  static var repository: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
  }
}
