internal import ArgumentParser
internal import Foundation
internal import PetriNet
internal import StandIns
internal import Workflows

/// `petrel stand-in`: other sides to try and test against, without a key.
struct StandInVerbs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stand-in",
    abstract: "Stand in for a model, a payment service or a travel service, on this machine.",
    discussion: """
      Examples:
        petrel stand-in model Examples/stand-in.yaml --port 41801
        petrel stand-in payments --port 41802 --fail 5% --effects effects.jsonl
        petrel stand-in bookings --port 41803
      """,
    subcommands: [StandInModel.self, StandInPayments.self, StandInBookings.self])
}

/// `petrel stand-in model`.
struct StandInModel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Answer chat completions by rules, with faults on demand.",
    discussion: """
      Prints `listening URL`; stops on SIGTERM or ctrl-c.
      Examples:
        petrel stand-in model
        petrel stand-in model rules.yaml --port 41801 --seed 7
      """)

  @Argument(help: "The rules (CONFIG); without any, labels are drawn from the message.")
  var rules: String?

  @Option(help: "Where to listen on 127.0.0.1; 0 takes any free port.")
  var port = 0

  @Option(help: "In place of the seed of the rules: every draw follows from it.")
  var seed: UInt64?

  @OptionGroup var talk: TalkOptions

  func run() async throws {
    let standIn: ModelStandIn
    do {
      standIn = try ModelStandIn(rules: try readRules(), port: port, seed: seed)
    } catch let problem as StandInRulesProblem {
      throw Failure(.badFile, "F124", "\(rules ?? "rules"): \(problem)")
    }
    try await StandInRun(talk: talk).serve(standIn, path: "/v1")
  }

  private func readRules() throws -> StandInRules {
    guard let rules else { return StandInRules(otherwise: .seeded) }
    let bytes = try FileReadings.bytes(of: rules)
    let (file, findings) = StandInFileReader.read(bytes, path: rules)
    guard let file, !findings.contains(where: { $0.severity == .error }) else {
      var texts = SourceTexts()
      texts.add(bytes, as: rules)
      Console.note(Console.diagnostics(texts).text(of: findings))
      throw Failure(.badFile)
    }
    return StandInRules(file)
  }
}

/// `petrel stand-in payments`.
struct StandInPayments: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "payments", abstract: "Find payments and refund them once for each key.",
    discussion: """
      Prints `listening URL`; stops on SIGTERM or ctrl-c. GET /effects lists what it did.
      Examples:
        petrel stand-in payments --port 41802
        petrel stand-in payments --fail 5% --slow 1% --effects effects.jsonl
      """)

  @Option(help: "Where to listen on 127.0.0.1; 0 takes any free port.")
  var port = 0

  @Option(help: "The share of requests that fail, as 5%.")
  var fail = Share(0)

  @Option(help: "The share of answers that come two seconds late, as 1%.")
  var slow = Share(0)

  @Option(help: "The file into which every effect is written before it is answered.")
  var effects: String?

  @Option(help: "Every draw follows from it.")
  var seed: UInt64 = 1

  @OptionGroup var talk: TalkOptions

  func run() async throws {
    let settings = PaymentsStandIn.Settings(
      seed: seed, fail: fail.value, slow: slow.value, effectsFile: effects)
    let standIn: PaymentsStandIn
    do {
      standIn = try PaymentsStandIn(settings: settings, port: port)
    } catch {
      throw Failure(.disk, "F136", "\(effects ?? "the effects") cannot be written: \(error)")
    }
    try await StandInRun(talk: talk).serve(standIn)
  }
}

/// `petrel stand-in bookings`.
struct StandInBookings: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bookings", abstract: "Book flights, hotels and cars, and give them back.",
    discussion: """
      Prints `listening URL`; stops on SIGTERM or ctrl-c. GET /effects lists what it did.
      Examples:
        petrel stand-in bookings --port 41803
        petrel stand-in bookings --fail 5% --delay 100 --effects bookings.jsonl
      """)

  @Option(help: "Where to listen on 127.0.0.1; 0 takes any free port.")
  var port = 0

  @Option(help: "The share of requests that fail, as 5%.")
  var fail = Share(0)

  @Option(help: "How many milliseconds every answer waits.")
  var delay = 0

  @Option(help: "The file into which every effect is written before it is answered.")
  var effects: String?

  @Option(help: "Every draw follows from it.")
  var seed: UInt64 = 1

  @OptionGroup var talk: TalkOptions

  func run() async throws {
    let settings = BookingsStandIn.Settings(
      seed: seed, fail: fail.value, delay: .milliseconds(delay), effectsFile: effects)
    let standIn: BookingsStandIn
    do {
      standIn = try BookingsStandIn(settings: settings, port: port)
    } catch {
      throw Failure(.disk, "F136", "\(effects ?? "the effects") cannot be written: \(error)")
    }
    try await StandInRun(talk: talk).serve(standIn)
  }
}

/// A share of a whole, written `5%`.
struct Share: ExpressibleByArgument, CustomStringConvertible {
  /// 0 to 1.
  var value: Double

  init(_ value: Double) { self.value = value }

  init?(argument: String) {
    guard argument.hasSuffix("%"), let number = Double(argument.dropLast()),
      (0...100).contains(number)
    else { return nil }
    value = number / 100
  }

  var description: String { "\(JSONNumber("\(value * 100)")?.text ?? "0")%" }
}

/// A stand-in from its first line to its last.
private struct StandInRun {
  let talk: TalkOptions

  /// - Parameter path: Behind the address that is printed.
  func serve(_ standIn: any StandIn, path: String = "") async throws {
    let signals = StopSignals()
    let port: Int
    do {
      port = try await standIn.start()
    } catch {
      throw Failure(
        .notReachable, "A304", "the port cannot be listened on: \(error)", help: "--port 0")
    }
    Console.print("listening http://127.0.0.1:\(port)\(path)")
    let serving = Task { try await standIn.run() }
    _ = await signals.wait()
    await standIn.stop()
    _ = try? await serving.value
    talk.note("stopped")
  }
}

extension StandInRules {
  init(_ file: StandInFile) {
    self.init(
      seed: file.seed, models: file.models,
      delay: Self.duration(
        file.delayLowMicroseconds)...Self.duration(file.delayHighMicroseconds),
      rules: file.rules.map(StandInRule.init),
      otherwise: StandInAnswer(file.otherwise),
      faults: file.faults.compactMap { rate in
        StandInFault(rate.fault).map { FaultRate(fault: $0, rate: rate.rate) }
      },
      sticky: file.isSticky,
      confidence: StandInConfidence(rawValue: file.confidence.rawValue) ?? .none,
      constraint: StandInConstraint(rawValue: file.constraint.rawValue) ?? .enforced)
  }

  fileprivate static func duration(_ microseconds: Int64) -> Duration {
    .microseconds(microseconds)
  }
}

extension StandInRule {
  fileprivate init(_ rule: StandInFile.Rule) {
    self.init(
      contains: rule.contains, matches: rule.matches, equals: rule.equals,
      answer: rule.obeys ? .obey : rule.answer.map(StandInAnswer.init),
      fault: rule.fault.flatMap(StandInFault.init), confidence: rule.confidence)
  }
}

extension StandInAnswer {
  fileprivate init(_ answer: StandInFile.Answer) {
    switch answer {
    case .label(let label): self = .label(label)
    case .seeded: self = .seeded
    }
  }
}

extension StandInFault {
  fileprivate init?(_ fault: StandInFile.Fault) {
    self.init(
      name: fault.name, argument: fault.microseconds.map { StandInRules.duration($0) })
  }
}
