/// What a stand-in does with one question: the label it gives and the fault it meets.
struct ModelAnswer {
  /// Between two bytes of a reply that drips.
  static let dripInterval = Duration.milliseconds(500)
  /// What a busy endpoint asks to wait: longer than a verdict may take.
  static let busySeconds = 120

  private let question: ModelQuestion
  private let settings: StandInRules
  private let draw: Draw
  private let seed: UInt64
  private let label: String
  private let confidence: Double
  private let fault: StandInFault?
  private let isObeyed: Bool

  init(question: ModelQuestion, book: RuleBook, draw: Draw, seed: UInt64) {
    self.question = question
    self.draw = draw
    self.seed = seed
    settings = book.settings
    let labels = question.labels
    let finding = book.finding(on: question.text, labels: labels)
    let drawn = labels.names[draw.index(.label, below: labels.names.count)]
    switch finding.answer {
    case .label(let label)?: (self.label, isObeyed) = (label, false)
    case .obeyed(let label)?: (self.label, isObeyed) = (label, true)
    case .seeded?: (label, isObeyed) = (drawn, false)
    case nil:
      isObeyed = false
      if case .label(let label) = book.settings.otherwise, labels.offers(label) {
        self.label = label
      } else {
        label = drawn
      }
    }
    confidence = finding.confidence ?? 0.8 + 0.19 * draw.fraction(.detail)
    fault = finding.fault ?? (isObeyed ? nil : Self.drawnFault(settings.faults, draw))
  }

  private static func drawnFault(_ rates: [FaultRate], _ draw: Draw) -> StandInFault? {
    var reached = draw.fraction(.fault)
    for rate in rates {
      if reached < rate.rate { return rate.fault }
      reached -= rate.rate
    }
    return nil
  }

  /// The name under which the call is counted.
  var fate: String { fault?.name ?? (isObeyed ? "obeyed" : "answered") }

  var reply: LoopbackReply {
    let wait = draw.duration(.delay, in: settings.delay)
    var reply = LoopbackReply(wait: wait, wire: wire(after: wait))
    if case .delay(let duration)? = fault { reply.wait += duration }
    return reply
  }

  private func wire(after wait: Duration) -> LoopbackReply.Wire {
    let response = response(after: wait)
    switch fault {
    case .hang?: return .silence
    case .reset?: return .reset
    case .drip?: return .drip(response, every: Self.dripInterval)
    case .cut?:
      let head = response.head(closing: false).utf8.count
      return .partial(response, bytes: head + response.body.utf8.count / 2)
    case .badHeader?:
      let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: twelve\r\n"
      return .raw(Array((head + "\r\n" + response.body).utf8))
    default: return .whole(response)
    }
  }

  private func response(after wait: Duration) -> LoopbackResponse {
    var response = LoopbackResponse(status: 200, body: "")
    response.headers = [
      ("x-request-id", "req-\(draw.name)"),
      ("openai-processing-ms", "\(wait / .milliseconds(1))"),
    ]
    switch fault {
    case .status500?:
      response.status = 500
      response.body = ModelService.errorBody("server_error", "the stand-in was told to fail")
    case .busy?: limit(&response, seconds: Self.busySeconds)
    case .status429(let duration)?:
      let parts = duration.components
      limit(&response, seconds: Int(parts.seconds) + (parts.attoseconds > 0 ? 1 : 0))
    case .notJSON?:
      response.contentType = "text/html; charset=utf-8"
      response.body = "<!doctype html><title>Sign in</title><p>Sign in to use this network.</p>"
    default:
      response.body = completion.json
    }
    return response
  }

  private func limit(_ response: inout LoopbackResponse, seconds: Int) {
    response.status = 429
    response.headers.append(("retry-after", "\(seconds)"))
    response.body = ModelService.errorBody("rate_limit_exceeded", "too many requests")
  }

  private var completion: ChatCompletion {
    var completion = ChatCompletion(
      id: draw.name, model: question.model, fingerprint: "fp_stand_in_\(seed)",
      promptBytes: question.promptBytes)
    let verdict = "{\"verdict\":\(question.labels.json(label))}"
    switch fault {
    case .refusal?: completion.refusal = "I'm sorry, but I can't help with that."
    case .filter?: completion.finish = "content_filter"
    case .truncated?:
      completion.finish = "length"
      completion.content = "{\"verdict\":"
    case .junk?: completion.content = junk(around: verdict)
    case .wrongLabel?: completion.content = "{\"verdict\":\"\(unofferedLabel)\"}"
    case .duplicateKey?:
      let other = question.labels.names.first { !$0.utf8.elementsEqual(label.utf8) } ?? label
      completion.content =
        "{\"verdict\":\(question.labels.json(label)),"
        + "\"verdict\":\(question.labels.json(other))}"
    case .fence?: completion.content = "```json\n\(verdict)\n```"
    default:
      guard question.hasSchema, settings.constraint == .enforced else {
        completion.content = "I would say that the answer is \(label)."
        break
      }
      completion.content = verdict
      completion.tokens = tokens
    }
    return completion
  }

  private var unofferedLabel: String {
    var label = "maybe"
    while question.labels.offers(label) { label += "_not" }
    return label
  }

  private func junk(around verdict: String) -> String {
    let texts = [
      "Certainly! Here is what you asked for: \(verdict) Let me know if I can do more.",
      "Thank you for your message. Whether this is a refund depends on the terms of the shop.",
      "Based on the customer's tone, I would lean towards yes, but a colleague should look.",
    ]
    return texts[draw.index(.detail, below: texts.count)]
  }

  private var tokens: [TokenChoice]? {
    guard let alternatives = question.alternatives, settings.confidence != .none else {
      return nil
    }
    return TokenChoice.verdict(
      label, of: question.labels, confidence: confidence, alternatives: alternatives,
      isRaw: settings.confidence == .raw)
  }
}
