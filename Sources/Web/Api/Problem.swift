import HTTPTypes
import PetriNet

/// A refusal on its way to the client: RFC 9457 problem details.
///
/// Says names, kinds and limits, never the contents of a token, a prompt or a key.
struct Problem: Error, Sendable {
  /// One mistake inside the request.
  struct Detail: Sendable, Equatable {
    /// RFC 6901 as a fragment (`#/form/why`), or `?name` for a parameter of the query.
    var pointer: String
    var code: String
    var found: String
    var expected: String
    var nearest: String?
  }

  var type: ProblemType
  /// One or two sentences about this occurrence.
  var detail: String
  var errors: [Detail]
  /// Further members: the present state at 412, the case that exists at 409.
  var members: [JSONText.Member]
  var headers: [(HTTPField.Name, String)]

  init(
    _ type: ProblemType, _ detail: String, errors: [Detail] = [],
    members: [JSONText.Member] = [], headers: [(HTTPField.Name, String)] = []
  ) {
    self.type = type
    self.detail = detail
    self.errors = errors
    self.members = members
    self.headers = headers
  }

  /// As problem+json. `requestID` stands in `instance`.
  func answer(requestID: String) -> Answer {
    var body: [JSONText.Member] = [
      .init("type", .string("/problems/\(type.rawValue)")),
      .init("title", .string(type.title)),
      .init("status", .integer(Int64(type.status))),
      .init("detail", .string(detail)),
      .init("code", .string(type.code)),
      .init("instance", .string("/v1/requests/\(requestID)")),
    ]
    if !errors.isEmpty { body.append(.init("errors", .list(errors.map(\.node)))) }
    var fields = headers
    if let seconds = type.retryAfterSeconds {
      body.append(.init("retry_after_ms", .integer(Int64(seconds) * 1_000)))
      fields.append((.retryAfter, String(seconds)))
    }
    body += members
    return Answer(
      status: type.status, headers: fields, body: .problem(.object(body)))
  }

  /// What an item of a batch says: the same members without `instance`.
  var item: JSONText.Node {
    var body: [JSONText.Member] = [
      .init("type", .string("/problems/\(type.rawValue)")),
      .init("title", .string(type.title)),
      .init("detail", .string(detail)),
      .init("code", .string(type.code)),
    ]
    if !errors.isEmpty { body.append(.init("errors", .list(errors.map(\.node)))) }
    return .object(body + members)
  }
}

extension Problem.Detail {
  var node: JSONText.Node {
    var members: [JSONText.Member] = [
      .init("pointer", .string(pointer)), .init("code", .string(code)),
      .init("found", .string(found)), .init("expected", .string(expected)),
    ]
    if let nearest { members.append(.init("nearest", .string(nearest))) }
    return .object(members)
  }
}

extension Problem {
  /// A value that does not fit; `at` is the pointer of the value inside the body.
  static func value(_ problems: [ValueReading.Problem], at prefix: String) -> Problem {
    Problem(
      .valueNotInColourSet,
      problems.count == 1
        ? "One part of the value does not fit; see errors."
        : "\(problems.count) parts of the value do not fit; see errors.",
      errors: problems.map {
        Detail(
          pointer: "#\(prefix)\($0.pointer)", code: ProblemType.valueNotInColourSet.code,
          found: $0.found, expected: $0.expected, nearest: $0.nearest)
      })
  }

  /// A member of the body that is missing or of another kind.
  static func member(_ pointer: String, found: String, expected: String) -> Problem {
    Problem(
      .malformed, "The body's '\(pointer)' is \(found), expected \(expected).",
      errors: [
        Detail(
          pointer: "#/\(pointer)", code: ProblemType.malformed.code, found: found,
          expected: expected)
      ])
  }

  /// A parameter of the query that cannot be read.
  static func parameter(_ name: String, expected: String) -> Problem {
    Problem(
      .malformed, "The parameter '\(name)' is not \(expected).",
      errors: [
        Detail(
          pointer: "?\(name)", code: ProblemType.malformed.code, found: "another value",
          expected: expected)
      ])
  }
}
