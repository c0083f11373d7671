import HTTPTypes
import Hummingbird

/// One method of one path: a row of the table that the router, the document and the tests share.
struct Route: Sendable {
  enum BodyRule: Sendable {
    /// None is read.
    case none
    /// JSON of so many bytes at most.
    case json(Limit)
  }

  /// Which limit of the configuration holds for a body.
  enum Limit: Sendable { case body, message }

  let method: HTTPRequest.Method
  /// As the document spells it: `/v1/cases/{c}:cancel`.
  let template: String
  let body: BodyRule
  /// Parameters of the query; others are refused.
  let parameters: [String]
  let handle: @Sendable (Call) async throws(Problem) -> Answer

  static func get(
    _ template: String, _ parameters: [String] = [],
    _ handle: @escaping @Sendable (Call) async throws(Problem) -> Answer
  ) -> Route {
    Route(
      method: .get, template: template, body: .none, parameters: parameters, handle: handle)
  }

  static func post(
    _ template: String, _ parameters: [String] = [], limit: Limit = .body,
    _ handle: @escaping @Sendable (Call) async throws(Problem) -> Answer
  ) -> Route {
    Route(
      method: .post, template: template, body: .json(limit), parameters: parameters,
      handle: handle)
  }

  /// Placeholders of the template, in order.
  var placeholders: [String] {
    var names: [String] = []
    var name: String?
    for scalar in template.unicodeScalars {
      switch (scalar, name) {
      case ("{", _): name = ""
      case ("}", let done?):
        names.append(done)
        name = nil
      case (_, var open?):
        open.unicodeScalars.append(scalar)
        name = open
      default: break
      }
    }
    return names
  }

  /// Method and template: the scope of an idempotency key beside the identity (CONFIG §4).
  var scope: String { "\(method.rawValue) \(template)" }
}
