internal import ArgumentParser
internal import Foundation
internal import StandIns
internal import Workflows

/// `petrel stand-in`: servers to try and test with, without a key or a bank.
struct StandIn: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stand-in",
    abstract: "A model or a payment service on loopback, to try and test with.",
    discussion: """
      Examples:
        petrel stand-in model Examples/stand-in.yaml --port 41801
        petrel stand-in payments --port 41802 --fail 5% --effects effects.jsonl
      """,
    subcommands: [Model.self, Payments.self])

  /// `petrel stand-in model`.
  struct Model: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Speaks OpenAI chat and answers by rules; faults on demand.",
      discussion: """
        Examples:
          petrel stand-in model
          petrel stand-in model rules.yaml --port 41801 --seed 7
        """)

    @Argument(help: "Rules (a YAML file); without it every label is drawn from the seed.")
    var rules: String?

    @Option(help: "0 takes any free port and prints it.")
    var port = 0

    @Option(help: "In place of the seed of the rules.")
    var seed: UInt64?

    func run() async throws {
      let rules = try self.rules.map(Self.read) ?? StandInRules()
      let server: ModelStandIn
      do {
        server = try ModelStandIn(rules: rules, port: port, seed: seed)
      } catch {
        throw Failure(.badFile, "F306", "\(error)")
      }
      let bound = try await StandIn.bind { try await server.start() }
      await StandIn.serve(bound) { await server.stop() }
    }

    private static func read(_ path: String) throws -> StandInRules {
      do {
        let bytes = try FileSource.disk.read(path)
        let (file, findings) = StandInFileReader.read(bytes, path: path)
        guard let file, findings.isEmpty else {
          var texts = SourceTexts()
          texts.add(bytes, as: path)
          Console.note(DiagnosticText(texts: texts).text(of: findings))
          throw Failure(.badFile)
        }
        return StandInRules(file)
      } catch let failure as Failure {
        throw failure
      } catch {
        throw Failure(.noSuchFile, "F131", "there is no file '\(path)'")
      }
    }
  }

  /// `petrel stand-in payments`.
  struct Payments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Finds payments, refunds each once, and lists every effect it performed.",
      discussion: """
        Examples:
          petrel stand-in payments --port 41802
          petrel stand-in payments --fail 5% --slow 1% --effects effects.jsonl
        """)

    @Option(help: "0 takes any free port and prints it.")
    var port = 0

    @Option(help: "Share of requests that fail, as 5%.")
    var fail = "0%"

    @Option(help: "Share of requests answered late, as 1%.")
    var slow = "0%"

    @Option(help: "Fixes what fails.")
    var seed: UInt64 = 1

    @Option(help: "Where effects are written, synced before they are answered.")
    var effects: String?

    func run() async throws {
      let settings = PaymentsStandIn.Settings(
        seed: seed, fail: try Self.share(fail, "--fail"), slow: try Self.share(slow, "--slow"),
        effectsFile: effects)
      let server: PaymentsStandIn
      do {
        server = try PaymentsStandIn(settings: settings, port: port)
      } catch {
        throw Failure(.disk, "F131", "\(error)")
      }
      let bound = try await StandIn.bind { try await server.start() }
      await StandIn.serve(bound) { await server.stop() }
    }

    private static func share(_ text: String, _ flag: String) throws -> Double {
      let digits = text.hasSuffix("%") ? String(text.dropLast()) : text
      guard let number = Double(digits), (0...100).contains(number) else {
        throw Failure(.wrongCall, "C101", "\(flag) '\(text)': expected 0% to 100%")
      }
      return number / 100
    }
  }

  private static func bind(_ start: () async throws -> Int) async throws -> Int {
    do {
      return try await start()
    } catch {
      throw Failure(
        .notReachable, "A302", "the port cannot be listened on: \(error)", help: "--port 0")
    }
  }

  /// Prints where it listens and serves until SIGTERM or ctrl-c.
  private static func serve(_ port: Int, stop: () async -> Void) async {
    let signals = StopSignals()
    Console.print("listening http://127.0.0.1:\(port)")
    _ = await signals.wait()
    await stop()
  }
}
