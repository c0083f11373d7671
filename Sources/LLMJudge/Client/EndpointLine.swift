internal import Engine
internal import Transfer

/// One endpoint with the calls that are at it and those that wait for it, first come first served.
///
/// Unchecked: touched on the loop's thread only, once it is made.
final class EndpointLine: @unchecked Sendable {
  let configuration: EndpointConfiguration
  let dialect: Dialect
  private let url: String
  private let headers: [TransferRequest.Header]
  /// Members of the configured parameters, without braces.
  private let parameters: [UInt8]
  private let addresses: AddressPolicy

  private(set) var running = 0
  private var waiting: [Inquiry] = []
  private var waitingStart = 0
  private var lingering: [Call] = []

  init(_ configuration: EndpointConfiguration) throws(JudgeConfigurationProblem) {
    let name = configuration.name
    guard let dialect = Dialect.named(configuration.dialect) else {
      throw .unknownDialect(endpoint: name, dialect: configuration.dialect)
    }
    self.configuration = configuration
    self.dialect = dialect
    url = try Self.url(configuration) + dialect.path
    headers = try Self.headers(configuration, dialect)
    parameters = try Self.parameters(configuration, dialect)
    addresses = .of(url: configuration.url, allowsPrivate: configuration.allowsPrivate)
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
  var hasRoom: Bool { running < configuration.concurrency }

  func enter() { running += 1 }

  func queue(_ inquiry: Inquiry) { waiting.append(inquiry) }

  /// The first that still waits, if there is room for it.
  ///
  /// - Complexity: O(1), amortised.
  func next() -> Inquiry? {
    while hasRoom, waitingStart < waiting.count {
      let inquiry = waiting[waitingStart]
      waitingStart += 1
      if waitingStart > 64, waitingStart * 2 > waiting.count {
        waiting.removeFirst(waitingStart)
        waitingStart = 0
      }
      if inquiry.isOpen, inquiry.state == .queued { return inquiry }
    }
    return nil
  }

  /// The call goes on without counting, since nobody waits for it any more. Those kept so are not
  /// more than may run: the oldest is given back to be cut.
  func linger(_ call: Call) -> Call? {
    running -= 1
    call.isLingering = true
    lingering.append(call)
    return lingering.count > configuration.concurrency ? lingering.removeFirst() : nil
  }

  func leave(_ call: Call) {
    if call.isLingering {
      lingering.removeAll { $0 === call }
    } else {
      running -= 1
    }
  }
}

extension EndpointLine {
  private static func url(
    _ configuration: EndpointConfiguration
  ) throws(JudgeConfigurationProblem) -> String {
    let url = configuration.url
    let isSecure = url.utf8.starts(with: "https://".utf8)
    let isPlain =
      url.utf8.starts(with: "http://".utf8)
      && (configuration.plain || AddressPolicy.namesLoopback(url: url))
    guard isSecure || isPlain,
      url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"?#@".utf8.contains($0) })
    else { throw .urlRefused(endpoint: configuration.name) }
    return url.utf8.last == UInt8(ascii: "/") ? String(url.dropLast()) : url
  }

  private static func headers(
    _ configuration: EndpointConfiguration, _ dialect: Dialect
  ) throws(JudgeConfigurationProblem) -> [TransferRequest.Header] {
    var headers: [TransferRequest.Header] = [
      .init("Content-Type", "application/json"), .init("Accept", "application/json"),
    ]
    if let key = configuration.key {
      headers.append(.init(dialect.keyHeader.name, dialect.keyHeader.prefix + key))
    }
    headers += configuration.headers
    guard headers.allSatisfy(\.isSendable) else {
      throw .headerRefused(endpoint: configuration.name)
    }
    return headers
  }

  private static func parameters(
    _ configuration: EndpointConfiguration, _ dialect: Dialect
  ) throws(JudgeConfigurationProblem) -> [UInt8] {
    let name = configuration.name
    guard let json = try? ReplyJSON(Array(configuration.parameters.utf8)),
      json.root.kind == .object
    else { throw .parametersRefused(endpoint: name, key: nil) }
    for (key, _) in json.root.members {
      let text = key.text ?? ""
      let isSettled = dialect.settledKeys.contains { $0.utf8.elementsEqual(text.utf8) }
      if isSettled || json.root.repeats(text) {
        throw .parametersRefused(endpoint: name, key: text)
      }
    }
    let inner = json.root.source.dropFirst().dropLast()
    return json.root.members.isEmpty ? [] : Array(inner)
  }
}
