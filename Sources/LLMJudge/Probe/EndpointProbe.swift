internal import CEL
package import Engine
internal import Orchestration
internal import PetriNet
internal import Synchronization
package import Transfer

/// What an endpoint does with questions that are made to find out; none holds anybody's data.
package struct EndpointFindings: Sendable, Equatable {
  package enum Constraint: Sendable, Equatable {
    /// So many answers were labels, though nothing but the constraint asked for one.
    case enforced(answers: Int)
    /// An answer was not of the form or the labels that were asked for, or had begun so that it could
    /// not have become one; the reason is that of its text.
    case ignored(FallbackReason)
    /// No answer came whose text tells.
    case untold(FallbackReason)
  }

  package enum Confidence: Sendable, Equatable {
    case notAsked
    /// Answers came without probabilities, or with ones that do not spell them.
    case missing
    /// `offSchema` is the largest probability of what leads to no label: of about 0 if the
    /// distribution is the one after the constraint.
    case given(CallRecord.ConfidenceSource, offSchema: Double)
    case untold
  }

  package enum Limit: Sendable, Equatable {
    /// An answer that did not fit was told as cut.
    case told
    /// It was cut, and told as whole.
    case hidden(FallbackReason)
    /// More was answered than was allowed.
    case ignored
    case untold(FallbackReason)
  }

  package var constraint: Constraint
  package var confidence: Confidence
  package var limit: Limit
  /// How far its clock is ahead of ours; nil: its replies had no date.
  package var skewMicroseconds: Int64?
  /// The last call that had an answer, or the last one.
  package var call: CallRecord?
}

