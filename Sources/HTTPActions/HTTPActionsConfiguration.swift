package import PetriNet
package import Transfer

/// Which declared actions are performed by which services (CONFIG §1).
package struct HTTPActionsConfiguration: Sendable {
  package var services: [ServiceConfiguration]
  package var actions: [ActionBinding]

  package init(services: [ServiceConfiguration], actions: [ActionBinding]) {
    self.services = services
    self.actions = actions
  }
}

/// One host that performs actions.
package struct ServiceConfiguration: Sendable {
  package var name: String
  /// Without a slash at the end; paths are appended.
  package var url: String
  /// Sent with every request; values may be secrets.
  package var headers: [TransferRequest.Header] = []
  /// Whether http:// to other than loopback is allowed.
  package var plain = false
  package var allowsPrivate = false
  /// Path of certificates in PEM.
  package var certificates: String?
  package var proxy: String?
  /// Requests under way at once; the rest waits in order.
  package var concurrency = 64
  package var connectMilliseconds: Int64 = 2_000
  /// Bytes of a reply's body at most.
  package var replyMax = 1 << 20
  /// Whether `http.request` may use it.
  package var isOpen = false

  package init(name: String, url: String) {
    self.name = name
    self.url = url
  }
}

/// A declared action bound to a path of a service.
package struct ActionBinding: Sendable {
  package enum Body: Sendable, Equatable {
    case none
    /// The argument as JSON.
    case json
    /// The argument's fields as `application/x-www-form-urlencoded`.
    case form
    /// A JSON text in which `"{f}"` stands for a field's value.
    case template(String)
  }

  package enum Idempotency: Sendable, Equatable {
    case none
    /// A header; CONFIG's plain `header` is `Idempotency-Key`.
    case header(String)
    /// A field at the top of a JSON or form body.
    case field(String)
  }

  package enum ResultForm: Sendable, Equatable {
    /// The body's JSON is the result.
    case body
    /// Fields of the result by JSON Pointers into the body.
    case pointers([Named])
    /// Nothing of the body; the result is unit.
    case status
    /// The body's bytes.
    case bytes
    /// The body as a string.
    case text
  }

  /// A name with a text: a template or a pointer.
  package struct Named: Sendable, Equatable {
    package var name: String
    package var text: String

    package init(_ name: String, _ text: String) {
      self.name = name
      self.text = text
    }
  }

  /// What a status that is no success means.
  package struct ErrorRule: Sendable, Equatable {
    package var status: Int
    /// JSON Pointers and the JSON texts that must stand there, all of them.
    package var conditions: [Named]
    package var code: String
    package var retry: Bool
    /// Whether the effect may have taken place though the request failed.
    package var mayHaveHappened: Bool

    package init(
      status: Int, conditions: [Named] = [], code: String, retry: Bool, mayHaveHappened: Bool
    ) {
      self.status = status
      self.conditions = conditions
      self.code = code
      self.retry = retry
      self.mayHaveHappened = mayHaveHappened
    }
  }

  package var action: ActionName
  package var service: String
  package var method = "POST"
  /// `/orders/{order}`.
  package var path: String
  package var query: [Named] = []
  package var headers: [Named] = []
  package var body: Body = .json
  package var idempotency: Idempotency = .header("Idempotency-Key")
  package var result: ResultForm = .body
  package var refusesExtra = false
  package var ok: [Int] = [200, 201, 202, 204]
  package var errors: [ErrorRule] = []

  package init(action: ActionName, service: String, path: String) {
    self.action = action
    self.service = service
    self.path = path
  }
}

/// Why bindings cannot be used. Holds no secret.
package enum HTTPActionsProblem: Error, Equatable, Sendable {
  case unknownService(action: String, service: String)
  /// http:// beyond loopback without `plain`, or no URL at all.
  case urlRefused(service: String)
  case headerRefused(name: String)
  /// A path, query, header or body template that cannot be read.
  case templateRefused(action: String, text: String)
  case methodRefused(action: String)
  case boundTwice(action: String)
}
