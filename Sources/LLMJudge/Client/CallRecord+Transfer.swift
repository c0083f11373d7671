internal import Crypto
internal import Engine
internal import Transfer

extension CallRecord {
  /// Bytes of a reply that are kept.
  static let replyKeptMax = 64 << 10
  /// Bytes of a question that are kept: what the log seals in one payload.
  static let questionKeptMax = 1 << 20
  /// Bytes of an identifier that the other side chose.
  private static let identifierMax = 1_024

  /// Everything that is known of a call that has ended.
  ///
  /// - Parameter started: by the wall clock; the other times follow by the monotonic one.
  init(
    attempt: Int, endpoint: EndpointConfiguration, question: [UInt8], result: TransferResult,
    ending: CallEnding, started: Instant
  ) {
    let secrets = SecretRemoval(endpoint)
    let capped = { (text: String?) in Self.capped(secrets.removing(from: text)) }
    let probabilities = Dialect.named(endpoint.dialect)?.probabilities
    let after = { (instant: MonotonicInstant) in
      started.advanced(by: instant.nanoseconds(since: result.started) / 1_000)
    }
    self.init(
      attempt: attempt, endpoint: endpoint.name, requested: endpoint.model, started: started,
      ended: after(result.ended))
    let reply = ending.reply
    if let confidence = ending.confidence {
      self.confidence = confidence.confidence
      offSchema = confidence.offSchema
      source = probabilities ?? .none
    }
    cost = endpoint.prices.flatMap { $0.cost(of: reply) }
    curl = result.curl == 0 ? nil : Int(result.curl)
    finish = capped(reply?.finish)
    fingerprint = capped(reply?.fingerprint)
    firstByte = result.firstByte.map(after)
    if case .label(let label) = ending.verdict { self.label = label }
    model = capped(reply?.model)
    let keepsQuestion = endpoint.keepsQuestion && question.count <= Self.questionKeptMax
    self.question = SealedBytes(keepsQuestion ? question : Self.digest(question))
    if !result.body.isEmpty {
      let kept = Array(secrets.removing(from: result.body).prefix(Self.replyKeptMax))
      self.reply = SealedBytes(endpoint.keepsReply ? kept : Self.digest(result.body))
    }
    requestID = capped(
      result.header("x-request-id") ?? result.header("request-id") ?? reply?.identifier)
    status = result.status == 0 ? nil : result.status
    tier = capped(reply?.tier)
    tokensIn = reply?.tokensIn
    tokensOut = reply?.tokensOut
    vendorCode = capped(ending.vendorCode)
  }

  /// What stands where the bytes are not to be kept.
  private static func digest(_ bytes: [UInt8]) -> [UInt8] {
    var text = Array("sha256:".utf8)
    for byte in SHA256.hash(data: bytes) {
      text.append(JSONWriter.hex[Int(byte >> 4)])
      text.append(JSONWriter.hex[Int(byte & 15)])
    }
    return text
  }

  /// Without U+0000, which the log refuses, and not longer than an identifier may be.
  private static func capped(_ text: String?) -> String? {
    guard let text else { return nil }
    guard text.utf8.count > identifierMax || text.utf8.contains(0) else { return text }
    let bytes = text.utf8.filter { $0 != 0 }.prefix(identifierMax)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension EndpointConfiguration.Prices {
  /// In billionths of the currency, rounded to the nearest; nil if the reply does not say what it
  /// used.
  func cost(of reply: DialectReply?) -> Int64? {
    guard let reply, let input = reply.tokensIn, let output = reply.tokensOut, input >= 0,
      output >= 0
    else { return nil }
    let fromCache = min(max(0, reply.tokensCached ?? 0), input)
    var sum: Int64 = 0
    for (tokens, price) in [
      (input - fromCache, self.input), (fromCache, cached ?? self.input), (output, self.output),
    ] {
      let (part, overflow) = tokens.multipliedReportingOverflow(by: price)
      let (total, overflowOfSum) = sum.addingReportingOverflow(part)
      if overflow || overflowOfSum { return nil }
      sum = total
    }
    return (sum + 500_000) / 1_000_000
  }
}
