/// A server on 127.0.0.1 that speaks OpenAI's chat protocol and answers by rules (CONFIG §4).
///
/// Serves `POST /v1/chat/completions`, `GET /v1/models` and `GET /stand-in/calls`. It prints
/// nothing; keys sent to it are neither checked nor kept.
package final class ModelStandIn: StandIn {
  /// Checks the rules; nothing is bound yet.
  ///
  /// - Parameters:
  ///   - port: 0 takes any free one.
  ///   - seed: takes the place of the rules' own.
  package init(
    rules: StandInRules, port: Int = 0, seed: UInt64? = nil
  ) throws(StandInRulesProblem) {
    let service = ModelService(book: try RuleBook(rules), seed: seed ?? rules.seed)
    server = LoopbackServer(service: service, port: port, threads: 2)
  }

  package let server: LoopbackServer
}
