import CEL
import Engine
import Foundation
import Orchestration
import PetriNet
import Testing

@testable import Petrel

/// One attempt of a Swift function: what it gets, and what each of its endings means.
struct PerformingTests {
  @Test func `a function gets its input, its key and its deadline, and its output is a value`()
    async throws
  {
    let action = Action("stock.reserve") { (wish: Wish, context) -> Reservation in
      let said = [
        context.idempotencyKey, "\(context.attempt)", "\(context.deadline)",
        context.caseID ?? "none", context.workflow,
      ]
      return Reservation(
        id: said.joined(separator: " "), item: wish.item, count: wish.count)
    }

    let ending = try await Self.ending(of: action)

    #expect(ending == "ok 0-7-ab 2 1.5 c6 stock-order, lamp, 2")
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var ending: String
    var body: @Sendable () async throws -> Reservation

    init(
      _ name: String, _ ending: String, _ body: @escaping @Sendable () async throws -> Reservation
    ) {
      testDescription = name
      self.ending = ending
      self.body = body
    }
  }

  enum Code: String, Sendable { case soldOut = "sold_out" }

  struct Surprise: Error { var secret = "4111 1111" }

  static let rows: [Row] = [
    Row("a code of its own", "failed sold_out, retry false, happened no") {
      throw ActionError(Code.soldOut)
    },
    Row("a code with all that is known", "failed busy, retry true, happened maybe: line 2 is down")
    {
      throw ActionError(code: "busy", retry: true, happened: .maybe, detail: "line 2 is down")
    },
    Row("another error", "failed thrown, retry false, happened maybe: Surprise") {
      throw Surprise()
    },
    Row("a cancellation", "failed timeout, retry true, happened maybe") {
      throw CancellationError()
    },
    Row("an int out of range", "failed bad_reply, retry false, happened maybe: said") {
      Reservation(id: "r1", item: "lamp", count: 101)
    },
    Row("a value that fits", "ok r1, lamp, 100") {
      Reservation(id: "r1", item: "lamp", count: 100)
    },
  ]

  @Test(arguments: rows)
  func `every ending of a function is an outcome`(_ row: Row) async throws {
    let action = Action("stock.reserve") { (_: Wish, _) in try await row.body() }

    let ending = try await Self.ending(of: action)

    #expect(ending == row.ending)
  }

  @Test func `an input that the type refuses is failed before the function is called`() async throws
  {
    let action = Action("stock.reserve") { (_: Choosy, _) -> Reservation in
      Issue.record("called")
      return Reservation(id: "r1", item: "lamp", count: 1)
    }

    let ending = try await Self.ending(of: action)

    #expect(
      ending == "failed bad_request, retry false, happened no: the input cannot be read at count")
  }

  @Test func `a function that is cancelled while it waits is a timeout that may have happened`()
    async throws
  {
    let (began, signal) = AsyncStream<Void>.makeStream()
    let action = Action("stock.reserve") { (wish: Wish, _) -> Reservation in
      signal.finish()
      try await Task.sleep(for: .seconds(3_600))
      return Reservation(id: "late", item: wish.item, count: wish.count)
    }

    let attempt = Task { try await Self.ending(of: action) }
    for await _ in began {}
    attempt.cancel()

    #expect(try await attempt.value == "failed timeout, retry true, happened maybe")
  }

  @Test func `dates, bytes and units go through as the log spells them`() async throws {
    struct Stamp: Codable, Sendable {
      var at: Date
      var seal: Data
    }
    let colour = Colours.record("Stamp", ["at": .timestamp, "seal": .bytes(max: nil)])
    let action = Action("stamp") { (stamp: Stamp, _) in
      Stamp(at: stamp.at.addingTimeInterval(0.5), seal: Data(stamp.seal.reversed()))
    }
    guard case .record(let record) = colour else { return }
    let at = Timestamp(seconds: 1, nanoseconds: 0)
    let argument = Value.record(
      Record(type: record.type, fields: [.timestamp(at), .bytes([1, 2, 3])]))

    let performed = try await SwiftActions([action]).perform(
      Self.attempt(ActionName("stamp"), takes: colour, returns: colour, argument))

    guard case .ok(.record(let output)) = performed else {
      Issue.record("\(performed)")
      return
    }
    let later = Timestamp(seconds: 1, nanoseconds: 500_000_000)
    #expect(
      output.fields.map { "\($0)" } == [Value.timestamp(later), .bytes([3, 2, 1])].map { "\($0)" })
  }

  /// Refuses what the colour set admits.
  struct Choosy: Codable, Sendable {
    struct Odd: Codable, Sendable {
      init(from decoder: any Decoder) throws {
        let number = try decoder.singleValueContainer().decode(Int.self)
        guard number == 0 || number % 2 == 1 else {
          throw DecodingError.dataCorrupted(
            .init(codingPath: decoder.codingPath, debugDescription: "even"))
        }
      }
    }
    var item: String
    var count: Odd
  }

  private static func ending(of action: Action) async throws -> String {
    guard case .record(let wish) = Colours.wish else { return "" }
    let argument = Value.record(Record(type: wish.type, fields: [.string("lamp"), .int(2)]))
    let performed = try await SwiftActions([action]).perform(
      attempt(
        ActionName("stock.reserve"), takes: Colours.wish, returns: Colours.reservation, argument))
    switch performed {
    case .ok(.record(let record)):
      let fields = record.fields.map { field in
        switch field {
        case .string(let text): text
        case .int(let number): "\(number)"
        default: "\(field)"
        }
      }
      return "ok " + fields.joined(separator: ", ")
    case .ok(let value): return "ok \(value)"
    case .failed(let code, let retry, let happened, let error, _):
      let known = error.map { code == "bad_reply" ? ": said" : ": \($0)" } ?? ""
      return "failed \(code), retry \(retry), happened \(happened)\(known)"
    }
  }

  private static func attempt(
    _ name: ActionName, takes: ColourSet, returns: ColourSet, _ argument: Value
  ) -> ActionAttempt {
    ActionAttempt(
      firing: FiringID(Seq(7)),
      action: ActionDeclaration(name: name, takes: takes, returns: returns, effect: .final),
      argument: argument, attempt: 2, idempotencyKey: "0-7-ab",
      workflow: WorkflowName("stock-order"),
      caseID: CaseID(Seq(6)), deadline: Instant(microseconds: 1_500_000))
  }
}
