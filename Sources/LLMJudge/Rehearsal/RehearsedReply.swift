internal import Engine
internal import PetriNet
internal import Transfer

/// The bytes with which OpenAI's chat protocol brings about each numbered ending of a call.
struct RehearsedReply {
  enum Wire: Equatable {
    /// The body of a 200.
    case reply(String)
    case status(Int, body: String, headers: [TransferResult.Header])
    case failure(TransferFailure)
    case silence(hasBegun: Bool)
    /// A good answer, behind the deadline.
    case late
  }

  private let labels: [String]
  private let isBoolean: Bool

  init(_ prompt: Prompt) {
    labels = prompt.outcomes
    isBoolean = prompt.labels == .boolean
  }

  /// A reply with this label.
  func answer(_ label: String) -> String { Self.chat(text(label)) }

  func result(of wire: Wire) -> TransferResult {
    let instant = MonotonicInstant(nanoseconds: 0)
    var result = TransferResult(started: instant, ended: instant)
    result.status = 200
    result.wasSent = true
    switch wire {
    case .reply(let body): result.body = Array(body.utf8)
    case .late: result.body = Array(answer(labels.first ?? "").utf8)
    case .status(let status, let body, let headers):
      result.status = status
      result.body = Array(body.utf8)
      result.headers = headers
    case .failure(let failure):
      result.status = 0
      result.failure = failure
    case .silence: result.status = 0
    }
    return result
  }

  /// `{"verdict":"deny"}`; a boolean prompt's own labels without quotes.
  private func text(_ label: String) -> String {
    let isOffered = labels.contains { $0.utf8.elementsEqual(label.utf8) }
    return #"{"verdict":\#(isBoolean && isOffered ? label : JSONText.quoted(label))}"#
  }

  private static func chat(
    _ content: String, finish: String = "stop", model: String = "stub-1"
  ) -> String {
    chat(message: #""content":\#(JSONText.quoted(content))"#, finish: finish, model: model)
  }

  private static func chat(
    message: String, finish: String = "stop", model: String = "stub-1", more: String = ""
  ) -> String {
    #"{"model":"\#(model)","choices":[{"message":{\#(message)},"finish_reason":"\#(finish)"\#(more)}]}"#
  }

  private static func error(_ status: Int, _ body: String = "{}") -> Wire {
    .status(status, body: body, headers: [])
  }
}

extension RehearsedReply {
  /// - Precondition: one of `Rehearsal.endings`.
  func wire(ofEnding number: Int) -> Wire {
    switch number {
    case 1...22: .reply(Self.chat(content(ofEnding: number)))
    case 23...40: state(number)
    case 41...50: refusal(number)
    default: transfer(number)
    }
  }

  /// What the model writes.
  private func content(ofEnding number: Int) -> String {
    let first = labels.first ?? ""
    let second = labels.last ?? ""
    let good = text(first)
    let value = isBoolean ? first : JSONText.quoted(first)
    let other = isBoolean ? second : JSONText.quoted(second)
    return switch number {
    case 2: " { \"verdict\" :\n\(value) } "
    case 3: #"{"\u0076erdict":\#(value)}"#
    case 4: "```json\n\(good)\n```"
    case 5: "Sure: \(good)"
    case 6: first
    case 7: JSONText.quoted(first)
    case 8: "[\(good)]"
    case 9: #"{"verdict":\#(value),"why":""}"#
    case 10: "{}"
    case 11: #"{"verdict":\#(value),"verdict":\#(value)}"#
    case 12: #"{"verdict":\#(value),"\u0076erdict":\#(other)}"#
    case 13: good + good
    case 14: #"{"verdict":\#(value),}"#
    case 15: #"{"verdict":\#(JSONText.quoted(Self.otherCase(first)))}"#
    case 16: #"{"verdict":\#(JSONText.quoted(" " + first))}"#
    case 17: #"{"verdict":"\#(first)_of_nobody"}"#
    case 18: #"{"verdict":1}"#
    case 19: #"{"verdict":{"a":1}}"#
    case 20: #"{"verdict":"\ud800"}"#
    case 21: "\u{FEFF}" + good
    case 22: "\u{FFFD}" + good
    default: good
    }
  }

  private static func otherCase(_ label: String) -> String {
    let upper = label.uppercased()
    return upper == label ? label.lowercased() : upper
  }

  /// What the provider says beside it.
  private func state(_ number: Int) -> Wire {
    let good = text(labels.first ?? "")
    let deep = String(repeating: "[", count: 33) + String(repeating: "]", count: 33)
    return switch number {
    case 23: .reply(Self.chat(deep))
    case 24: .reply(Self.chat(message: #""content":null"#))
    case 25, 26: .reply(Self.chat(good, finish: "length"))
    case 27: .reply(Self.chat(message: #""content":null,"refusal":"I cannot""#))
    case 28: .reply(Self.chat("", finish: "content_filter"))
    case 29: Self.error(400, #"{"error":{"code":"content_filter","message":""}}"#)
    case 30:
      .reply(
        Self.chat(
          message: #""content":\#(JSONText.quoted(good))"#,
          more: #","content_filter_results":{"error":{"code":"e"}}"#))
    case 31: .reply(Self.chat("", finish: "tool_calls"))
    case 32: .reply(Self.chat(good, finish: "in_progress"))
    case 33: .reply(Self.chat(good, finish: "paused_by_nobody"))
    case 34: .reply(#"{"model":"stub-1","choices":[]}"#)
    case 35: .reply(Self.chat(good, model: "stub-2"))
    case 36: .reply(#"{"error":{"code":503,"message":"busy"}}"#)
    case 37: .reply("<html>login</html>")
    case 38: .status(200, body: Self.chat(good), headers: [.init("content-type", "text/plain")])
    case 39: .reply("data: {}\n\ndata: [DONE]\n\n")
    default: Self.error(204, "")
    }
  }

  /// What its status says.
  private func refusal(_ number: Int) -> Wire {
    switch number {
    case 41: Self.error(307, "")
    case 42: Self.error(400)
    case 43: Self.error(401)
    case 44: Self.error(402)
    case 45: Self.error(404)
    case 46: Self.error(529)
    case 47: Self.error(413, "")
    case 48: .status(429, body: "{}", headers: [.init("retry-after", "1")])
    case 49: .status(429, body: "{}", headers: [.init("retry-after", "-5")])
    default: Self.error(500, "no key")
    }
  }

  /// What the wire does.
  private func transfer(_ number: Int) -> Wire {
    switch number {
    case 51: .failure(.connect)
    case 52: .failure(.tls)
    case 53: .silence(hasBegun: false)
    case 54: .silence(hasBegun: true)
    case 55: .failure(.timeoutSlow)
    case 56, 57: .failure(.connectionLost)
    case 58: .failure(.unframed)
    case 59: .failure(.bodyTooLarge)
    case 60: .failure(.headersTooLarge)
    case 61, 62: .failure(.protocolError)
    case 63: .failure(.cancelled)
    default: .late
    }
  }
}
