/// The chat completions of llama.cpp's server.
///
/// With `post_sampling_probs` its probabilities are those after the constraint.
extension Dialect {
  static let llamaServer: Dialect = {
    var chat = ChatProtocol(limitKey: "max_tokens", schema: .jsonSchema)
    chat.probabilityConstants = Array(#""post_sampling_probs":true"#.utf8)
    var dialect = Dialect(
      name: "llama-server", compared: "2026-11", chat: chat,
      settled: ["post_sampling_probs", "n_predict", "n_probs"])
    dialect.probabilities = .constrained
    return dialect
  }()
}
