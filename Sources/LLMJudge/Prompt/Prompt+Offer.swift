internal import Crypto
package import PetriNet

extension Prompt {
  /// The labels as the model is offered them: in file order, the canary at the place that the hash of
  /// the prompt's text gives it.
  package var offeredLabels: [String] {
    var labels = outcomes
    guard let canary else { return labels }
    let places = labels.count + 1
    let index = SHA256.hash(data: text).reduce(0) { ($0 * 256 + Int($1)) % places }
    labels.insert(canary, at: index)
    return labels
  }

  /// Offered labels as JSON values: bare `true` and `false`, or strings.
  func offeredJSON(_ offered: [String]) -> [[UInt8]] {
    switch labels {
    case .boolean: offered.map { Array($0.utf8) }
    case .strings: offered.map { PromptText.quoted($0) }
    }
  }

  /// Schema V of the answer, as JSON, with the labels in file order.
  package var schemaJSON: [UInt8] { schemaJSON(offeredLabels) }

  /// The same with the labels in this order.
  func schemaJSON(_ offered: [String]) -> [UInt8] {
    var type = JSONWriter()
    switch labels {
    case .boolean: type.text(#"{"type":"boolean"}"#)
    case .strings:
      type.text(#"{"type":"string","enum":["#)
      for (index, label) in offered.enumerated() {
        if index > 0 { type.text(",") }
        type.string(label)
      }
      type.text("]}")
    }
    var schema = JSONWriter()
    schema.text(#"{"type":"object","properties":{"verdict":"#)
    schema.raw(type.bytes)
    schema.text(asksRationale ? #","reason":{"type":"string"}},"# : "},")
    schema.text(asksRationale ? #""required":["verdict","reason"],"# : #""required":["verdict"],"#)
    schema.text(#""additionalProperties":false}"#)
    return schema.bytes
  }

  /// The answer that an example shows.
  func answerJSON(_ label: String) -> [UInt8] {
    var answer = JSONWriter()
    answer.text(#"{"verdict":"#)
    if labels == .boolean { answer.text(label) } else { answer.string(label) }
    answer.text(asksRationale ? #","reason":""}"# : "}")
    return answer.bytes
  }
}
