package import CEL

/// A question a judge puts to a model: the parsed prompt file (CONFIG §2).
package struct Prompt: Sendable {
  package enum Labels: Sendable, Equatable {
    /// `[true, false]`: answered as a JSON boolean.
    case boolean
    /// In file order, with the line for the model where there is one.
    case strings([Label])
  }

  package struct Label: Sendable, Equatable {
    package var name: String
    package var note: String?

    package init(name: String, note: String? = nil) {
      self.name = name
      self.note = note
    }
  }

  package struct Field: Sendable {
    package var name: String
    package var colour: ColourSet
    package var isPersonal: Bool
    package var isTrusted: Bool
    /// Unicode scalars sent at most.
    package var cut: Int

    package init(name: String, colour: ColourSet, isPersonal: Bool, isTrusted: Bool, cut: Int) {
      self.name = name
      self.colour = colour
      self.isPersonal = isPersonal
      self.isTrusted = isTrusted
      self.cut = cut
    }
  }

  /// A piece of the system message.
  package enum Piece: Sendable, Equatable {
    case text(String)
    /// `{{field}}`, by index.
    case field(Int)
  }

  package struct Example: Sendable {
    /// In the order of the fields.
    package var values: [Value]
    package var label: String

    package init(values: [Value], label: String) {
      self.values = values
      self.label = label
    }
  }

  package var name: String
  package var question: String
  package var labels: Labels
  package var fields: [Field]
  package var canary: String?
  package var examples: [Example]
  package var asksRationale: Bool
  package var lenientFence: Bool
  package var body: [Piece]
  /// The file's exact bytes.
  package var text: [UInt8]
  package var file: String
  /// Whether some labels could not be read: such a prompt only serves to check the workflows that
  /// ask it.
  package var lacksLabels = false
  /// Whether some fields could not be read; as `lacksLabels`.
  package var lacksFields = false

  package init(
    name: String, question: String, labels: Labels, fields: [Field], canary: String? = nil,
    examples: [Example] = [], asksRationale: Bool = false, lenientFence: Bool = false,
    body: [Piece], text: [UInt8], file: String
  ) {
    self.name = name
    self.question = question
    self.labels = labels
    self.fields = fields
    self.canary = canary
    self.examples = examples
    self.asksRationale = asksRationale
    self.lenientFence = lenientFence
    self.body = body
    self.text = text
    self.file = file
  }

  /// The labels as outcomes are named: `true`, `false`, or each label; the canary is none.
  package var outcomes: [String] {
    switch labels {
    case .boolean: ["true", "false"]
    case .strings(let labels): labels.map(\.name)
    }
  }
}
