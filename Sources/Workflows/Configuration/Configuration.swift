package import PetriNet

/// What an operator says in `petrel.yaml` and its companions (CONFIG §1), merged and typed, with
/// the defaults of the page. Paths are as seen from the working folder; times are microseconds.
package struct Configuration: Sendable {
  /// Globs of workflow files.
  package var workflows: [Located<String>] = [Located("workflows/*.yaml")]
  /// The folder of prompt files.
  package var prompts = Located("prompts")
  /// Globs of test files.
  package var tests: [Located<String>] = [Located("tests/*.yaml")]
  package var parameters: [WorkflowParameters] = []
  package var database = "petrel.db"
  package var keys = Keys()
  package var anchors = "petrel.anchors"
  /// Host part of the log's origin, used when it is created.
  package var origin = "localhost"
  /// Used when the log is created.
  package var encryption = true
  package var retention = Retention()
  package var locale = Locale.en
  package var listen = Listen()
  package var limits = Limits()
  /// How long judges and actions under way may go on at a stop.
  package var drainMicroseconds: Int64 = 10_000_000
  package var log = Log()
  /// nil: any group name may stand in a net.
  package var groups: [Group]?
  package var endpoints: [Endpoint] = []
  package var quotas: [Quota] = []
  package var models: [ModelAlias] = []
  /// The alias of judges that name none.
  package var model: Located<String>?
  package var breaker = Breaker()
  /// How long an answer to an equal question is used again; nil = never.
  package var cacheMicroseconds: Int64?
  /// How many turns workflows take where questions wait; 1 where it is silent.
  package var shares: [(workflow: Located<String>, share: Int)] = []
  package var services: [Service] = []
  package var actions: [ActionBinding] = []
  package var fields: [FieldDisplay] = []

  package init() {}

  /// `shares`, as the loop and the judge take them.
  package var sharesByName: [String: Int] {
    Dictionary(shares.map { ($0.workflow.value, $0.share) }) { first, _ in first }
  }
}

extension Configuration {
  /// Values of one workflow's parameters over those in its file.
  package struct WorkflowParameters: Sendable {
    package var workflow: Located<String>
    package var values: [(name: Located<String>, value: LiteralSource)]

    package init(
      workflow: Located<String>, values: [(name: Located<String>, value: LiteralSource)]
    ) {
      self.workflow = workflow
      self.values = values
    }

    /// As `NetCompiler` takes them.
    package var byName: [String: LiteralSource] {
      Dictionary(values.map { ($0.name.value, $0.value) }) { first, _ in first }
    }
  }

  package struct Keys: Sendable {
    package var file = "petrel.keys"
    package var kek = Secret(source: .file("petrel.kek"))
    package var signer = Secret(source: .file("petrel.signer"))
  }

  /// Where a secret is found; never the secret.
  package struct Secret: Sendable, Equatable {
    package enum Source: Sendable, Equatable {
      case environment(String)
      case file(String)
    }

    package var source: Source
    /// Put before it (`Bearer `).
    package var prefix = ""
    /// Where the configuration says so; no part of equality.
    package var mark = SourceMark.none

    package init(source: Source, prefix: String = "") {
      self.source = source
      self.prefix = prefix
    }

    package static func == (left: Secret, right: Secret) -> Bool {
      left.source == right.source && left.prefix == right.prefix
    }
  }

  package struct Header: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
      case text(String)
      case secret(Secret)
    }

    package var name: String
    package var content: Content
  }

  /// nil: kept for ever.
  package struct Retention: Sendable, Equatable {
    package var casesMicroseconds: Int64?
    package var requestsMicroseconds: Int64?
    package var repliesMicroseconds: Int64?
    package var allowsShort = false
    /// Where `cases` stands; no part of equality.
    package var mark = SourceMark.none

    package static func == (left: Retention, right: Retention) -> Bool {
      left.casesMicroseconds == right.casesMicroseconds
        && left.requestsMicroseconds == right.requestsMicroseconds
        && left.repliesMicroseconds == right.repliesMicroseconds
        && left.allowsShort == right.allowsShort
    }
  }

  package enum Locale: String, Sendable, CaseIterable { case en, ko }

  package struct Listen: Sendable, Equatable {
    package enum Address: Sendable, Equatable {
      /// Port 0 = any.
      case internet(host: String, port: Int)
      case unix(path: String)
    }

    package struct Certificate: Sendable, Equatable {
      package var certificate: String
      package var key: Secret
    }

    package var address = Address.internet(host: "127.0.0.1", port: 7875)
    /// More names for the allow-list of Host.
    package var hosts: [String] = []
    package var tls: Certificate?
    /// Networks in CIDR form.
    package var trustedProxies: [String] = []
    package var mark = SourceMark.none
  }

  package struct Limits: Sendable, Equatable {
    package var inbox = 4096
    package var groupCommands = 1000
    package var groupEvents = 8192
    package var groupBytes = 4 << 20
    package var bodyBytes = 1 << 20
    package var messageBytes = 64 << 10
    package var batch = 1000
    package var streams = 200
    /// In flight in this process.
    package var actions = 256
    package var judges = 4096
    package var incidents = 100
    package var runaway = 10_000
    package var cases = 10_000_000
    package var logWarnBytes = 256 << 20
  }

  package struct Log: Sendable, Equatable {
    package enum Level: String, Sendable, CaseIterable { case trace, debug, info, warn, error }
    package enum Format: String, Sendable, CaseIterable { case text, json }

    package var level = Level.info
    package var format = Format.text
  }

  package struct Group: Sendable {
    package var name: Located<String>
    package var titles: Titles
    /// Whether machines may answer its tasks.
    package var machines = false
    package var blind = false
  }

  /// A text for people by language; "" where there is none.
  package struct Titles: Sendable, Equatable {
    package var en = ""
    package var ko = ""
  }

  package struct Breaker: Sendable, Equatable {
    package var failures = 5
    package var withinMicroseconds: Int64 = 10_000_000
    package var openMicroseconds: Int64 = 30_000_000
  }

  /// How forms and tables show a field of a type.
  package struct FieldDisplay: Sendable {
    /// `TYPE.FIELD`.
    package var field: Located<String>
    package var titles: Titles
    /// ISO 4217; the value is in its minor units.
    package var currency: String?
  }
}
