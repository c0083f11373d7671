internal import Engine

/// Chat completions as OpenAI made them and others serve them: `messages` in, `choices` out. What
/// differs from one server to the next is data.
struct ChatProtocol: Sendable {
  typealias Deviations = EndpointConfiguration.Deviations

  var limitKey = "max_completion_tokens"
  var schema = Deviations.Schema.strict
  var instructions = Deviations.Instructions.system
  /// Values of `finish_reason` for an answer that is whole.
  var ends: Set<String> = ["stop"]
  /// Members of the request that never change.
  var constants: [UInt8] = []
  /// The same, where probabilities are asked for.
  var probabilityConstants: [UInt8] = []

  static let settledKeys = [
    "model", "messages", "response_format", "structured_outputs", "guided_json", "guided_choice",
    "grammar", "json_schema", "max_completion_tokens", "max_tokens", "stream", "n", "stop",
    "tools", "tool_choice", "functions", "function_call", "logprobs", "top_logprobs",
  ]

  /// As many as any of them gives.
  static let alternatives = 20
}

extension ChatProtocol {
  func request(
    _ prompt: RenderedPrompt, _ endpoint: EndpointConfiguration, _ parameters: RequestParameters
  ) -> [UInt8] {
    var json = JSONWriter()
    json.text(#"{"model":"#)
    json.string(endpoint.model)
    json.text(#","messages":["#)
    write(messages(prompt), to: &json)
    json.text("]")
    write(schemaOf: prompt, to: &json)
    json.text(",")
    json.string(limitKey)
    json.text(":\(endpoint.tokensMax)")
    if endpoint.confidence == .logprobs {
      json.text(#","logprobs":true,"top_logprobs":\#(Self.alternatives)"#)
      json.members(probabilityConstants)
    }
    json.members(constants)
    json.members(parameters.outer)
    json.text("}")
    return json.bytes
  }

  private typealias Message = (role: String, content: [UInt8])

  private func messages(_ prompt: RenderedPrompt) -> [Message] {
    var messages: [Message] = []
    for turn in prompt.examples {
      messages.append(("user", turn.user))
      messages.append(("assistant", turn.answer))
    }
    messages.append(("user", prompt.user))
    guard instructions == .user else {
      return [(instructions.rawValue, prompt.system)] + messages
    }
    messages[0].content = prompt.system + Array("\n\n".utf8) + messages[0].content
    return messages
  }

  private func write(_ messages: [Message], to json: inout JSONWriter) {
    for (index, message) in messages.enumerated() {
      json.text(index == 0 ? #"{"role":"# : #""role":"#)
      json.string(message.role)
      json.text(#","content":"#)
      json.string(message.content)
      json.text(index == messages.count - 1 ? "}" : "},{")
    }
  }

  private func write(schemaOf prompt: RenderedPrompt, to json: inout JSONWriter) {
    switch schema {
    case .strict, .jsonSchema:
      json.text(#","response_format":{"type":"json_schema","json_schema":{"name":"verdict","#)
      json.text(schema == .strict ? #""strict":true,"schema":"# : #""schema":"#)
      json.raw(prompt.schema)
      json.text("}}")
    case .jsonObject:
      json.text(#","response_format":{"type":"json_object","schema":"#)
      json.raw(prompt.schema)
      json.text("}")
    case .choice where prompt.asksRationale:
      json.text(#","structured_outputs":{"json":"#)
      json.raw(prompt.schema)
      json.text("}")
    case .choice:
      json.text(#","structured_outputs":{"choice":["#)
      for (index, label) in prompt.labels.enumerated() {
        if index > 0 { json.text(",") }
        json.string(label)
      }
      json.text("]}")
    case .none: break
    }
  }
}