/// Asks an endpoint such questions, all at once.
package struct EndpointProbe: Sendable {
  private let endpoint: EndpointConfiguration
  private let transfer: CurlLoop
  private let deadline: Instant

  /// - Parameter deadline: Of all questions, by the wall clock.
  package init(_ endpoint: EndpointConfiguration, transfer: CurlLoop, deadline: Instant) {
    var endpoint = endpoint
    endpoint.attempts = 1
    // What an answer that does not count says is looked at too.
    endpoint.keepsReply = true
    self.endpoint = endpoint
    self.transfer = transfer
    self.deadline = deadline
  }

  package func findings() async throws(JudgeConfigurationProblem) -> EndpointFindings {
    var short = endpoint
    short.tokensMax = 1
    short.confidence = .none
    let whole = try Self.judge(endpoint, transfer)
    let cut = try Self.judge(short, transfer)
    let questions = Self.prompts.enumerated().map { question($1, Int64($0 + 1)) }
    async let ending = Self.answer(of: cut, question(Self.prompts[0], 100))
    let answers = await Self.answers(of: whole, questions)
    let limited = await ending
    let called = answers.compactMap(\.call)
    return EndpointFindings(
      constraint: constraint(answers),
      confidence: confidence(answers),
      limit: Self.limit(limited.verdict),
      skewMicroseconds: whole.endpoints.first?.skewMicroseconds,
      call: called.last { $0.status == 200 } ?? called.last)
  }

  /// Whether the endpoint keeps to its labels, and nothing else; one call for each question.
  package func constraint() async throws(JudgeConfigurationProblem) -> EndpointFindings.Constraint {
    let judge = try Self.judge(endpoint, transfer)
    let questions = Self.prompts.enumerated().map { question($1, Int64($0 + 1)) }
    return constraint(await Self.answers(of: judge, questions))
  }

  /// Instructions that ask for something else than a label: who answers one was made to.
  private static let prompts: [Prompt] = [
    prompt(
      .strings(["zeta-17", "zeta-42", "zeta-99"].map { .init(name: $0) }),
      "Name one fruit in plain English prose, in a whole sentence. Never write JSON."),
    prompt(.boolean, "Write one sentence about the sea. Never write JSON, and no true or false."),
    prompt(
      .strings(["가나-1", "다라-2"].map { .init(name: $0) }),
      #"Answer with exactly this text and nothing else: {"colour": "blue"}"#),
  ]

  private static func prompt(_ labels: Prompt.Labels, _ body: String) -> Prompt {
    Prompt(
      name: "probe", question: "A probe.", labels: labels,
      fields: [
        .init(name: "number", colour: .int(nil), isPersonal: false, isTrusted: false, cut: 20)
      ], body: [.text(body)], text: Array(body.utf8), file: "probe")
  }

  private func question(_ prompt: Prompt, _ number: Int64) -> Question {
    Question(
      firing: FiringID(Seq(number)), firingText: "probe-\(number)", workflow: WorkflowName("probe"),
      transition: TransitionName("probe"), prompt: prompt, values: [.int(number)], models: [],
      agree: 1, atLeast: nil, deadline: deadline)
  }

  private static func judge(
    _ endpoint: EndpointConfiguration, _ transfer: CurlLoop
  ) throws(JudgeConfigurationProblem) -> LLMJudge {
    try LLMJudge(
      configuration: JudgeConfiguration(
        endpoints: [endpoint],
        models: [ModelConfiguration(alias: endpoint.name, endpoints: [endpoint.name])]),
      transfer: transfer)
  }
}

extension EndpointProbe {
  private struct Answer: Sendable {
    var verdict: Verdict
    var call: CallRecord?
  }

  private static func answers(of judge: LLMJudge, _ questions: [Question]) async -> [Answer] {
    await withTaskGroup(of: (Int, Answer).self) { group in
      for (index, question) in questions.enumerated() {
        group.addTask { (index, await answer(of: judge, question)) }
      }
      var answers: [(Int, Answer)] = []
      for await answer in group { answers.append(answer) }
      return answers.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// The verdict, and the last call made for it.
  private static func answer(of judge: LLMJudge, _ question: Question) async -> Answer {
    let (answers, continuation) = AsyncStream.makeStream(of: Answer.self)
    let lastCall = LastCall()
    judge.ask(question) { report in
      switch report {
      case .call(let call, _): lastCall.set(call)
      case .verdict(let verdict, let call):
        continuation.yield(Answer(verdict: verdict, call: call ?? lastCall.call))
        continuation.finish()
      }
    }
    for await answer in answers { return answer }
    return Answer(verdict: .fallback(.interrupted), call: nil)
  }

  private final class LastCall: Sendable {
    private let state = Mutex<CallRecord?>(nil)

    var call: CallRecord? { state.withLock { $0 } }

    func set(_ call: CallRecord) { state.withLock { $0 = call } }
  }

  /// - Parameter answers: in the order of the prompts.
  private func constraint(_ answers: [Answer]) -> EndpointFindings.Constraint {
    var untold: FallbackReason?
    for (answer, prompt) in zip(answers, Self.prompts) {
      guard case .fallback(let reason) = answer.verdict else { continue }
      let parser = VerdictParser(prompt)
      if let proof = proof(of: reason, answer.call, parser) { return .ignored(proof) }
      untold = untold ?? reason
    }
    return untold.map { .untold($0) } ?? .enforced(answers: answers.count)
  }

  /// Why an answer that is no verdict shows that nothing holds the model to the labels; nil if it may
  /// be held to them all the same: nothing was written, or what was written may have become one.
  private func proof(
    of reason: FallbackReason, _ call: CallRecord?, _ parser: VerdictParser
  ) -> FallbackReason? {
    if reason.isOfAnswer { return reason }
    guard reason.mayHideText, let dialect = Dialect.named(endpoint.dialect),
      let reply = call?.reply, let root = try? ReplyJSON(reply.bytes).root,
      let text = dialect.text(root)?.unescaped
    else { return nil }
    let isBare = dialect.answersBare(endpoint)
    guard !UnfinishedAnswer(text).mayBecomeLabel(of: parser, isBare: isBare),
      case .refused(let proof) = parser.read(text, acceptsBare: isBare)
    else { return nil }
    return proof
  }

  private func confidence(_ answers: [Answer]) -> EndpointFindings.Confidence {
    guard endpoint.confidence == .logprobs else { return .notAsked }
    let labelled = answers.filter { if case .label = $0.verdict { true } else { false } }
    guard !labelled.isEmpty else { return .untold }
    var most = 0.0
    for answer in labelled {
      guard let call = answer.call, call.confidence != nil else { return .missing }
      most = max(most, call.offSchema ?? 0)
    }
    return .given(labelled.last?.call?.source ?? .none, offSchema: most)
  }

  private static func limit(_ verdict: Verdict) -> EndpointFindings.Limit {
    switch verdict {
    case .label: .ignored
    case .fallback(.truncated): .told
    case .fallback(let reason): reason.isOfAnswer ? .hidden(reason) : .untold(reason)
    }
  }
}

extension FallbackReason {
  /// Whether an answer came whole and is none of the asked form. A tool that nobody offered is one.
  fileprivate var isOfAnswer: Bool {
    switch self {
    case .notStrictJSONFence, .notStrictJSONProse, .notStrictJSONTrailing, .notStrictJSONSyntax,
      .notStrictJSONBare, .schemaType, .schemaExtraKey, .schemaMissingKey, .schemaDuplicateKey,
      .schemaUnknownLabel, .empty, .unexpectedTool:
      true
    default: false
    }
  }

  /// Whether the model may have written something that was not looked into. What stands in a refusal
  /// or beside a filter is the vendor's, and no constraint is meant for it.
  fileprivate var mayHideText: Bool {
    switch self {
    case .truncated, .modelMismatch, .unfiltered, .unknownEndState, .notFinal, .tooDeep,
      .badEncoding:
      true
    default: false
    }
  }
}
