internal import CEL
internal import Orchestration
internal import PetriNet
internal import Transfer

/// A binding with its templates read, and how its requests are made.
struct PreparedAction: Sendable {
  struct Named: Sendable {
    var name: String
    var template: FieldTemplate
  }

  enum Body: Sendable {
    case none, json, form
    case template(JSONText.Node)
  }

  /// Why no request can be made of an argument; audit-only text.
  struct Unsendable: Error {
    var why: String
  }

  let binding: ActionBinding
  let errors: [PreparedErrorRule]
  private let path: FieldTemplate
  private let query: [Named]
  private let headers: [Named]
  private let body: Body

  init(_ binding: ActionBinding) throws(HTTPActionsProblem) {
    let action = binding.action.text
    self.binding = binding
    guard ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(binding.method) else {
      throw .methodRefused(action: action)
    }
    guard binding.path.utf8.first == UInt8(ascii: "/"),
      !binding.path.utf8.contains(where: { "?#\\".utf8.contains($0) }),
      let path = FieldTemplate(binding.path)
    else { throw .templateRefused(action: action, text: binding.path) }
    self.path = path
    query = try Self.templates(binding.query, action)
    headers = try Self.templates(binding.headers, action)
    var names = binding.headers.map(\.name)
    if case .header(let name) = binding.idempotency { names.append(name) }
    for name in names where !HTTPToken.isToken(name) { throw .headerRefused(name: name) }
    errors = try binding.errors.map { rule throws(HTTPActionsProblem) in
      try PreparedErrorRule(rule, action)
    }
    switch binding.body {
    case .none: body = .none
    case .json: body = .json
    case .form: body = .form
    case .template(let text):
      guard let node = try? JSONText.parse(text: text) else {
        throw .templateRefused(action: action, text: text)
      }
      body = .template(node)
    }
  }

  private static func templates(
    _ named: [ActionBinding.Named], _ action: String
  ) throws(HTTPActionsProblem) -> [Named] {
    var templates: [Named] = []
    for entry in named {
      guard let template = FieldTemplate(entry.text) else {
        throw .templateRefused(action: action, text: entry.text)
      }
      templates.append(Named(name: entry.name, template: template))
    }
    return templates
  }

  /// The request of one attempt; limits are the service's.
  func request(
    _ attempt: ActionAttempt, service: ServiceConfiguration, deadline: MonotonicInstant
  ) throws(Unsendable) -> TransferRequest {
    let url = service.baseURL + (try renderedPath(attempt.argument)) + (try renderedQuery(attempt))
    var request = service.request(method: binding.method, url: url, deadline: deadline)
    request.headers += try renderedHeaders(attempt)
    if let (body, type) = try renderedBody(attempt) {
      request.body = body
      request.headers.insert(.init("Content-Type", type), at: 0)
    }
    return request
  }

  /// A segment that is empty or of dots alone would name another resource than the author meant.
  private func renderedPath(_ argument: Value) throws(Unsendable) -> String {
    let text: String
    do throws(FieldTemplate.Absence) {
      for field in path.fields {
        let value = try FieldTemplate.value(field, in: argument)
        if case .string(let string) = value, string.isEmpty {
          throw Absence.absent
        }
      }
      text = try path.text(of: argument, encode: PercentEncoding.encoded)
    } catch {
      throw Unsendable(why: "a field of the path is empty, absent or no scalar")
    }
    let segments = text.utf8.split(separator: UInt8(ascii: "/"))
    let hasDots = segments.contains { $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }
    if hasDots { throw Unsendable(why: "a segment of the path would be . or ..") }
    return PercentEncoding.encoded(text, keeping: "/%!$&'()*+,;=:@")
  }

  private typealias Absence = FieldTemplate.Absence

  private func renderedQuery(_ attempt: ActionAttempt) throws(Unsendable) -> String {
    var parts: [String] = []
    for entry in query {
      guard let text = try Self.text(entry, attempt.argument) else { continue }
      parts.append(
        "\(PercentEncoding.encoded(entry.name))=\(PercentEncoding.encoded(text))")
    }
    return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
  }

  private func renderedHeaders(
    _ attempt: ActionAttempt
  ) throws(Unsendable) -> [TransferRequest.Header] {
    var rendered: [TransferRequest.Header] = []
    for entry in headers {
      guard let text = try Self.text(entry, attempt.argument) else { continue }
      let header = TransferRequest.Header(entry.name, text)
      guard header.isSendable else {
        throw Unsendable(why: "the value of header \(entry.name) holds CR, LF or NUL")
      }
      rendered.append(header)
    }
    if case .header(let name) = binding.idempotency {
      rendered.append(.init(name, attempt.idempotencyKey))
    }
    return rendered
  }

