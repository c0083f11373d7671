import Foundation
import Glibc
import Testing

/// What commands do with the ends of pipes, full disks, taken ports and signals.
@Suite struct PipeTests {
  /// Runs to the end with stdout elsewhere.
  private func run(
    _ arguments: [String], in folder: WorkingFolder, output: FileHandle
  ) throws -> (code: Int32, notes: String) {
    let process = PetrelProcess.process(arguments, in: folder.url)
    let notes = Pipe()
    process.standardOutput = output
    process.standardError = notes
    try process.run()
    let told = notes.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: told, as: UTF8.self))
  }

  @Test func `data that a full disk does not take is told`() throws {
    let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))

    let result = try run(["explain", "all"], in: try WorkingFolder(), output: full)

    #expect(result.code == 74)
    #expect(result.notes.contains("error[F136]: standard output cannot be written"))
  }

  @Test func `a reader that has gone is no failure`() throws {
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()

    let result = try run(
      ["explain", "all"], in: try WorkingFolder(), output: pipe.fileHandleForWriting)

    #expect(result.code == 0)
    #expect(result.notes == "")
  }

  @Test func `an input may be a pipe`() throws {
    let house = try RunningHouse(isServing: false)
    let path = house.folder.url.appending(path: "pipe").path
    #expect(mkfifo(path, 0o600) == 0)
    Thread.detachNewThread {
      let line = #"{"order":"order-1","customer":"Kim","message":"hello"}"#
      try? FileHandle(forWritingAtPath: path)?.write(contentsOf: Data((line + "\n").utf8))
    }

    let result = try PetrelProcess.run(
      ["run", "refund-triage", "--input", "pipe"], in: house.folder.url)

    #expect(result.code == 0, "\(result.notes)")
    #expect(result.output.hasPrefix("1 case: 1 ended, 0 wait, 0 refused, 0 incidents"))
  }

  @Test func `a port that somebody has is named`() throws {
    let house = try RunningHouse(isServing: false)
    let text = try String(
      contentsOf: house.folder.url.appending(path: "petrel.yaml"), encoding: .utf8)
    let taken = try #require(
      text.firstMatch(of: /url: "?http:\/\/(127\.0\.0\.1:[0-9]+)/)?.output.1)

    let result = try PetrelProcess.run(
      ["serve", "--listen", String(taken)], in: house.folder.url)

    #expect(result.code == 69)
    #expect(
      result.notes.contains("error[A304]: \(taken) cannot be listened on"), "\(result.notes)")
  }

  @Test func `a run that is interrupted says what is safe`() throws {
    let house = try RunningHouse(isServing: false)
    let line = #"{"order":"order-1","customer":"Kim","message":"hang"}"#
    try Data((line + "\n").utf8).write(to: house.folder.url.appending(path: "in.jsonl"))
    let process = PetrelProcess.process(
      ["run", "refund-triage", "--input", "in.jsonl"], in: house.folder.url)
    let (output, notes) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = notes
    try process.run()
    // The log is there once signals are caught.
    let log = house.folder.url.appending(path: "petrel.db").path
    for _ in 0..<2_000 where !FileManager.default.fileExists(atPath: log) { usleep(5_000) }
    process.interrupt()
    let told = String(
      decoding: notes.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()

    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 130)
    #expect(told.contains("stopped; what was started is in the log"), "\(told)")
  }
}
