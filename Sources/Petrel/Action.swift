internal import CEL
internal import Orchestration
internal import PetriNet

/// A deterministic Swift function that a workflow may call under a declared name: the only place
/// for side effects.
///
/// ```swift
/// struct Refund: Codable, Sendable { var payment: String; var amount: Int }
/// struct Payment: Codable, Sendable { var id: String; var settled: Bool }
///
/// let refund = Action("payments.refund") { (refund: Refund, context) -> Payment in
///   try await bank.refund(refund.payment, refund.amount, key: context.idempotencyKey)
/// }
/// ```
///
/// Effects are at-least-once: the function may run again with the same `idempotencyKey`, after an
/// error that allows it or after a crash. Hand the key to the other side, and the effect is
/// exactly-once there. The task is cancelled when the deadline has passed or the firing was let go;
/// what it returns after that is recorded and moves nothing.
///
/// Input and output are matched with the workflow's declaration when the action is registered:
/// fields by name, `Int` with `int`, `String` with `string` and enumerations, `Bool`, `Double`,
/// `[T]`, `[String: T]`, optionals with `T?`, nested structures with records. ``Date`` is
/// `timestamp` as proto3 JSON, ``Data`` is `bytes`. An `Int` that leaves the declared range is a bad
/// reply.
public struct Action: Sendable {
  /// As the workflow declares it.
  public let name: String
  let inputType: String
  let outputType: String
  let input: SwiftShape
  let output: SwiftShape
  let run: @Sendable ([UInt8], ActionContext) async throws -> [UInt8]

  /// - Parameters:
  ///   - name: the declared name, `payments.refund`.
  ///   - body: one attempt. Throw ``ActionError`` to say what is known about the effect; anything
  ///     else thrown is `failed` without retry (`unknown` where the effect is final).
  public init<Input: Codable & Sendable, Output: Codable & Sendable>(
    _ name: String,
    _ body: @escaping @Sendable (Input, ActionContext) async throws -> Output
  ) {
    self.name = name
    inputType = String(describing: Input.self)
    outputType = String(describing: Output.self)
    input = SwiftShape(of: Input.self)
    output = SwiftShape(of: Output.self)
    run = { bytes, context in
      let decoded: Input
      do {
        decoded = try ActionCoding.decode(Input.self, from: bytes)
      } catch {
        throw UnreadableInput(problem: ActionCoding.place(of: error))
      }
      return try ActionCoding.encode(try await body(decoded, context))
    }
  }
}

/// What an attempt knows beside its input.
public struct ActionContext: Sendable {
  /// The same in every attempt of a firing and after a crash; another for every other firing.
  public let idempotencyKey: String
  /// From 1.
  public let attempt: Int
  /// Seconds since 1970 at which the attempt is over.
  public let deadline: Double
  /// The API's spelling of the case (`c1071`); nil for a firing of no case.
  public let caseID: String?
  /// The workflow that fires.
  public let workflow: String
}

/// What an action says when it fails: which of its codes, and what is known of the effect.
public struct ActionError: Error, Sendable {
  /// Whether the effect may have taken place.
  public enum Happened: Sendable { case no, maybe }

  /// Of the action's closed enumeration; `error.code` in the workflow.
  public let code: String
  /// Whether another attempt may follow, if the transition allows one.
  public let retry: Bool
  /// What is known of the effect of this attempt.
  public let happened: Happened
  /// For the audit only; sealed, never in a token.
  public let detail: String?

  /// - Parameter code: at most 64 characters out of `a-z`, `0-9`, `_`.
  public init<Code: RawRepresentable & Sendable>(
    _ code: Code, retry: Bool = false, happened: Happened = .no, detail: String? = nil
  ) where Code.RawValue == String {
    self.init(code: code.rawValue, retry: retry, happened: happened, detail: detail)
  }

  /// - Parameter code: at most 64 characters out of `a-z`, `0-9`, `_`.
  public init(
    code: String, retry: Bool = false, happened: Happened = .no, detail: String? = nil
  ) {
    self.code = code
    self.retry = retry
    self.happened = happened
    self.detail = detail
  }
}

/// The input of an action declared with `takes: unit`, the output of one with `returns: unit`.
public struct Unit: Codable, Sendable, Equatable {
  /// The one value.
  public init() {}

  /// Reads nothing.
  public init(from decoder: any Decoder) throws {}

  /// Writes `null`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encodeNil()
  }
}

/// The input did not fit the function's type although its shape did; the function was not called.
struct UnreadableInput: Error {
  /// Where, and never what was found there.
  var problem: String
}
