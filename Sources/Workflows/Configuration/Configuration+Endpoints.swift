package import PetriNet

extension Configuration {
  /// One address that answers questions.
  package struct Endpoint: Sendable {
    package enum Confidence: String, Sendable, CaseIterable { case none, logprobs }
    package enum Unfiltered: String, Sendable, CaseIterable { case fallback, accept }

    /// What an answer's `model` may be besides the one asked for.
    package enum Returns: Sendable, Equatable {
      case only([String])
      case any
    }

    package struct Slow: Sendable, Equatable {
      /// Bytes a second.
      package var below: Int
      package var forMicroseconds: Int64
    }

    /// Absent numbers: no limit.
    package struct Rate: Sendable, Equatable {
      package var requests: Int?
      package var tokens: Int?
    }

    /// In the currency, a million tokens.
    package struct Prices: Sendable, Equatable {
      package var currency: String
      package var input: Double
      package var output: Double
      package var cached: Double?
    }

    /// How a compatible server differs from OpenAI's chat completions.
    package struct Deviations: Sendable, Equatable {
      package enum Limit: String, Sendable, CaseIterable {
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
      }

      package enum Schema: String, Sendable, CaseIterable {
        case strict
        case jsonSchema = "json_schema"
        case jsonObject = "json_object"
        case choice, none
      }

      package enum Instructions: String, Sendable, CaseIterable { case system, developer, user }
      package enum Answer: String, Sendable, CaseIterable { case json, bare }

      /// Appended to the URL.
      package var path = "/chat/completions"
      package var limit = Limit.maxTokens
      package var schema = Schema.strict
      package var system = Instructions.system
      package var answer = Answer.json
      /// Values of `finish_reason` for a whole answer besides `stop`.
      package var ends: [String] = []
    }

    package var name: Located<String>
    package var url: Located<String>
    package var dialect: Located<String>
    /// Of the dialect; nil: its default.
    package var version: String?
    package var deviations = Deviations()
    /// As sent.
    package var model: String
    /// nil: none is sent.
    package var key: Secret?
    package var headers: [Header] = []
    /// Whether http:// beyond loopback is allowed.
    package var plain = false
    /// Whether an address of a private network is allowed.
    package var allowsPrivate = false
    /// Path of certificates; nil: the system's.
    package var certificates: String?
    package var proxy: String?
    /// A JSON object merged into the request's top level.
    package var parameters = JSONText.Node.object([])
    package var tokensMax = 64
    /// In one firing.
    package var attempts = 3
    package var backoffLowMicroseconds: Int64 = 100_000
    package var backoffHighMicroseconds: Int64 = 2_000_000
    package var connectMicroseconds: Int64 = 2_000_000
    package var firstByteMicroseconds: Int64?
    package var slow = Slow(below: 1, forMicroseconds: 5_000_000)
    package var concurrency = 64
    package var perMinute = Rate()
    /// In the currency of the prices.
    package var budgetADay: Double?
    package var prices: Prices?
    /// What it shares with other endpoints; nil: nothing.
    package var quota: Located<String>?
    package var confidence = Confidence.none
    package var returns = Returns.only([])
    /// Why an endpoint that ignores the schema is accepted all the same.
    package var unenforced: String?
    package var unfiltered = Unfiltered.fallback
    package var keepsQuestion = true
    package var keepsReply = true
  }

  /// Limits that several endpoints share, as those of one key; absent numbers: no limit.
  package struct Quota: Sendable {
    package var name: Located<String>
    package var concurrency: Int?
    package var perMinute = Endpoint.Rate()
    /// In the currency of the endpoints' prices.
    package var budgetADay: Double?
  }

  /// The only names of models that a net knows.
  package struct ModelAlias: Sendable {
    package var name: Located<String>
    /// Asked in order; the next one when one fails.
    package var endpoints: [Located<String>]
    /// Asked too; what they say moves nothing.
    package var shadow: [Located<String>] = []
    /// After so long without an answer a second call is made.
    package var hedgeMicroseconds: Int64?

    package init(
      name: Located<String>, endpoints: [Located<String>], shadow: [Located<String>] = [],
      hedgeMicroseconds: Int64? = nil
    ) {
      self.name = name
      self.endpoints = endpoints
      self.shadow = shadow
      self.hedgeMicroseconds = hedgeMicroseconds
    }
  }
}
