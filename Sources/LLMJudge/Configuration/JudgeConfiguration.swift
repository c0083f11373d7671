package import Transfer

/// What an operator says about models: addresses, and the aliases that nets know.
package struct JudgeConfiguration: Sendable {
  package var endpoints: [EndpointConfiguration]
  package var models: [ModelConfiguration]
  /// Alias of questions that name none; nil = the only alias there is.
  package var standard: String?
  /// Of each endpoint.
  package var breaker: BreakerRule
  /// So long a label is reused for the same guard version and input; nil = never.
  package var cacheMicroseconds: Int64?
  /// How many turns workflows take where calls wait, by their names; 1 where it is silent.
  package var shares: [String: Int]
  package var quotas: [QuotaConfiguration]

  package init(
    endpoints: [EndpointConfiguration], models: [ModelConfiguration], standard: String? = nil,
    breaker: BreakerRule = BreakerRule(), cacheMicroseconds: Int64? = nil,
    shares: [String: Int] = [:], quotas: [QuotaConfiguration] = []
  ) {
    self.endpoints = endpoints
    self.models = models
    self.standard = standard
    self.breaker = breaker
    self.cacheMicroseconds = cacheMicroseconds
    self.shares = shares
    self.quotas = quotas
  }

  /// The alias of this name, or the default one for nil.
  package func model(_ alias: String?) -> ModelConfiguration? {
    let name = alias ?? standard ?? (models.count == 1 ? models[0].alias : nil)
    return name.flatMap { name in models.first { $0.alias.utf8.elementsEqual(name.utf8) } }
  }

  /// The endpoint of this name.
  package func endpoint(_ name: String) -> EndpointConfiguration? {
    endpoints.first { $0.name.utf8.elementsEqual(name.utf8) }
  }
}

/// An alias: the only name of a model that a net knows.
package struct ModelConfiguration: Sendable {
  package var alias: String
  /// Names of endpoints, asked in order when one is out of reach.
  package var endpoints: [String]
  /// Names of endpoints that are asked too; what they say is on record and moves nothing.
  package var shadow: [String]
  /// After so long without an answer a second call is made; nil = never.
  package var hedgeMilliseconds: Int64?

  package init(
    alias: String, endpoints: [String], shadow: [String] = [], hedgeMilliseconds: Int64? = nil
  ) {
    self.alias = alias
    self.endpoints = endpoints
    self.shadow = shadow
    self.hedgeMilliseconds = hedgeMilliseconds
  }
}

