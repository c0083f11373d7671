internal import CEL
internal import Engine

extension BodyWriter {
  mutating func write(
    _ event: VerdictRecorded, as kind: EventKind
  ) throws(EncodingProblem) -> EventKind {
    if let call = event.call { try self.call(call) }
    seq("firing", event.firing.seq)
    switch event.verdict {
    case .label(let label): text("outcome", label)
    case .fallback(let reason):
      text("outcome", "fallback")
      text("reason", reason.rawValue)
    }
    try tokens(event.tokens)
    return kind
  }

  mutating func call(_ call: CallRecord) throws(EncodingProblem) {
    json.key("call")
    json.beginObject()
    int("attempt", Int64(call.attempt))
    double("confidence", call.confidence)
    int("cost", call.cost)
    int("curl", call.curl.map { Int64($0) })
    instant("ended", call.ended)
    text("endpoint", call.endpoint)
    text("fingerprint", call.fingerprint)
    text("finish", call.finish)
    instant("first_byte", call.firstByte)
    text("label", call.label)
    text("model", call.model)
    double("off_schema", call.offSchema)
    try wire("question", call.question, .request)
    try wire("reply", call.reply, .reply)
    text("request_id", call.requestID)
    text("requested", call.requested)
    seq("reused", call.reused?.seq)
    text("source", call.source == .none ? nil : call.source.rawValue)
    instant("started", call.started)
    int("status", call.status.map { Int64($0) })
    text("tier", call.tier)
    int("tokens_in", call.tokensIn)
    int("tokens_out", call.tokensOut)
    text("vendor_code", call.vendorCode)
    json.endObject()
  }

  mutating func labels(_ labels: [Label]?) {
    map("labels", labels, by: \.name) { json, label in json.string(label.value) }
  }

  mutating func endedIn(_ counts: [EndCount]?) {
    map("ended_in", counts, by: \.place.text) { json, end in json.int(Int64(end.count)) }
  }

  mutating func flying(_ firings: [FlyingFiring]?) {
    map("flying", firings, by: { String($0.firing.seq.number) }) { json, flying in
      json.string(flying.transition.text)
    }
  }

  mutating func constants(_ constants: [Constant]?) {
    map("constants", constants, by: \.pointer) { json, constant in json.int(constant.value) }
  }

  mutating func subjects(_ subjects: [Subject]?) {
    guard let subjects else { return }
    json.key("not")
    json.beginList()
    for subject in subjects { json.string(subject.text) }
    json.endList()
  }

  mutating func ints(_ numbers: [Int64]) {
    json.key("keys")
    json.beginList()
    for number in numbers { json.int(number) }
    json.endList()
  }

  mutating func token(_ key: StaticString, _ id: TokenID) {
    json.key(key)
    json.reference(id.seq.number, id.index)
  }

  mutating func added(_ added: [AddedWaits]) {
    json.key("added")
    json.beginList()
    for entry in added {
      json.beginObject()
      token("token", entry.token)
      waits(entry.waits)
      json.endObject()
    }
    json.endList()
  }
}
