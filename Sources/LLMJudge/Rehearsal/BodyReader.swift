package import Engine
package import PetriNet
internal import Transfer

/// Reads bytes as the judge reads those from the wire, without a network: what a benchmark measures.
package struct BodyReader: Sendable {
  private let reader: CallReader

  /// Nil for a dialect that there is none of.
  ///
  /// - Parameter model: the one that replies must name.
  package init?(_ prompt: Prompt, dialect: String, model: String) {
    guard let dialect = Dialect.named(dialect) else { return nil }
    reader = CallReader(
      dialect: dialect,
      endpoint: EndpointConfiguration(
        name: "reader", url: "http://127.0.0.1", dialect: dialect.name, model: model),
      parser: VerdictParser(prompt), canary: prompt.canary)
  }

  /// What a model's text comes to.
  package func verdict(ofText text: [UInt8]) -> Verdict {
    switch reader.parser.read(text) {
    case .label(let label, _): .label(label)
    case .refused(let reason): .fallback(reason)
    }
  }

  /// What the body of a whole reply comes to.
  package func verdict(ofReply body: [UInt8]) -> Verdict {
    let instant = MonotonicInstant(nanoseconds: 0)
    var result = TransferResult(started: instant, ended: instant)
    result.status = 200
    result.body = body
    return reader.ending(of: result, unixSeconds: 0).verdict
  }
}
