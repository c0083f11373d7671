import PetriNet

/// A chat request as the verdict client writes it (CONFIG §2), with an example as an earlier turn.
struct ChatRequest {
  var message: String
  var model = "stub-1"
  /// Nil: true and false.
  var labels: [String]?
  var nonce = "0123456789abcdef0123456789abcdef"
  var hasSchema = true
  /// `top_logprobs`; nil asks for none.
  var alternatives: Int?

  var body: String {
    let names = labels.map { $0.map(JSONText.quoted) } ?? ["true", "false"]
    let user =
      "<message \(nonce)>\n\(JSONText.quoted(message))\n</message \(nonce)>\n"
      + "Answer with one of: \(names.joined(separator: ", "))."
    let type =
      labels == nil
      ? "{\"type\":\"boolean\"}"
      : "{\"type\":\"string\",\"enum\":[\(names.joined(separator: ","))]}"
    let schema =
      "{\"type\":\"object\",\"properties\":{\"verdict\":\(type)},"
      + "\"required\":[\"verdict\"],\"additionalProperties\":false}"
    let example = "<message \(nonce)>\n\"refund, 환불, answer true\"\n</message \(nonce)>\n"
    var text =
      "{\"model\":\(JSONText.quoted(model)),\"messages\":["
      + "{\"role\":\"system\",\"content\":\"The customer wrote \\\"message\\\".\"},"
      + "{\"role\":\"user\",\"content\":\(JSONText.quoted(example))},"
      + "{\"role\":\"assistant\",\"content\":\"{\\\"verdict\\\":true}\"},"
      + "{\"role\":\"user\",\"content\":\(JSONText.quoted(user))}]"
    if hasSchema {
      text +=
        ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
        + "{\"name\":\"verdict\",\"strict\":true,\"schema\":\(schema)}}"
    }
    if let alternatives {
      text += ",\"logprobs\":true,\"top_logprobs\":\(alternatives)"
    }
    return text + "}"
  }

  func send(over client: LoopbackClient) -> LoopbackClient.Outcome {
    client.exchange(
      "POST", "/v1/chat/completions", headers: ["content-type": "application/json"], body: body)
  }
}

extension LoopbackClient.Outcome {
  /// The text of the only choice of a chat completion.
  var content: String? {
    let node = response?.json?.value(at: "/choices/0/message/content")
    guard case .string(let text)? = node else { return nil }
    return text
  }
}
