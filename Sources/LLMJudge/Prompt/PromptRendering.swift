internal import CEL
internal import PetriNet

/// A question as a model is shown it: instructions apart from values, values fenced.
struct RenderedPrompt: Equatable, Sendable {
  struct Turn: Equatable, Sendable {
    var user: [UInt8]
    var answer: [UInt8]
  }

  var system: [UInt8]
  /// Examples, as earlier turns.
  var examples: [Turn]
  var user: [UInt8]
  /// Schema V.
  var schema: [UInt8]
  /// The labels as offered, for who gives them as words.
  var labels: [String]
  var asksRationale: Bool
  /// Whether a value was longer than what is sent of it.
  var isCut: Bool
}

/// Version 1 of how prompts are rendered (CONFIG §2); part of a guard's identity.
///
/// Values of untrusted fields stand in the user message only, as JSON between lines that nobody can
/// foresee. Templates know names and nothing else: what a value contains is never expanded.
struct PromptRendering: Sendable {
  static let version = 1

  let prompt: Prompt
  /// By how many places the labels are turned when they are offered: one voter sees another one
  /// first.
  let rotation: Int
  private let labels: [String]
  private let schema: [UInt8]
  private let question: [UInt8]
  private let notes: [UInt8]

  init(_ prompt: Prompt, rotation: Int = 0) {
    self.prompt = prompt
    self.rotation = rotation
    labels = Self.turned(prompt.offeredLabels, rotation)
    schema = prompt.schemaJSON(labels)
    let offered = Array(prompt.offeredJSON(labels).joined(separator: Array(", ".utf8)))
    question = Array("Answer with one of: ".utf8) + offered + Array(".".utf8)
    notes = Self.notes(prompt.labels, rotation)
  }

  private static func turned<Item>(_ items: [Item], _ rotation: Int) -> [Item] {
    guard !items.isEmpty else { return items }
    let start = rotation % items.count
    return Array(items[start...] + items[..<start])
  }

  /// - Parameters:
  ///   - values: in the order of the fields.
  ///   - nonce: 16 bytes, new for each call.
  func render(_ values: [Value], nonce: [UInt8]) -> RenderedPrompt {
    let fence = nonce.flatMap { [JSONWriter.hex[Int($0 >> 4)], JSONWriter.hex[Int($0 & 15)]] }
    let texts = zip(prompt.fields, values).map { Self.text($1, $0) }
    let examples = prompt.examples.map { example in
      let texts = zip(prompt.fields, example.values).map { Self.text($1, $0).bytes }
      return RenderedPrompt.Turn(
        user: user(texts, fence), answer: prompt.answerJSON(example.label))
    }
    return RenderedPrompt(
      system: system(texts.map(\.bytes)), examples: examples,
      user: user(texts.map(\.bytes), fence), schema: schema, labels: labels,
      asksRationale: prompt.asksRationale, isCut: texts.contains { $0.isCut })
  }

  /// The body with a trusted field's value, or any other field's name, where its name stands.
  private func system(_ texts: [[UInt8]]) -> [UInt8] {
    var output: [UInt8] = []
    for piece in prompt.body {
      switch piece {
      case .text(let text): output.append(contentsOf: text.utf8)
      case .field(let index):
        let field = prompt.fields[index]
        output.append(
          contentsOf: field.isTrusted ? texts[index] : PromptText.quoted(field.name))
      }
    }
    return output + notes
  }

  private func user(_ texts: [[UInt8]], _ fence: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    for (field, text) in zip(prompt.fields, texts) {
      let name = Array(field.name.utf8) + [UInt8(ascii: " ")] + fence + Array(">\n".utf8)
      output.append(UInt8(ascii: "<"))
      output.append(contentsOf: name)
      output.append(contentsOf: text)
      output.append(contentsOf: "\n</".utf8)
      output.append(contentsOf: name)
    }
    return output + question
  }

  /// Lines for the model, where labels have them.
  private static func notes(_ labels: Prompt.Labels, _ rotation: Int) -> [UInt8] {
    guard case .strings(let labels) = labels, labels.contains(where: { $0.note != nil }) else {
      return []
    }
    var output = Array("\n".utf8)
    for label in turned(labels, rotation) {
      guard let note = label.note else { continue }
      output.append(contentsOf: "\n- ".utf8)
      output.append(contentsOf: PromptText.quoted(label.name))
      output.append(contentsOf: ": \(note)".utf8)
    }
    return output + Array("\n".utf8)
  }

  /// A value's JSON; what is longer than the field's cut ends in an ellipsis and is a string.
  private static func text(_ value: Value, _ field: Prompt.Field) -> (bytes: [UInt8], isCut: Bool) {
    if case .string(let string) = value {
      guard let short = cut(string, field.cut) else { return (PromptText.quoted(string), false) }
      return (PromptText.quoted(short), true)
    }
    var output: [UInt8] = []
    PromptText.write(ValueWriting.node(of: value, in: field.colour), into: &output)
    guard let short = cut(String(decoding: output, as: UTF8.self), field.cut) else {
      return (output, false)
    }
    return (PromptText.quoted(short), true)
  }

  /// nil if it is no longer than `limit` scalars.
  private static func cut(_ string: String, _ limit: Int) -> String? {
    let scalars = string.unicodeScalars
    guard string.utf8.count > limit,
      let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
      end < scalars.endIndex
    else { return nil }
    return String(scalars[..<end]) + "…"
  }
}

extension Value {
  /// Whether a part of it was erased: then nothing is asked.
  var holdsErased: Bool {
    switch self {
    case .erased: true
    case .list(let items): items.contains { $0.holdsErased }
    case .map(let map): map.entries.contains { $0.value.holdsErased }
    case .record(let record): record.fields.contains { $0.holdsErased }
    case .optional(.some(let wrapped)): wrapped.holdsErased
    default: false
    }
  }
}
