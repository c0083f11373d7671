import PetriNet

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A response of `POST /v1/chat/completions`, in the shape of OpenAI's.
struct ChatCompletion {
  var id: String
  var model: String
  var fingerprint: String
  var content: String?
  var refusal: String?
  var finish = "stop"
  /// The probabilities of the content's tokens; nil if none are sent.
  var tokens: [TokenChoice]?
  var promptBytes: Int

  var json: String {
    let used = (prompt: promptBytes / 4 + 1, answer: (content ?? refusal ?? "").utf8.count / 4 + 1)
    return "{\"id\":\(JSONText.quoted("chatcmpl-" + id)),\"object\":\"chat.completion\","
      + "\"created\":0,\"model\":\(JSONText.quoted(model)),"
      + "\"system_fingerprint\":\(JSONText.quoted(fingerprint)),"
      + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
      + "\"content\":\(Self.optional(content)),\"refusal\":\(Self.optional(refusal))},"
      + "\"logprobs\":\(logprobs),\"finish_reason\":\(JSONText.quoted(finish))}],"
      + "\"usage\":{\"prompt_tokens\":\(used.prompt),\"completion_tokens\":\(used.answer),"
      + "\"total_tokens\":\(used.prompt + used.answer)}}"
  }

  private var logprobs: String {
    guard let tokens else { return "null" }
    return "{\"content\":[\(tokens.map(\.json).joined(separator: ","))],\"refusal\":null}"
  }

  private static func optional(_ text: String?) -> String {
    text.map(JSONText.quoted) ?? "null"
  }
}

/// One token of an answer with its probability and those of the tokens it was chosen from.
struct TokenChoice {
  var text: String
  var probability: Double
  /// The chosen one among them, likeliest first.
  var alternatives: [(text: String, probability: Double)] = []

  var json: String {
    let others = alternatives.map { Self.entry($0.text, $0.probability) + "}" }
    return Self.entry(text, probability)
      + ",\"top_logprobs\":[\(others.joined(separator: ","))]}"
  }

  private static func entry(_ text: String, _ probability: Double) -> String {
    let bytes = text.utf8.map(String.init).joined(separator: ",")
    // OpenAI's number for what lies below its range.
    let logarithm = probability > 0 ? log(probability) : -9999
    return "{\"token\":\(JSONText.quoted(text)),\"logprob\":\(logarithm),\"bytes\":[\(bytes)]"
  }
}

extension TokenChoice {
  /// The tokens of `{"verdict":LABEL}`, with the label as one token.
  ///
  /// Under `constrained` the other labels share what `confidence` leaves. Under `raw` half of the
  /// mass lies on words outside the schema, also where the schema leaves no choice.
  static func verdict(
    _ label: String, of labels: ModelLabels, confidence: Double, alternatives: Int,
    isRaw: Bool
  ) -> [TokenChoice] {
    let share = isRaw ? 0.5 : 1
    let others = labels.names.filter { !$0.utf8.elementsEqual(label.utf8) }
    var choices = [(text: label, probability: confidence * share)]
    for other in others {
      choices.append((other, (1 - confidence) * share / Double(others.count)))
    }
    if isRaw { choices.append(("The", 0.3)) }
    choices.sort { $0.probability > $1.probability }
    let quote = labels.areBoolean ? "" : "\""
    let fixed = ["{\"", "verdict", "\":\(quote)"].map { forced($0, alternatives, share) }
    let chosen = TokenChoice(
      text: label, probability: confidence * share,
      alternatives: Array(choices.prefix(alternatives)))
    return fixed + [chosen, forced("\(quote)}", alternatives, share)]
  }

  /// A token that the schema leaves no choice about.
  private static func forced(
    _ text: String, _ alternatives: Int, _ probability: Double
  ) -> TokenChoice {
    let only = [(text: text, probability: probability)]
    return TokenChoice(
      text: text, probability: probability, alternatives: Array(only.prefix(alternatives)))
  }
}
