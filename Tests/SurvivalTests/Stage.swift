import Foundation
import Record
import SQLiteStore
import Transfer

/// A folder with a log, the stand-ins beside it, and what goes over the project's petrel.yaml.
final class Stage: Sendable {
  let folder: String
  let transfer = CurlLoop()
  let model: ServiceProcess
  let payments: ServiceProcess

  var database: String { folder + "/petrel.db" }

  /// - Parameters:
  ///   - rules: of the model stand-in, in YAML.
  ///   - failing: share of the requests that the payment service fails, as `5%`.
  ///   - endpoint: more members of the endpoint, in YAML's flow style, each with a comma before.
  init(rules: String, failing: String = "0%", endpoint: String = "") async throws {
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("petrel-survival-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try rules.write(toFile: folder + "/rules.yaml", atomically: true, encoding: .utf8)
    model = try await ServiceProcess(
      ["stand-in", "model", folder + "/rules.yaml", "--port", "0"], log: folder + "/model.log")
    payments = try await ServiceProcess(
      [
        "stand-in", "payments", "--port", "0", "--fail", failing, "--effects",
        folder + "/effects.jsonl",
      ], log: folder + "/payments.log")
    try """
    petrel: 1
    database: petrel.db
    keys: {file: petrel.keys, kek: {file: petrel.kek}, signer: {file: petrel.signer}}
    anchors: petrel.anchors
    services:
      payments: {url: "\(payments.url)"}
    endpoints:
      stand-in: {url: "\(model.url)"\(endpoint)}

    """.write(toFile: folder + "/petrel.yaml", atomically: true, encoding: .utf8)
  }

  /// Starts the service; port 0 takes any free one.
  ///
  /// - Parameter environment: further variables of the process.
  func serve(
    port: String = "0", environment: [String: String] = [:]
  ) async throws -> ServiceProcess {
    try await ServiceProcess(
      ["serve", "--quiet", "--listen", "127.0.0.1:\(port)"],
      environment: ["PETREL_CONFIG": "petrel.yaml:\(folder)/petrel.yaml"].merging(environment) {
        $1
      }, log: folder + "/serve.log")
  }

  /// The log as it stands on disk, with its keys.
  func reader() throws -> LogReader {
    let (kek, _) = try KeyEncryptionKey.file(folder + "/petrel.kek")
    return try LogReader(
      path: database, keys: LogReader.Keys(file: folder + "/petrel.keys", kek: kek))
  }

  /// What the payment service did, by its own list.
  func effects() async -> [Effect] {
    let caller = Caller(transfer: transfer)
    return await caller.send("GET", payments.url + "/effects").json.items.map {
      Effect(
        key: $0.text("key") ?? "", payment: $0.text("payment") ?? "",
        amount: $0.integer("amount") ?? 0)
    }
  }

  struct Effect: Hashable {
    var key: String
    var payment: String
    var amount: Int64
  }

  /// Ends the stand-ins and removes the folder; kept where a test failed before.
  func end() async {
    await model.stop()
    await payments.stop()
    transfer.stop()
    try? FileManager.default.removeItem(atPath: folder)
  }
}
