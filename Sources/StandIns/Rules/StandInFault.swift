/// A way in which a stand-in disturbs an answer (CONFIG §4).
package enum StandInFault: Hashable, Sendable {
  /// The right answer, later by this much.
  case delay(Duration)
  /// Not a byte until the other side goes.
  case hang
  /// The right answer, a byte every half second.
  case drip
  /// Half of the body that Content-Length promised, then the end.
  case cut
  /// The connection is reset before a byte.
  case reset
  /// Prose in place of JSON.
  case junk
  /// A label that the question does not offer.
  case wrongLabel
  /// The key `verdict` twice, with different values.
  case duplicateKey
  /// The right answer in a Markdown fence.
  case fence
  /// The answer breaks off, `finish_reason` is `length`.
  case truncated
  /// The model declines in the field `refusal`.
  case refusal
  /// `finish_reason` is `content_filter`, without content.
  case filter
  /// 429 that asks to wait longer than a verdict may.
  case busy
  case status500
  /// 429 with this Retry-After, rounded up to whole seconds.
  case status429(retryAfter: Duration)
  /// A Content-Length that is no number.
  case badHeader
  /// 200 with a page in HTML.
  case notJSON

  /// The name of CONFIG §4, without an argument; counts are kept under it.
  package var name: String {
    switch self {
    case .delay: "delay"
    case .hang: "hang"
    case .drip: "drip"
    case .cut: "cut"
    case .reset: "reset"
    case .junk: "junk"
    case .wrongLabel: "wrong_label"
    case .duplicateKey: "duplicate_key"
    case .fence: "fence"
    case .truncated: "truncated"
    case .refusal: "refusal"
    case .filter: "filter"
    case .busy: "busy"
    case .status500: "status_500"
    case .status429: "status_429"
    case .badHeader: "bad_header"
    case .notJSON: "not_json"
    }
  }

  /// The fault of that name; `argument` is the duration of `delay(D)` and `status_429(D)`.
  ///
  /// Nil for an unknown name, an argument that is missing, and one that the name does not take.
  package init?(name: String, argument: Duration? = nil) {
    switch (name, argument) {
    case ("delay", .some(let duration)): self = .delay(duration)
    case ("status_429", .some(let duration)): self = .status429(retryAfter: duration)
    case (_, .some): return nil
    case ("hang", nil): self = .hang
    case ("drip", nil): self = .drip
    case ("cut", nil): self = .cut
    case ("reset", nil): self = .reset
    case ("junk", nil): self = .junk
    case ("wrong_label", nil): self = .wrongLabel
    case ("duplicate_key", nil): self = .duplicateKey
    case ("fence", nil): self = .fence
    case ("truncated", nil): self = .truncated
    case ("refusal", nil): self = .refusal
    case ("filter", nil): self = .filter
    case ("busy", nil): self = .busy
    case ("status_500", nil): self = .status500
    case ("bad_header", nil): self = .badHeader
    case ("not_json", nil): self = .notJSON
    default: return nil
    }
  }

  /// The names above, for messages such as "did you mean".
  package static let names = [
    "delay", "hang", "drip", "cut", "reset", "junk", "wrong_label", "duplicate_key", "fence",
    "truncated", "refusal", "filter", "busy", "status_500", "status_429", "bad_header",
    "not_json",
  ]
}
