internal import Foundation
internal import LLMJudge
internal import PetriNet
internal import Transfer
internal import Workflows

extension JudgeConfiguration {
  /// The endpoints and aliases of petrel.yaml.
  ///
  /// - Parameter secret: What stands for a secret, its prefix included; by default its value.
  init(
    _ configuration: Configuration,
    secret: (Configuration.Secret) throws -> String = SecretReading.value
  ) throws {
    self.init(
      endpoints: try configuration.endpoints.map { try EndpointConfiguration($0, secret: secret) },
      models: configuration.models.map {
        ModelConfiguration(
          alias: $0.name.value, endpoints: $0.endpoints.map(\.value),
          shadow: $0.shadow.map(\.value), hedgeMilliseconds: $0.hedgeMicroseconds.map { $0 / 1_000 }
        )
      },
      standard: configuration.model?.value, breaker: BreakerRule(configuration.breaker),
      cacheMicroseconds: configuration.cacheMicroseconds, shares: configuration.sharesByName,
      quotas: configuration.quotas.map { QuotaConfiguration($0) })
  }
}

extension EndpointConfiguration {
  /// - Parameter secret: What stands for a secret, its prefix included; by default its value.
  init(
    _ endpoint: Configuration.Endpoint,
    secret: (Configuration.Secret) throws -> String = SecretReading.value
  ) throws {
    self.init(
      name: endpoint.name.value, url: endpoint.url.value, dialect: endpoint.dialect.value,
      model: endpoint.model)
    key = try endpoint.key.map(secret)
    headers = try endpoint.headers.map { try TransferRequest.Header($0, secret: secret) }
    secrets = zip(endpoint.headers, headers).compactMap { header, sent -> String? in
      guard case .secret(let secret) = header.content else { return nil }
      return String(sent.value.dropFirst(secret.prefix.count))
    }
    if let secret = endpoint.key, !secret.prefix.isEmpty, let key {
      secrets.append(String(key.dropFirst(secret.prefix.count)))
    }
    plain = endpoint.plain
    allowsPrivate = endpoint.allowsPrivate
    certificates = endpoint.certificates
    proxy = endpoint.proxy
    parameters = endpoint.parameters.text
    version = endpoint.version
    deviations = Deviations(endpoint.deviations)
    confidence = endpoint.confidence == .logprobs ? .logprobs : .none
    tokensMax = endpoint.tokensMax
    attempts = endpoint.attempts
    backoff = Backoff(
      firstMilliseconds: endpoint.backoffLowMicroseconds / 1_000,
      lastMilliseconds: endpoint.backoffHighMicroseconds / 1_000)
    connectMilliseconds = endpoint.connectMicroseconds / 1_000
    firstByteMilliseconds = endpoint.firstByteMicroseconds.map { $0 / 1_000 }
    slow = TransferRequest.SlowLimit(
      bytesPerSecond: endpoint.slow.below, forMilliseconds: endpoint.slow.forMicroseconds / 1_000)
    concurrency = endpoint.concurrency
    requestsAMinute = endpoint.perMinute.requests
    tokensAMinute = endpoint.perMinute.tokens
    budgetADay = endpoint.budgetADay.map(Self.billionths)
    prices = endpoint.prices.map {
      Prices(
        currency: $0.currency, input: Self.billionths($0.input),
        output: Self.billionths($0.output), cached: $0.cached.map(Self.billionths))
    }
    switch endpoint.returns {
    case .any: returns = .any
    case .only(let models): returns = .only(models)
    }
    quota = endpoint.quota?.value
    acceptsUnfiltered = endpoint.unfiltered == .accept
    keepsQuestion = endpoint.keepsQuestion
    keepsReply = endpoint.keepsReply
  }

  /// Of the currency, a million tokens.
  static func billionths(_ price: Double) -> Int64 {
    Int64((price * 1_000_000_000).rounded())
  }
}

extension QuotaConfiguration {
  init(_ quota: Configuration.Quota) {
    self.init(name: quota.name.value)
    concurrency = quota.concurrency
    requestsAMinute = quota.perMinute.requests
    tokensAMinute = quota.perMinute.tokens
    budgetADay = quota.budgetADay.map(EndpointConfiguration.billionths)
  }
}

extension BreakerRule {
  init(_ breaker: Configuration.Breaker) {
    self.init()
    failures = breaker.failures
    withinMicroseconds = breaker.withinMicroseconds
    openMicroseconds = breaker.openMicroseconds
  }
}

extension EndpointConfiguration.Deviations {
  init(_ deviations: Configuration.Endpoint.Deviations) {
    self.init()
    path = deviations.path
    limitKey = deviations.limit.rawValue
    schema = Schema(rawValue: deviations.schema.rawValue) ?? .strict
    instructions = Instructions(rawValue: deviations.system.rawValue) ?? .system
    answersBare = deviations.answer == .bare
    ends = deviations.ends
  }
}

extension ConfigurationContext {
  /// The dialects of this version.
  static let spoken = ConfigurationContext(
    dialects: DialectNames.all.map { name in
      Dialect(
        name: name, versions: DialectNames.versions(name),
        settledKeys: { DialectNames.settledKeys(name, version: $0) },
        givesProbabilities: DialectNames.givesProbabilities(name),
        takesDeviations: name == "compatible")
    })
}

extension TransferRequest.Header {
  init(
    _ header: Configuration.Header,
    secret: (Configuration.Secret) throws -> String = SecretReading.value
  ) throws {
    switch header.content {
    case .text(let text): self.init(header.name, text)
    case .secret(let held): self.init(header.name, try secret(held))
    }
  }
}
