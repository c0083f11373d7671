import Engine
import HTTPTypes
import Orchestration
import PetriNet

extension API {
  /// Gives one command to the engine.
  ///
  /// - Throws: What the engine refused, and why nothing was taken, as problems. A refusal that is
  ///   repeated under its key carries `Idempotency-Replayed` like any other repeat.
  func submit(_ command: Command, key: RequestKey? = nil) async throws(Problem) -> Submitted {
    let answers = await engine.submit([Submission(command, key: key)])
    guard let answer = answers.first else {
      throw Problem(.internalError, "the engine gave no answer to a command")
    }
    let reply = try Self.unwrapped(answer)
    if let problem = RefusalProblem.problem(for: reply) { throw problem }
    return reply
  }

  /// Gives several commands to the engine, in one commit; a refused one does not stop the others.
  func submit(_ commands: [Submission]) async -> [Result<Submitted, Problem>] {
    guard !commands.isEmpty else { return [] }
    return await engine.submit(commands).map { answer in
      answer.mapError { Problem($0) }.flatMap { reply in
        RefusalProblem.problem(for: reply).map { .failure($0) } ?? .success(reply)
      }
    }
  }

  /// Runs `check`, whose problem stands unless the request is a repeat: then its first answer does,
  /// because what it asked for has moved the state since.
  func unlessRepeated(
    _ key: RequestKey?, _ check: () async throws(Problem) -> Void
  ) async throws(Problem) -> Submitted? {
    do {
      try await check()
      return nil
    } catch {
      guard let key else { throw error }
      let first = try await submit(.tick, key: key)
      guard first.isReplay else { throw error }
      return first
    }
  }

  /// A look at the state.
  func look<T: Sendable>(
    _ body: (any WebEngine) async throws(SubmissionError) -> T
  ) async throws(Problem) -> T {
    do {
      return try await body(engine)
    } catch {
      throw Problem(error)
    }
  }

  private static func unwrapped(
    _ answer: SubmissionResult
  ) throws(Problem) -> Submitted {
    switch answer {
    case .success(let reply): return reply
    case .failure(let problem): throw Problem(problem)
    }
  }
}

extension Problem {
  init(_ problem: SubmissionError) {
    switch problem {
    case .inboxFull:
      self.init(.inboxFull, "Nothing was written; send the request again with the same key.")
    case .draining:
      self.init(.draining, "Nothing was written; send the request again when it is back.")
    case .storeUnavailable:
      self.init(
        .storeUnavailable, "Nothing was acknowledged; send the request again with the same key.")
    case .keyReused:
      self.init(
        .idempotencyKeyReused, "The key was used within 24 h with another path, query or body.")
    case .answerPruned:
      self.init(
        .answerPruned, "This request was taken once; the rows it led to have left by their age.")
    }
  }
}

extension Call {
  /// The `Idempotency-Key` as the log knows it; nil without one.
  ///
  /// What must not differ under one key is the path, the query and the body, member by member in
  /// whatever order they came.
  func requestKey(
    _ given: String? = nil, body: JSONText.Node
  ) throws(Problem) -> RequestKey? {
    let text: String
    if let given {
      text = given
    } else {
      let values = headers[values: .idempotencyKey]
      guard let first = values.first else { return nil }
      guard values.count == 1 else {
        throw Problem(.malformed, "Idempotency-Key stands in the request twice.")
      }
      text = first
    }
    guard (1...255).contains(text.utf8.count) else {
      throw Problem(.malformed, "Idempotency-Key has 1 to 255 bytes.")
    }
    let whole = JSONText.Node.object([
      .init("body", body), .init("path", .string(request.uri.path)),
      .init("query", .string(request.uri.query ?? "")),
    ])
    return RequestKey(
      route: route.scope, by: by, key: Array(text.utf8), body: Array(whole.sorted.text.utf8))
  }

  func requiredRequestKey(body: JSONText.Node) throws(Problem) -> RequestKey {
    guard let key = try requestKey(body: body) else {
      throw Problem(
        .missingIdempotencyKey,
        "Send Idempotency-Key, 1 to 255 bytes of your own; a repeat with it is answered alike.")
    }
    return key
  }
}

extension JSONText.Node {
  /// With the members of every object in the order of their bytes.
  var sorted: JSONText.Node {
    switch self {
    case .list(let items): .list(items.map(\.sorted))
    case .object(let members):
      .object(
        members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
          .map { .init($0.name, $0.value.sorted) })
    default: self
    }
  }
}

extension Submitted {
  /// A reply that its command does not lead to: the first request with the key was being written.
  func unexpected(_ asked: String) -> Problem {
    isReplay
      ? Problem(.requestUndecided, "The first request with this key is still being written.")
      : Problem(.internalError, "\(asked) was answered with \(reply)")
  }

  /// `Idempotency-Replayed: true` on a repeat.
  var replayHeaders: [(HTTPField.Name, String)] {
    isReplay ? [(.idempotencyReplayed, "true")] : []
  }
}
