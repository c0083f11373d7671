internal import Foundation
internal import Synchronization
internal import Transfer

/// The demo's processes and files: stand-ins, the service, and a folder of their own.
final class DemoStage: Sendable {
  private struct State {
    var children: [ChildProcess] = []
    var serviceURL = ""
    var paymentsURL = ""
  }

  let folder: String
  let transfer = CurlLoop()
  private let state = Mutex(State())
  private static let marker = ".petrel-demo"

  var database: String { "\(folder)/petrel.db" }
  /// What goes over the project's petrel.yaml.
  var configuration: String { "\(folder)/petrel.yaml" }
  var serviceURL: String { state.withLock { $0.serviceURL } }
  var paymentsURL: String { state.withLock { $0.paymentsURL } }

  /// Makes the folder anew.
  ///
  /// - Throws: `Failure` if there is a folder of that name that no demo made.
  init(folder: String) throws {
    self.folder = folder
    let manager = FileManager.default
    if manager.fileExists(atPath: folder) {
      guard manager.fileExists(atPath: "\(folder)/\(Self.marker)") else {
        throw Failure(
          .wrongCall, "C101", "the folder '\(folder)' is not the demo's own",
          help: "name another: petrel demo --folder demo2")
      }
      try manager.removeItem(atPath: folder)
    }
    try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: "\(folder)/\(Self.marker)"))
  }

  /// Starts the stand-ins, writes the configuration, starts the service.
  ///
  /// - Parameter model: nil = a stand-in of the demo's own.
  func begin(model: DemoModel?) async throws {
    let modelURL: String
    if let model {
      modelURL = model.url
    } else {
      let standIn = try await child(["stand-in", "model", "Examples/stand-in.yaml", "--port", "0"])
      modelURL = standIn.url
    }
    let payments = try await child([
      "stand-in", "payments", "--port", "0", "--fail", "5%", "--effects",
      "\(folder)/effects.jsonl",
    ])
    Console.print(
      "[4/6] stand-ins  model \(modelURL)"
        + (model != nil ? "" : " (5 % hang, 3 % junk, 1 % wrong label, 2 % refuse, 1 % too busy)")
        + ", payments \(payments.url) (5 % fail)")
    try configurationText(model, modelURL, payments.url)
      .write(toFile: configuration, atomically: true, encoding: .utf8)
    let began = Date()
    let service = try await child(
      ["serve", "--quiet", "--listen", "127.0.0.1:0"],
      environment: ["PETREL_CONFIG": "petrel.yaml:\(configuration)"])
    state.withLock { state in
      state.serviceURL = service.url
      state.paymentsURL = payments.url
    }
    Console.print(
      "[5/6] serve      \(service.url), database \(database) (new)  ok   "
        + String(format: "%.1f s", Date().timeIntervalSince(began)))
  }

  /// Ends the service first, so that what it has under way can still be answered.
  func end() {
    let children = state.withLock { state in
      defer { state.children = [] }
      return state.children
    }
    for child in children.reversed() { child.stop() }
    transfer.stop()
  }

  private func child(
    _ arguments: [String], environment: [String: String] = [:]
  ) async throws -> ChildProcess {
    let child = try await ChildProcess(
      arguments, environment: environment, log: "\(folder)/\(arguments[0]).log")
    state.withLock { $0.children.append(child) }
    return child
  }

  private func configurationText(
    _ model: DemoModel?, _ modelURL: String, _ paymentsURL: String
  ) -> String {
    let text = """
      petrel: 1
      database: petrel.db
      keys: {file: petrel.keys, kek: {file: petrel.kek}, signer: {file: petrel.signer}}
      anchors: petrel.anchors
      services:
        payments: {url: "\(paymentsURL)"}

      """
    if let model { return text + model.configuration }
    return text + """
      endpoints:
        stand-in: {url: "\(modelURL)"}

      """
  }
}
