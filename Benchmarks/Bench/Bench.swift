internal import Foundation

/// What `Benchmarks/run` measures of Petrel. One line on standard output: `NAME=NUMBER` pairs.
@main
enum Bench {
  static let usage = """
    Bench question               the body of a question, as sent to a model
    Bench orders COUNT           orders that are refunded without a person
    Bench model MILLISECONDS     a model that always says true; prints its port, runs until killed
    Bench payments               the payment service; prints its port, runs until killed
    Bench http FOLDER ORDERS IN_FLIGHT MODEL_PORT PAYMENTS_PORT CALLS
    Bench scripted FOLDER ORDERS IN_FLIGHT
    Bench events FOLDER ORDERS ROWS_A_COMMIT
    Bench commit FOLDER ORDERS
    Bench cel join|policy|string|yardstick evaluated|compiled
    Bench bodies texts|replies petrel|foundation
    Bench flight MODEL_PORT COUNT
    Bench verify rows|scan|chain FILE [CORES]
    Bench restart make FOLDER ROWS OPEN
    Bench restart start|forget FOLDER
    Bench serve FOLDER CASES on|off
    Bench engine PART            chain, log, age, join, correlate, scraper, refund, memory or memory-1m
    """

  static func main() async throws {
    let words = Array(CommandLine.arguments.dropFirst())
    switch words.first {
    case "question": say(try RefundWorkflow().question())
    case "orders": say(Orders.small(try number(words, 1)).joined(separator: "\n"))
    case "model": try await OtherSides.model(milliseconds: try number(words, 1))
    case "payments": try await OtherSides.payments()
    case "http":
      let workflow = try RefundWorkflow(
        modelPort: try number(words, 4), paymentsPort: try number(words, 5),
        calls: try number(words, 6))
      try await CaseFlow.http(workflow, CaseFlow.Settings(words))
    case "scripted":
      try await CaseFlow.scripted(try RefundWorkflow(), CaseFlow.Settings(words))
    case "events":
      try await DurableEvents.measure(
        folder: try text(words, 1), orders: try Orders.read(text(words, 2)),
        rowsACommit: try number(words, 3))
    case "commit":
      try await CommitLatency.measure(
        folder: try text(words, 1), orders: try Orders.read(text(words, 2)))
    case "cel":
      try GuardSpeed.measure(text(words, 1), isCompiled: try text(words, 2) == "compiled")
    case "bodies": try BodySpeed.measure(text(words, 1), text(words, 2))
    case "flight":
      try await FlightCost.measure(port: try number(words, 1), count: try number(words, 2))
    case "verify":
      try VerifySpeed.measure(
        text(words, 1), path: try text(words, 2),
        cores: words.count > 3 ? try number(words, 3) : 1)
    case "restart": try await restart(words)
    case "serve":
      try await RestartSpeed.serve(
        folder: try text(words, 1), cases: try number(words, 2), isOn: try text(words, 3) == "on")
    case "engine": try EngineSpeed.measure(try text(words, 1))
    default: throw WrongUse()
    }
  }

  private static func restart(_ words: [String]) async throws {
    let folder = try text(words, 2)
    switch try text(words, 1) {
    case "make":
      try await RestartSpeed.make(
        folder: folder, rows: try number(words, 3), open: try number(words, 4))
    case "start": try RestartSpeed.start(folder: folder)
    case "forget": try RestartSpeed.forget(folder: folder)
    default: throw WrongUse()
    }
  }

  /// Not kept back: others wait for a port.
  static func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }

  struct WrongUse: Error, CustomStringConvertible {
    var description: String { Bench.usage }
  }

  static func text(_ words: [String], _ index: Int) throws -> String {
    guard words.indices.contains(index) else { throw WrongUse() }
    return words[index]
  }

  static func number(_ words: [String], _ index: Int) throws -> Int {
    guard let number = Int(try text(words, index)) else { throw WrongUse() }
    return number
  }
}
