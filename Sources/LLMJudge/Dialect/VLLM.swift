/// vLLM's chat completions: the labels are given as choices, and one of them is the whole answer.
///
/// `guided_*` of older servers is gone since 0.12. Probabilities are those before the constraint,
/// unless the server was started with `--logprobs-mode processed_logprobs`.
extension Dialect {
  static let vllm: Dialect = {
    var dialect = Dialect(
      name: "vllm", compared: "2026-11",
      chat: ChatProtocol(limitKey: "max_completion_tokens", schema: .choice))
    dialect.answersBare = { _ in true }
    return dialect
  }()
}
