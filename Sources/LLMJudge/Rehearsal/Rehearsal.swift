package import Engine
package import PetriNet
internal import Transfer

/// Replies of a model that a script names, read as those from the wire are: the same reader, parser
/// and reasons, without a network. For tests of workflows.
package enum Rehearsal {
  package enum Line: Sendable, Equatable {
    /// The model answers `{"verdict": LABEL}`, whether or not the label is offered.
    case label(String)
    /// One of the numbered endings of a call; labels that it needs are the first ones offered.
    case ending(Int)
  }

  /// What became of a call.
  package enum Outcome: Sendable {
    /// It ended so; `wait` is how long to wait before the next attempt, nil: none is allowed.
    case ended(Verdict, wait: Wait?, CallRecord)
    /// Nothing decides before the deadline; whether some bytes of a reply come.
    case silent(hasBegun: Bool)
    /// The label comes when the deadline has passed.
    case late(Verdict, CallRecord)
  }

  package enum Wait: Sendable, Equatable {
    case backoff
    case microseconds(Int64)
  }

  /// The endpoint of a script: what `petrel.yaml` leaves at its defaults.
  private static let endpoint = EndpointConfiguration(
    name: "script", url: "http://127.0.0.1", dialect: Dialect.openAIChat.name, model: "stub-1")

  package static let endings = 1...64

  /// Calls of one firing at most.
  package static var attempts: Int { endpoint.attempts }

  /// How long after `attempt` (from 1) the next one begins.
  package static func backoffMicroseconds(after attempt: Int, firing: String) -> Int64 {
    endpoint.backoff.microseconds(after: attempt, firing: firing)
  }

  /// Reads one scripted reply.
  ///
  /// - Parameters:
  ///   - attempt: From 1.
  ///   - at: When the reply is here; the call began at `started`.
  package static func outcome(
    of line: Line, prompt: Prompt, attempt: Int, started: Instant, at ended: Instant,
    confidence: Double?
  ) -> Outcome {
    let script = RehearsedReply(prompt)
    let wire: RehearsedReply.Wire
    switch line {
    case .label(let label): wire = .reply(script.answer(label))
    case .ending(let number): wire = script.wire(ofEnding: number)
    }
    let isLate = wire == .late
    switch wire {
    case .silence(let hasBegun): return .silent(hasBegun: hasBegun)
    case .late, .reply, .status, .failure: break
    }
    let result = script.result(of: wire)
    let ending = CallReader(
      dialect: .openAIChat, endpoint: endpoint, parser: VerdictParser(prompt),
      canary: prompt.canary
    ).ending(of: result, unixSeconds: ended.microseconds / 1_000_000)
    var record = CallRecord(
      attempt: attempt, endpoint: endpoint, question: [], result: result, ending: ending,
      started: started)
    record.question = nil
    record.ended = ended
    record.firstByte = result.failure == nil ? ended : nil
    if let confidence {
      record.confidence = confidence
      record.source = .constrained
    }
    if isLate { return .late(ending.verdict, record) }
    return .ended(ending.verdict, wait: wait(ending.retry), record)
  }

  private static func wait(_ retry: CallEnding.Retry) -> Wait? {
    switch retry {
    case .never: nil
    case .afterBackoff: .backoff
    case .after(let milliseconds): .microseconds(milliseconds * 1_000)
    }
  }
}
