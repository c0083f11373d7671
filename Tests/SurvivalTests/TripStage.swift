import Foundation
import GRDB
import PetriNet
import Transfer

/// A service of trips over a log of its own, and the travel service that it books with, each a
/// process.
final class TripStage: Sendable {
  /// How long the travel service waits with an answer, after the effect.
  static let answerMilliseconds = 60

  private let folder: String
  private let transfer = CurlLoop()
  private let caller: Caller
  private let bookings: ServiceProcess

  init() async throws {
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("petrel-trips-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    caller = Caller(transfer: transfer)
    bookings = try await ServiceProcess(
      ["stand-in", "bookings", "--port", "0", "--delay", "\(Self.answerMilliseconds)"],
      log: folder + "/bookings.log")
    try """
    petrel: 1
    workflows: ["\(ServiceProcess.repository)/workflows/trip.yaml"]
    params: {}
    database: petrel.db
    keys: {file: petrel.keys, kek: {file: petrel.kek}, signer: {file: petrel.signer}}
    anchors: petrel.anchors
    services:
      travel: {url: "\(bookings.url)"}

    """.write(toFile: folder + "/petrel.yaml", atomically: true, encoding: .utf8)
  }

  func serve() async throws -> ServiceProcess {
    try await ServiceProcess(
      ["serve", "--quiet", "--listen", "127.0.0.1:0"],
      environment: ["PETREL_CONFIG": "petrel.yaml:\(folder)/petrel.yaml"],
      log: folder + "/serve.log")
  }

  /// Starts the trip; the number of its case.
  func start(_ trip: String, at url: String) async throws -> Int64 {
    let reply = await caller.send(
      "POST", url + "/v1/workflows/trip/cases",
      body: .object([
        .init("id", .string(trip)), .init("traveller", .string("Kim")),
        .init("from", .string("2026-03-01T08:00:00Z")),
        .init("to", .string("2026-03-05T20:00:00Z")),
      ]), headers: [("Idempotency-Key", trip)])
    guard reply.isGood, let id = reply.json.text("case"), let number = Int64(id.dropFirst()) else {
      throw ServiceProcess.Failure(description: "no case: \(reply.status) \(reply.json.text)")
    }
    return number
  }

  /// Calls a trip off; whether that was still possible.
  func cancel(_ number: Int64, at url: String) async throws -> Bool {
    let reply = await caller.send(
      "POST", "\(url)/v1/cases/c\(number):cancel",
      body: .object([.init("reason", .string("the meeting moved"))]), headers: [("If-Match", "*")])
    guard reply.isGood || reply.status == 409 else {
      throw ServiceProcess.Failure(description: "not cancelled: \(reply.status) \(reply.json.text)")
    }
    return reply.isGood
  }

  /// The events of a case, by kind, as they stand on disk.
  func events(of number: Int64) throws -> [String] {
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: folder + "/petrel.db", configuration: configuration)
    defer { try? queue.close() }
    return try queue.read { database in
      try String.fetchAll(
        database, sql: "SELECT kind FROM log WHERE seq = ?1 OR case_no = ?1 ORDER BY seq",
        arguments: [number])
    }
  }

  /// Waits until the log has `count` events of a case, or its last; the events there are then.
  func events(of number: Int64, count: Int) async throws -> [String] {
    let end = ContinuousClock().now.advanced(by: .seconds(30))
    while true {
      let events = try events(of: number)
      if events.count >= count || events.contains("caseClosed") { return events }
      guard ContinuousClock().now < end else {
        throw ServiceProcess.Failure(description: "c\(number) goes no further than \(events)")
      }
      await Looking.pass(microseconds: 1_000)
    }
  }

  /// In which places a case has ended, an entry for every time it did.
  func ends(of number: Int64) throws -> [String] {
    let log = try WrittenLog(path: folder + "/petrel.db", kinds: ["caseClosed"])
    return log.rows.filter { $0.caseNumber == number }
      .map { ($0.body["ended_in"]?.members ?? []).map(\.name).joined(separator: ", ") }
  }

  /// What the travel service did for a trip, by its own list.
  func effects(of trip: String) async -> [Effect] {
    await caller.send("GET", bookings.url + "/effects").json.items
      .filter { $0.text("trip") == trip }
      .map {
        Effect(
          isReturn: $0.text("effect") == "given_back", what: $0.text("what") ?? "",
          key: $0.text("key") ?? "", bookedBy: $0.text("booked_by"))
      }
  }

  struct Effect: Equatable {
    var isReturn: Bool
    var what: String
    var key: String
    /// Of a return: the key of the booking.
    var bookedBy: String?
  }

  /// How many attempts a restart found interrupted.
  func interruptions() throws -> Int {
    try WrittenLog(path: folder + "/petrel.db", kinds: ["attemptFailed"]).rows
      .filter { $0.body.text("code") == "interrupted" }.count
  }

  /// Ends the travel service and removes the folder; kept where a test failed before.
  func end() async {
    await bookings.stop()
    transfer.stop()
    try? FileManager.default.removeItem(atPath: folder)
  }
}
