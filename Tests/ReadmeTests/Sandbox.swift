import Foundation
import GRDB
import Testing

/// A copy of what a clone holds beside its sources, in which the commands of a page run one after
/// the other. Ports that the pages name are other, free ones in here.
final class Sandbox {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private let folder: URL
  private var current: URL
  /// By their number, as a shell counts its jobs.
  private var background: [Int: Background] = [:]
  private let ports: [(shown: String, real: String)]

  private struct Background {
    var process: Process
    var output: Pipe
  }

  /// How a command ended.
  struct Ending {
    var output: String
    var errors: String
    var code: Int32
  }

  init() throws {
    let manager = FileManager.default
    folder = manager.temporaryDirectory.appendingPathComponent("petrel-page-\(UUID().uuidString)")
    current = folder
    ports = try ["7875", "41801", "41802", "41803"].map { ($0, String(try FreePort.any())) }
    try manager.createDirectory(
      at: folder.appendingPathComponent(".bin"), withIntermediateDirectories: true)
    for name in ["Examples", "workflows", "prompts", "tools", "petrel.yaml"] {
      try manager.copyItem(
        at: Self.root.appendingPathComponent(name), to: folder.appendingPathComponent(name))
    }
    try manager.createSymbolicLink(
      at: folder.appendingPathComponent(".bin/petrel"),
      withDestinationURL: try #require(Self.binary))
  }

  deinit {
    for job in background.values where job.process.isRunning {
      kill(job.process.processIdentifier, SIGKILL)
    }
    try? FileManager.default.removeItem(at: folder)
  }

  /// The binary beside the test bundle.
  static var binary: URL? {
    var place = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    for _ in 0..<4 {
      place.deleteLastPathComponent()
      let binary = place.appendingPathComponent("petrel")
      if FileManager.default.isExecutableFile(atPath: binary.path) { return binary }
    }
    return nil
  }

  func write(_ text: String, to path: String) throws {
    let file = current.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  /// Runs one command of a page. One that only reads is run again until what it prints `fits`, for
  /// ten seconds: what happens meanwhile takes its time.
  func run(
    _ command: Document.Command, until fits: (Document.Command, Ending) -> Bool
  ) throws -> Ending {
    let end = ContinuousClock.now + .seconds(10)
    var ending = try run(command.text)
    while Self.onlyReads(command.text), !fits(command, ending), ContinuousClock.now < end {
      ending = try run(command.text)
    }
    return ending
  }

  private static func onlyReads(_ text: String) -> Bool {
    if text.hasPrefix("curl ") { return !text.contains(" -d ") && !text.contains(" -X ") }
    return ["sqlite3 ", "petrel case ", "petrel audit ", "petrel task list", "petrel task show"]
      .contains { text.hasPrefix($0) }
  }

  /// Runs one command of a page.
  func run(_ text: String) throws -> Ending {
    try movePorts()
    var words = text.split(separator: " ").map(String.init)
    switch words.first {
    case "cd":
      current = current.appendingPathComponent(words[1]).standardizedFileURL
      return Ending(output: "", errors: "", code: 0)
    case "make":
      words.insert("-n", at: 1)
      return try finish(shell(words.joined(separator: " "), in: Self.root))
    case "kill": return try end(words)
    case "sqlite3": return try query(text)
    default: break
    }
    if words.last == "&" { return try start(String(text.dropLast(1))) }
    return try finish(shell(real(text), in: current))
  }

  /// The page's ports as those of this sandbox.
  private func real(_ text: String) -> String {
    // All in one go and as whole numbers: one real port may hold the digits of another that is shown.
    text.replacing(/[0-9]+/) { number in
      ports.first { $0.shown == number.output }?.real ?? String(number.output)
    }
  }

  private func movePorts() throws {
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      guard file.lastPathComponent == "petrel.yaml" else { continue }
      let text = try String(contentsOf: file, encoding: .utf8)
      let moved = real(text)
      if moved != text { try moved.write(to: file, atomically: true, encoding: .utf8) }
    }
  }

  private func shell(_ command: String, in directory: URL) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    // A simple command takes the shell's place, so that a signal reaches it.
    process.arguments = ["-c", command]
    process.currentDirectoryURL = directory
    var environment = ProcessInfo.processInfo.environment
    let path = environment["PATH"] ?? "/usr/bin:/bin"
    environment["PATH"] = folder.appendingPathComponent(".bin").path + ":" + path
    environment["HOME"] = folder.path
    environment["NO_COLOR"] = "1"
    for name in ["PETREL_URL", "PETREL_DATABASE", "PETREL_CONFIG"] { environment[name] = nil }
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    return process
  }

  private func finish(_ process: Process) throws -> Ending {
    let errors = folder.appendingPathComponent(".errors")
    try Data().write(to: errors)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Ending(
      output: String(decoding: bytes, as: UTF8.self),
      errors: (try? String(contentsOf: errors, encoding: .utf8)) ?? "",
      code: process.terminationStatus)
  }

  /// Starts a service and waits for the line that names its address.
  private func start(_ command: String) throws -> Ending {
    let process = shell("exec " + real(command), in: current)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    background[(background.keys.max() ?? 0) + 1] = Background(process: process, output: output)
    var seen = Data()
    while !String(decoding: seen, as: UTF8.self).contains("listening http") {
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { break }
      seen += more
    }
    return Ending(
      output: String(decoding: seen, as: UTF8.self), errors: "", code: process.isRunning ? 0 : 1)
  }

  /// `kill %1`, `kill -9 %2`: a process of this sandbox, waited for.
  private func end(_ words: [String]) throws -> Ending {
    let number = try #require(words.last.flatMap { Int($0.dropFirst()) })
    let removed = background.removeValue(forKey: number)
    let job = try #require(removed)
    kill(job.process.processIdentifier, words.contains("-9") ? SIGKILL : SIGTERM)
    job.process.waitUntilExit()
    let rest = job.output.fileHandleForReading.readDataToEndOfFile()
    return Ending(output: String(decoding: rest, as: UTF8.self), errors: "", code: 0)
  }

  /// `sqlite3 FILE "SELECT …"` as the shell of SQLite prints it: read-only, columns joined by `|`.
  private func query(_ text: String) throws -> Ending {
    let words = text.split(separator: " ", maxSplits: 2).map(String.init)
    let file = current.appendingPathComponent(words[1]).path
    let sql = String(words[2].dropFirst().dropLast())
    var configuration = Configuration()
    configuration.readonly = true
    let rows = try DatabaseQueue(path: file, configuration: configuration).read {
      try Row.fetchAll($0, sql: sql)
    }
    let lines = rows.map { row in
      row.map { _, value in String.fromDatabaseValue(value) ?? value.description }
        .map { $0 == "NULL" ? "" : $0 }.joined(separator: "|") + "\n"
    }
    return Ending(output: lines.joined(), errors: "", code: 0)
  }
}

/// Ports of this machine that nobody listens on.
enum FreePort {
  static func any() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    try #require(isBound)
    return UInt16(bigEndian: address.sin_port)
  }
}
