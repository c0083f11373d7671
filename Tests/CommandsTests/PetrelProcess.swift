import Foundation
import Synchronization
import Testing

/// The built `petrel`, run as a user runs it.
struct PetrelProcess {
  struct Result: Equatable {
    var output: String
    var notes: String
    var code: Int32
  }

  /// Beside the test bundle, or where `PETREL_BINARY` says.
  static let binary: URL = {
    if let named = ProcessInfo.processInfo.environment["PETREL_BINARY"] {
      return URL(filePath: named)
    }
    var folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    for _ in 0..<4 {
      folder.deleteLastPathComponent()
      let found = folder.appending(path: "petrel")
      if FileManager.default.isExecutableFile(atPath: found.path) { return found }
    }
    return URL(filePath: "petrel")
  }()

  /// Runs it to its end.
  static func run(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:]
  ) throws -> Result {
    let process = process(arguments, in: folder)
    process.environment?.merge(environment) { $1 }
    let (output, notes) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = notes
    try process.run()
    let told = Told()
    let done = DispatchSemaphore(value: 0)
    let reading = notes.fileHandleForReading
    Thread.detachNewThread {
      let data = reading.readDataToEndOfFile()
      told.data.withLock { $0 = data }
      done.signal()
    }
    let text = output.fileHandleForReading.readDataToEndOfFile()
    done.wait()
    process.waitUntilExit()
    return Result(
      output: String(decoding: text, as: UTF8.self),
      notes: String(decoding: told.data.withLock { $0 }, as: UTF8.self),
      code: process.terminationStatus)
  }

  private final class Told: Sendable {
    let data = Mutex(Data())
  }

  /// Not started yet; without the user's own configuration and terminal.
  static func process(_ arguments: [String], in folder: URL) -> Process {
    let process = Process()
    process.executableURL = binary
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["HOME": folder.path, "PATH": "/usr/bin:/bin", "COLUMNS": "100"]
    process.standardInput = FileHandle.nullDevice
    return process
  }
}

/// A folder that is there while a test runs, with copies of the repository's files in it.
final class WorkingFolder {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  let url: URL

  /// - Parameter overlay: A folder of `Files` laid over the refund workflows; nil: those alone.
  init(overlay: String? = nil) throws {
    let manager = FileManager.default
    url = manager.temporaryDirectory.appending(path: "petrel-\(UUID().uuidString)")
    try manager.createDirectory(at: url, withIntermediateDirectories: true)
    for folder in ["workflows/tests", "prompts"] {
      try manager.createDirectory(
        at: url.appending(path: folder), withIntermediateDirectories: true)
    }
    for name in Self.refundFiles {
      try manager.copyItem(at: Self.root.appending(path: name), to: url.appending(path: name))
    }
    try lay("house")
    if let overlay { try lay(overlay) }
  }

  /// The two refund workflows and what belongs to them; `Files/house` is their configuration.
  private static let refundFiles = [
    "workflows/lib-payments.yaml", "workflows/refund-triage.yaml", "workflows/환불-분류.yaml",
    "workflows/tests/refund-triage.yaml", "workflows/tests/환불-분류.yaml",
    "prompts/refund-intent.md",
  ]

  /// Lays a folder of `Files` over what is there.
  func lay(_ overlay: String) throws {
    let manager = FileManager.default
    let files = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Files/\(overlay)")
    for case let path as String in manager.enumerator(atPath: files.path) ?? .init() {
      let source = files.appending(path: path)
      let target = url.appending(path: path)
      var isFolder: ObjCBool = false
      if manager.fileExists(atPath: source.path, isDirectory: &isFolder), isFolder.boolValue {
        continue
      }
      try manager.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      if manager.fileExists(atPath: target.path) { try manager.removeItem(at: target) }
      try manager.copyItem(at: source, to: target)
    }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func bytes(of path: String) -> Data? {
    FileManager.default.contents(atPath: url.appending(path: path).path)
  }
}
