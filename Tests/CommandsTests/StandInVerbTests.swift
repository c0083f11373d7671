import Foundation
import Testing

@Suite struct StandInVerbTests {
  @Test(arguments: [
    ["stand-in", "model", "--seed", "3"],
    ["stand-in", "payments", "--fail", "5%", "--slow", "0%", "--effects", "effects.jsonl"],
  ])
  func `a stand-in says where it listens and stops when it is told to`(
    _ arguments: [String]
  ) throws {
    let folder = try WorkingFolder()
    let process = PetrelProcess.process(arguments, in: folder.url)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)

    process.terminate()
    process.waitUntilExit()

    #expect(line.wholeMatch(of: /listening http:\/\/127\.0\.0\.1:[1-9][0-9]*(\/v1)?\n/) != nil)
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 0)
  }
}