/// One address that answers questions (CONFIG §1, `endpoints`).
package struct EndpointConfiguration: Sendable {
  /// Which names of models an answer may carry.
  package enum Returns: Sendable, Equatable {
    /// The asked one and these.
    case only([String])
    case any
  }

  /// In billionths of the currency, a million tokens.
  package struct Prices: Sendable, Equatable {
    package var currency: String
    package var input: Int64
    package var output: Int64
    /// Of input tokens read from the vendor's cache; nil = as `input`.
    package var cached: Int64?

    package init(currency: String, input: Int64, output: Int64, cached: Int64? = nil) {
      self.currency = currency
      self.input = input
      self.output = output
      self.cached = cached
    }
  }

  /// Where the confidence of its answers comes from.
  package enum Confidence: Sendable, Equatable {
    case none
    /// The probabilities of the answer's tokens.
    case logprobs
  }

  package var name: String
  /// Without a slash at the end; the dialect appends its path.
  package var url: String
  /// Name of a dialect.
  package var dialect: String
  /// Of the dialect, where it has dated ones; nil = its default.
  package var version: String?
  /// Of a server that is `compatible`.
  package var deviations = Deviations()
  /// As sent.
  package var model: String
  /// Sent in the header that the dialect has for it; held nowhere else.
  package var key: String?
  package var headers: [TransferRequest.Header] = []
  /// Values of headers that must not be written anywhere, as the key must not.
  package var secrets: [String] = []
  /// Whether http:// to other than loopback is allowed.
  package var plain = false
  /// Whether the address may be one of a private network.
  package var allowsPrivate = false
  /// Path of certificates in PEM.
  package var certificates: String?
  package var proxy: String?
  /// A JSON object merged into the request's top level; `{}` = nothing.
  package var parameters = "{}"
  package var tokensMax = 64
  /// In one firing, all within its deadline.
  package var attempts = 3
  package var backoff = Backoff(firstMilliseconds: 100, lastMilliseconds: 2_000)
  package var connectMilliseconds: Int64 = 2_000
  package var firstByteMilliseconds: Int64?
  package var slow: TransferRequest.SlowLimit? = TransferRequest.SlowLimit(
    bytesPerSecond: 1, forMilliseconds: 5_000)
  /// Calls under way at once; the rest waits in order.
  package var concurrency = 64
  /// Absent numbers: no limit.
  package var requestsAMinute: Int?
  package var tokensAMinute: Int?
  /// Billionths of the currency of `prices`, a day of UTC; counted since the process began.
  package var budgetADay: Int64?
  package var prices: Prices?
  /// Name of what it shares with other endpoints.
  package var quota: String?
  package var confidence = Confidence.none
  package var returns: Returns = .only([])
  /// Whether an answer passes though the vendor says that its filter was down.
  package var acceptsUnfiltered = false
  /// Whether the bytes of requests and replies are kept; without, their SHA-256 is.
  package var keepsQuestion = true
  package var keepsReply = true
  /// How long after its deadline a call is kept open, so that a late answer is on record.
  package var lateMilliseconds: Int64 = 30_000
  package var replyMax = 1 << 20

  package init(name: String, url: String, dialect: String, model: String) {
    self.name = name
    self.url = url
    self.dialect = dialect
    self.model = model
  }

  /// Whether an answer may come from this model; one without a name does not contradict what was
  /// asked for.
  package func accepts(model answering: String?) -> Bool {
    guard case .only(let others) = returns, let answering else { return true }
    return ([model] + others).contains { $0.utf8.elementsEqual(answering.utf8) }
  }
}

/// Limits that several endpoints share, as those of one key; absent numbers: no limit.
package struct QuotaConfiguration: Sendable, Equatable {
  package var name: String
  package var concurrency: Int?
  package var requestsAMinute: Int?
  package var tokensAMinute: Int?
  /// Billionths of the currency of the endpoints' prices, a day of UTC.
  package var budgetADay: Int64?

  package init(name: String) { self.name = name }
}

/// When an endpoint is left alone (CONFIG §1, `breaker`).
package struct BreakerRule: Sendable, Equatable {
  /// So many calls must fail, and at least half of those that end.
  package var failures = 5
  package var withinMicroseconds: Int64 = 10_000_000
  /// For so long nothing is asked; then one call probes.
  package var openMicroseconds: Int64 = 30_000_000

  package init() {}
}

/// Waits between attempts: `min(last, first · 2^(n-1)) × u`, u in [0.5, 1) from the firing.
package struct Backoff: Sendable, Equatable {
  package var firstMilliseconds: Int64
  package var lastMilliseconds: Int64

  package init(firstMilliseconds: Int64, lastMilliseconds: Int64) {
    self.firstMilliseconds = firstMilliseconds
    self.lastMilliseconds = lastMilliseconds
  }
}

/// Why a configuration cannot be used. Holds no secret.
package enum JudgeConfigurationProblem: Error, Equatable, Sendable {
  case unknownDialect(endpoint: String, dialect: String)
  case unknownEndpoint(alias: String, endpoint: String)
  case aliasWithoutEndpoint(alias: String)
  case unknownStandard(alias: String)
  /// http:// beyond loopback without `plain`, or no URL at all.
  case urlRefused(endpoint: String)
  /// No JSON object, or one that names a key that the dialect sets.
  case parametersRefused(endpoint: String, key: String?)
  case headerRefused(endpoint: String)
  /// The dialect has no such version.
  case versionRefused(endpoint: String, version: String)
  /// Confidence is asked of a dialect that gives no probabilities.
  case noProbabilities(endpoint: String)
}
