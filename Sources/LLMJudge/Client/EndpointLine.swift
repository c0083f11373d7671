internal import Engine
internal import Orchestration
internal import PetriNet
internal import Synchronization
internal import Transfer

/// One endpoint with the calls that are at it and those that wait for it.
///
/// Unchecked: touched on the loop's thread only, once it is made, but for `standing`.
final class EndpointLine: @unchecked Sendable {
  let configuration: EndpointConfiguration
  let dialect: Dialect
  private let url: String
  private let headers: [TransferRequest.Header]
  private let parameters: RequestParameters
  private let addresses: AddressPolicy
  let breaker: BreakerRule
  /// Of workflows, where they are not 1.
  let shares: [String: Int]
  /// What it shares with other endpoints; nil: nothing.
  let quota: Quota?

  var scheduler: CallScheduler<Turn>
  /// Prompts that the endpoint refuses, by their text.
  var refusedPrompts: [[UInt8]: Breaker] = [:]
  var lingering: [Call] = []
  /// What others are told of it.
  let tally: Mutex<EndpointTally>
  /// When it is looked at again because of a limit.
  var alarm: MonotonicInstant?

  init(
    _ configuration: EndpointConfiguration, breaker: BreakerRule = BreakerRule(),
    shares: [String: Int] = [:], quota: Quota? = nil
  ) throws(JudgeConfigurationProblem) {
    let name = configuration.name
    guard let dialect = Dialect.named(configuration.dialect) else {
      throw .unknownDialect(endpoint: name, dialect: configuration.dialect)
    }
    if let version = configuration.version, let known = dialect.versions,
      !known.contains(where: { $0.utf8.elementsEqual(version.utf8) })
    {
      throw .versionRefused(endpoint: name, version: version)
    }
    if configuration.confidence == .logprobs, dialect.probabilities == nil {
      throw .noProbabilities(endpoint: name)
    }
    self.configuration = configuration
    self.dialect = dialect
    url = try Self.url(configuration) + dialect.path(configuration)
    headers = try Self.headers(configuration, dialect)
    parameters = try Self.parameters(configuration, dialect)
    addresses = .of(url: configuration.url, allowsPrivate: configuration.allowsPrivate)
    self.breaker = breaker
    self.shares = shares
    self.quota = quota
    tally = Mutex(
      EndpointTally(
        EndpointStanding(
          name: name, dialect: configuration.dialect, model: configuration.model)))
    scheduler = CallScheduler(
      .init(
        concurrency: configuration.concurrency, requestsAMinute: configuration.requestsAMinute,
        tokensAMinute: configuration.tokensAMinute, budgetADay: configuration.budgetADay,
        breaker: breaker),
      shared: quota?.gauge, at: MonotonicInstant.now().microseconds)
    quota?.add(self)
  }

  func body(_ prompt: RenderedPrompt) -> [UInt8] {
    dialect.request(prompt, configuration, parameters)
  }

  /// - Parameter deadline: of the question; the transfer is kept open beyond it, for a late answer.
  func request(_ body: [UInt8], deadline: MonotonicInstant) -> TransferRequest {
    var request = TransferRequest(
      method: "POST", url: url, headers: headers, body: body,
      deadline: deadline.advanced(byMilliseconds: configuration.lateMilliseconds))
    request.connectMilliseconds = configuration.connectMilliseconds
    request.firstByteMilliseconds = configuration.firstByteMilliseconds
    request.slow = configuration.slow
    request.bodyMax = configuration.replyMax
    request.certificates = configuration.certificates
    request.proxy = configuration.proxy
    request.addresses = addresses
    return request
  }
}

extension EndpointLine {
  private static func url(
    _ configuration: EndpointConfiguration
  ) throws(JudgeConfigurationProblem) -> String {
    let url = configuration.url
    guard WebAddress.isOne(url), AddressPolicy.permits(url: url, plain: configuration.plain)
    else { throw .urlRefused(endpoint: configuration.name) }
    return url.utf8.last == UInt8(ascii: "/") ? String(url.dropLast()) : url
  }

  private static func headers(
    _ configuration: EndpointConfiguration, _ dialect: Dialect
  ) throws(JudgeConfigurationProblem) -> [TransferRequest.Header] {
    var headers: [TransferRequest.Header] = [
      .init("Content-Type", "application/json"), .init("Accept", "application/json"),
    ]
    headers += dialect.headers(configuration)
    if let key = configuration.key {
      let (name, prefix) = dialect.keyHeader(configuration)
      headers.append(.init(name, prefix + key))
    }
    headers += configuration.headers
    guard headers.allSatisfy(\.isSendable) else {
      throw .headerRefused(endpoint: configuration.name)
    }
    return headers
  }

  private static func parameters(
    _ configuration: EndpointConfiguration, _ dialect: Dialect
  ) throws(JudgeConfigurationProblem) -> RequestParameters {
    let name = configuration.name
    guard let json = try? ReplyJSON(Array(configuration.parameters.utf8)),
      json.root.kind == .object
    else { throw .parametersRefused(endpoint: name, key: nil) }
    let settled = dialect.settledKeys(configuration.version)
    var parameters = RequestParameters()
    if let key = dialect.openKey, let inner = json.root[key] {
      guard inner.kind == .object else { throw .parametersRefused(endpoint: name, key: key) }
      try check(inner, settled, under: key + ".", name)
      parameters.inner = members(of: inner)
      for (name, value) in json.root.members where !name.isString(key) {
        if !parameters.outer.isEmpty { parameters.outer.append(UInt8(ascii: ",")) }
        parameters.outer += name.source
        parameters.outer.append(UInt8(ascii: ":"))
        parameters.outer += value.source
      }
    } else {
      parameters.outer = members(of: json.root)
    }
    try check(json.root, settled, under: "", name)
    return parameters
  }

  private static func check(
    _ object: ReplyJSON.Element, _ settled: [String], under place: String, _ endpoint: String
  ) throws(JudgeConfigurationProblem) {
    for (key, _) in object.members {
      let text = key.text ?? ""
      let isSettled = settled.contains { $0.utf8.elementsEqual((place + text).utf8) }
      if isSettled || object.repeats(text) {
        throw .parametersRefused(endpoint: endpoint, key: place + text)
      }
    }
  }

  private static func members(of object: ReplyJSON.Element) -> [UInt8] {
    object.members.isEmpty ? [] : Array(object.source.dropFirst().dropLast())
  }
}
