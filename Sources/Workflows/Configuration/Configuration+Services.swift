package import PetriNet

extension Configuration {
  /// One host that performs actions.
  package struct Service: Sendable {
    package var name: Located<String>
    package var url: Located<String>
    package var headers: [Header] = []
    package var plain = false
    package var allowsPrivate = false
    package var certificates: String?
    package var proxy: String?
    package var concurrency = 64
    package var connectMicroseconds: Int64 = 2_000_000
    /// Of a reply's body.
    package var replyBytesMax = 1 << 20
    /// Whether `http.request` may use it.
    package var isOpen = false
  }

  /// A declared action that a service performs.
  package struct ActionBinding: Sendable {
    package enum Method: String, Sendable, CaseIterable { case GET, POST, PUT, PATCH, DELETE }

    package enum Body: Sendable, Equatable {
      case none, json, form
      /// `"{f}"` where it is a whole string is that field's value.
      case template(JSONText.Node)
    }

    package enum Idempotency: Sendable, Equatable {
      case none
      /// By this header.
      case header(String)
      /// By this field of the body.
      case field(String)
    }

    package enum Result: Sendable, Equatable {
      case body, status, bytes, text
      /// Field of `returns` to a JSON pointer into the body.
      case pointers([Text])
    }

    /// A name and a text that may hold `{field}`.
    package struct Text: Sendable, Equatable {
      package var name: String
      package var text: String
    }

    package struct ErrorRule: Sendable, Equatable {
      package enum Happened: String, Sendable, CaseIterable { case no, maybe }

      package struct Condition: Sendable, Equatable {
        /// RFC 6901.
        package var pointer: String
        package var value: JSONText.Node
      }

      package var status: Int
      package var conditions: [Condition] = []
      package var code: String
      package var retry = false
      package var happened = Happened.no
    }

    package var action: Located<String>
    package var service: Located<String>
    package var method = Method.POST
    package var path: Located<String>
    package var query: [Text] = []
    package var headers: [Text] = []
    package var body = Body.json
    package var idempotency = Idempotency.header("Idempotency-Key")
    package var result = Result.body
    /// Whether keys of the reply that `returns` does not have are refused.
    package var refusesExtra = false
    package var ok = [200, 201, 202, 204]
    package var errors: [ErrorRule] = []
    package var mark: SourceMark
  }
}
