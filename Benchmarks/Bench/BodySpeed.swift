internal import Engine
internal import Foundation
internal import LLMJudge
internal import PetriNet

/// How many bodies a second are read to a verdict, beside Foundation's reader of JSON, which takes
/// some of what is no verdict for one.
enum BodySpeed {
  private static let labels = ["approve", "deny", "환불_요청", "나중에"]

  /// Texts of a model, and the label that each is; nil: it is none.
  private static let texts: [(text: String, label: String?)] = [
    (#"{"verdict":"approve"}"#, "approve"), (#"{"verdict":"deny"}"#, "deny"),
    (#"{"verdict":"환불_요청"}"#, "환불_요청"), (#"{ "verdict" : "d\u0065ny" }"#, "deny"),
    (#"{"verdict":"나중에"}"#, "나중에"), (#"{"verdict":"Deny"}"#, nil),
    (#"{"verdict":"approve","why":"the customer is angry"}"#, nil), (#"["approve"]"#, nil),
  ]

  /// - Parameters:
  ///   - subject: `texts` of a model, or whole `replies` with one in each.
  ///   - side: `petrel` or `foundation`.
  static func measure(_ subject: String, _ side: String) throws {
    let bodies = texts.map { item in
      (Array((subject == "replies" ? reply(item.text) : item.text).utf8), item.label)
    }
    let read = try reader(subject, side)
    for (body, label) in bodies {
      // Foundation ignores what else stands in an object.
      let isBlind = side == "foundation" && label == nil
      guard isBlind || read(body) == label else { throw Bench.WrongUse() }
    }
    let count = side == "petrel" ? 400_000 : 100_000
    var found = 0
    let watch = Stopwatch()
    for index in 0..<count where read(bodies[index % bodies.count].0) != nil { found += 1 }
    let line = watch.line("bodies", count)
    guard found >= count / bodies.count * 5 else { throw Bench.WrongUse() }
    Bench.say(line)
  }

  private static func reader(
    _ subject: String, _ side: String
  ) throws -> ([UInt8]) -> String? {
    let isWhole = subject == "replies"
    if side == "foundation" {
      return { body in isWhole ? plainReply(body) : plainText(body) }
    }
    let prompt = Prompt(
      name: "speed", question: "Which?",
      labels: .strings(labels.map { Prompt.Label(name: $0) }), fields: [],
      body: [.text("Judge.")], text: [], file: "prompts/speed.md")
    guard side == "petrel",
      let reader = BodyReader(prompt, dialect: "openai-chat", model: "stub-1")
    else { throw Bench.WrongUse() }
    return { body in
      let verdict = isWhole ? reader.verdict(ofReply: body) : reader.verdict(ofText: body)
      guard case .label(let label) = verdict else { return nil }
      return label
    }
  }

  private static func plainText(_ body: [UInt8]) -> String? {
    let value = try? JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed)
    guard let label = (value as? [String: Any])?["verdict"] as? String else { return nil }
    return labels.contains(label) ? label : nil
  }

  private static func plainReply(_ body: [UInt8]) -> String? {
    let value = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
    guard let choices = value?["choices"] as? [[String: Any]], choices.count == 1,
      choices[0]["finish_reason"] as? String == "stop",
      let message = choices[0]["message"] as? [String: Any],
      let text = message["content"] as? String
    else { return nil }
    return plainText(Array(text.utf8))
  }

  private static func reply(_ text: String) -> String {
    #"{"id":"chatcmpl-9f1c","object":"chat.completion","created":1767225600,"model":"stub-1","#
      + #""system_fingerprint":"fp_44709d6fcb","choices":[{"index":0,"message":{"role":"assistant","#
      + #""content":\#(JSONText.quoted(text)),"refusal":null},"logprobs":null,"finish_reason":"stop"}],"#
      + #""usage":{"prompt_tokens":212,"completion_tokens":6,"total_tokens":218}}"#
  }
}