  /// nil if a field is absent.
  private static func text(_ entry: Named, _ argument: Value) throws(Unsendable) -> String? {
    do throws(FieldTemplate.Absence) {
      return try entry.template.text(of: argument)
    } catch {
      switch error {
      case .absent: return nil
      case .unprintable: throw Unsendable(why: "a field of \(entry.name) is no scalar")
      }
    }
  }
}

extension PreparedAction {
  private func renderedBody(
    _ attempt: ActionAttempt
  ) throws(Unsendable) -> (bytes: [UInt8], type: String)? {
    switch body {
    case .none: return nil
    case .json:
      let node = ValueWriting.node(of: attempt.argument, in: attempt.action.takes)
      return (try json(node, attempt), "application/json")
    case .template(let template):
      return (try json(try Self.filled(template, attempt.argument), attempt), "application/json")
    case .form:
      return (try form(attempt), "application/x-www-form-urlencoded")
    }
  }

  private func json(
    _ node: JSONText.Node, _ attempt: ActionAttempt
  ) throws(Unsendable) -> [UInt8] {
    guard case .field(let name) = binding.idempotency else { return Array(node.text.utf8) }
    let key = JSONText.Member(name, .string(attempt.idempotencyKey))
    switch node {
    case .object(let members):
      let others = members.filter { !$0.name.utf8.elementsEqual(name.utf8) }
      return Array(JSONText.Node.object(others + [key]).text.utf8)
    case .null: return Array(JSONText.Node.object([key]).text.utf8)
    default: throw Unsendable(why: "the body is no object, so it has no field \(name)")
    }
  }

  /// The template with values where a whole string names a field, and texts where a part does.
  private static func filled(
    _ node: JSONText.Node, _ argument: Value
  ) throws(Unsendable) -> JSONText.Node {
    switch node {
    case .list(let items):
      var filled: [JSONText.Node] = []
      for item in items { filled.append(try self.filled(item, argument)) }
      return .list(filled)
    case .object(let members):
      var filled: [JSONText.Member] = []
      for member in members {
        filled.append(.init(member.name, try self.filled(member.value, argument)))
      }
      return .object(filled)
    case .string(let text):
      // A text with braces that name no field is meant as it is.
      guard let template = FieldTemplate(text) else { return node }
      do throws(FieldTemplate.Absence) {
        if template.pieces.count == 1, case .field(let path) = template.pieces[0] {
          return ValueWriting.node(of: try FieldTemplate.value(path, in: argument))
        }
        return .string(try template.text(of: argument))
      } catch {
        throw Unsendable(why: "a field of the body is absent or no scalar")
      }
    default: return node
    }
  }

  private func form(_ attempt: ActionAttempt) throws(Unsendable) -> [UInt8] {
    var parts: [String] = []
    if case .record(let record) = attempt.argument {
      for (field, value) in zip(record.type.fields, record.fields) {
        if case .null = value { continue }
        do throws(FieldTemplate.Absence) {
          let text = PercentEncoding.encoded(try FieldTemplate.text(value))
          parts.append("\(PercentEncoding.encoded(field.name))=\(text)")
        } catch {
          throw Unsendable(why: "a field of the form is no scalar")
        }
      }
    }
    if case .field(let name) = binding.idempotency {
      parts.append(
        "\(PercentEncoding.encoded(name))=\(PercentEncoding.encoded(attempt.idempotencyKey))")
    }
    return Array(parts.joined(separator: "&").utf8)
  }
}

/// An error rule with its conditions read.
struct PreparedErrorRule: Sendable {
  let rule: ActionBinding.ErrorRule
  private let conditions: [(pointer: String, value: JSONText.Node)]

  init(_ rule: ActionBinding.ErrorRule, _ action: String) throws(HTTPActionsProblem) {
    self.rule = rule
    var conditions: [(String, JSONText.Node)] = []
    for condition in rule.conditions {
      guard let value = try? JSONText.parse(text: condition.text) else {
        throw .templateRefused(action: action, text: condition.text)
      }
      conditions.append((condition.name, value))
    }
    self.conditions = conditions
  }

  func fits(status: Int, body: JSONText.Node?) -> Bool {
    rule.status == status
      && conditions.allSatisfy { condition in
        body?.value(at: condition.pointer) == condition.value
      }
  }
}
