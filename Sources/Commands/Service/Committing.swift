internal import ArgumentParser
internal import Foundation
internal import PetriNet

/// What every verb on cases takes: where to, how to print, how much to say.
struct ServiceOptions: ParsableArguments {
  @OptionGroup var destination: DestinationOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var talk: TalkOptions

  var committing: Committing {
    Committing(destination: destination, output: output, talk: talk)
  }
}

/// One command to a service or a log, and what it came to.
struct Committing {
  var destination: DestinationOptions
  var output: OutputOptions
  var talk: TalkOptions

  /// Opens, lets `body` send, says what was recorded, and gives the log up.
  func commit(
    _ schema: String, _ body: (ServiceAccess) async throws -> JSONText.Node
  ) async throws {
    let access = try ServiceAccess.writing(destination)
    let node: JSONText.Node
    do {
      node = try await body(access)
    } catch {
      await access.close()
      throw error
    }
    await access.close()
    Details(schema: schema, node: node).print(as: output.format)
    guard access.isOwner else { return }
    let what = node.integer("event").map { "recorded #\($0)." } ?? "nothing was to be recorded."
    talk.note("\(what) No service is running: the case goes on when one starts (petrel serve).")
  }

  /// An idempotency key of this call alone.
  static func freshKey() -> ServiceAccess.Header {
    let digits = (0..<16).map { _ in String(format: "%02x", UInt8.random(in: .min ... .max)) }
    return ("Idempotency-Key", "cli-" + digits.joined())
  }

  /// JSON out of an argument.
  ///
  /// - Throws: 65 with the place of the first mistake.
  static func json(_ text: String, _ what: String) throws -> JSONText.Node {
    do {
      return try JSONText.parse(Array(text.utf8))
    } catch {
      throw Failure(
        .badFile, "F501", "\(what) is not strict JSON: \(error.message) (byte \(error.offset))")
    }
  }

  static func object(_ members: [(String, String?)]) -> JSONText.Node {
    .object(members.compactMap { name, value in value.map { .init(name, .string($0)) } })
  }
}
