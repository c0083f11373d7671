import PetriNet

/// What a stand-in reads out of a chat request.
struct ModelQuestion {
  var model: String
  /// The fenced values of the last user message, in order; without any, the message itself. Earlier
  /// ones are examples.
  var values: [String]
  /// The labels of the schema; without one those that the last user message lists, else true and
  /// false.
  var labels: ModelLabels
  var hasSchema: Bool
  /// How many alternatives a token is to have; nil if log probabilities were not asked for.
  var alternatives: Int?
  /// The bytes of all messages, the measure of the tokens that are charged.
  var promptBytes: Int

  /// What rules look at.
  var text: String { values.joined(separator: "\n") }

  /// Nil for a body that is no chat request.
  init?(body: [UInt8]) {
    guard let request = try? JSONText.parse(body), case .string(let model)? = request["model"],
      case .list(let messages)? = request["messages"], !messages.isEmpty
    else { return nil }
    self.model = model
    var asked: String?
    promptBytes = 0
    for message in messages {
      let content = Self.content(of: message)
      promptBytes += content.utf8.count
      if case .string("user")? = message["role"] { asked = content }
    }
    guard let asked else { return nil }
    let fields = FencedFields.read(asked)
    values = fields.isEmpty ? [asked] : fields.map(\.value)
    let offered = ModelLabels(schema: request["response_format"]?["json_schema"]?["schema"])
    hasSchema = offered != nil
    labels =
      offered ?? ModelLabels(listedIn: asked)
      ?? ModelLabels(names: ["true", "false"], areBoolean: true)
    if case .bool(true)? = request["logprobs"] {
      alternatives = 0
      if case .number(let count)? = request["top_logprobs"] {
        alternatives = Int(count.integer ?? 0)
      }
    }
  }

  /// A content is a string, or a list of parts of which the texts count.
  private static func content(of message: JSONText.Node) -> String {
    switch message["content"] {
    case .string(let text)?: return text
    case .list(let parts)?:
      return parts.map { part in
        guard case .string(let text)? = part["text"] else { return "" }
        return text
      }.joined()
    default: return ""
    }
  }
}

/// The labels of a question, as the schema offers them.
struct ModelLabels: Equatable {
  var names: [String]
  /// Answered as JSON `true` and `false`, not as strings.
  var areBoolean: Bool

  init(names: [String], areBoolean: Bool) {
    self.names = names
    self.areBoolean = areBoolean
  }

  /// Nil if the schema is none of CONFIG §2's form.
  init?(schema: JSONText.Node?) {
    guard let verdict = schema?["properties"]?["verdict"] else { return nil }
    if case .list(let members)? = verdict["enum"], !members.isEmpty {
      let names = members.compactMap { member -> String? in
        guard case .string(let name) = member else { return nil }
        return name
      }
      guard names.count == members.count else { return nil }
      self.init(names: names, areBoolean: false)
    } else if case .string("boolean")? = verdict["type"] {
      self.init(names: ["true", "false"], areBoolean: true)
    } else {
      return nil
    }
  }

  /// The labels of the line `Answer with one of: …` with which a user message ends.
  init?(listedIn message: String) {
    let mark = Array("Answer with one of: ".utf8)
    let lines = message.utf8.split(separator: UInt8(ascii: "\n"))
    guard let line = lines.last, line.starts(with: mark), line.last == UInt8(ascii: ".") else {
      return nil
    }
    let list = Array("[".utf8) + line.dropFirst(mark.count).dropLast() + Array("]".utf8)
    guard case .list(let members)? = try? JSONText.parse(list), !members.isEmpty else {
      return nil
    }
    let names = members.map { member in
      guard case .string(let name) = member else { return member.text }
      return name
    }
    self.init(
      names: names, areBoolean: members.allSatisfy { $0.kindText == "a boolean" })
  }

  /// A label as JSON.
  func json(_ label: String) -> String {
    areBoolean ? label : JSONText.quoted(label)
  }

  func offers(_ label: String) -> Bool {
    names.contains { $0.utf8.elementsEqual(label.utf8) }
  }
}
