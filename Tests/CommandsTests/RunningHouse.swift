import Foundation
import Testing

/// A model and a payment service that stand in, and `petrel serve` over a folder, for one test.
final class RunningHouse {
  let folder: WorkingFolder
  private var processes: [Process] = []
  private static let serving = ["serve", "--listen", "127.0.0.1:0", "-q"]

  private static let rules = """
    stand_in: model
    seed: 1
    models: [stub-1]
    delay: 1ms
    rules:
      - {contains: [refund], label: true}
      - {contains: [hang], fault: hang}
      - {contains: [nonsense], fault: junk}
    otherwise: {label: false}

    """

  /// - Parameter isServing: Without, only the stand-ins run.
  init(isServing: Bool = true) throws {
    folder = try WorkingFolder(overlay: "house")
    // Its prompts alone are registered, so that other workflows' do not number its rows anew.
    let prompts = folder.url.appending(path: "prompts")
    for name in try FileManager.default.contentsOfDirectory(atPath: prompts.path)
    where name != "refund-intent.md" {
      try FileManager.default.removeItem(at: prompts.appending(path: name))
    }
    try Data(Self.rules.utf8).write(to: folder.url.appending(path: "rules.yaml"))
    let model = try start(["stand-in", "model", "rules.yaml"])
    let payments = try start(["stand-in", "payments", "--fail", "0%"])
    let file = folder.url.appending(path: "petrel.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
      .replacingOccurrences(of: "http://127.0.0.1:41801/v1", with: model)
      .replacingOccurrences(of: "http://127.0.0.1:41802", with: payments)
    try Data(text.utf8).write(to: file)
    if isServing { _ = try start(Self.serving) }
  }

  /// The service stops, a folder of `Files` is laid over its own, and it starts again.
  func restart(over overlay: String) throws {
    let service = processes.removeLast()
    service.terminate()
    service.waitUntilExit()
    try folder.lay(overlay)
    _ = try start(Self.serving)
  }

  /// Everything stops, the service first; idempotent.
  func stop() {
    for process in processes.reversed() where process.isRunning {
      process.terminate()
      process.waitUntilExit()
    }
  }

  deinit { stop() }

  /// - Returns: The address it says it listens on.
  private func start(_ arguments: [String]) throws -> String {
    let process = PetrelProcess.process(arguments, in: folder.url)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    processes.append(process)
    var told = ""
    while !told.contains("\n") {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else { break }
      told += String(decoding: data, as: UTF8.self)
    }
    let line = try #require(told.split(separator: "\n").last { $0.hasPrefix("listening ") })
    return String(line.dropFirst("listening ".count))
  }
}
