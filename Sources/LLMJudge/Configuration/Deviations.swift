extension EndpointConfiguration {
  /// How a server that is `compatible` differs from OpenAI's chat completions.
  package struct Deviations: Sendable, Equatable {
    /// How it is asked for the schema.
    package enum Schema: String, Sendable, CaseIterable {
      /// `response_format` of type json_schema, with `strict`.
      case strict
      /// The same without `strict`.
      case jsonSchema = "json_schema"
      /// `response_format` of type json_object with `schema` in it.
      case jsonObject = "json_object"
      /// `structured_outputs` with the labels as choices.
      case choice
      /// Not at all.
      case none
    }

    /// Whose message the instructions are.
    package enum Instructions: String, Sendable, CaseIterable {
      case system, developer, user
    }

    /// Appended to the URL.
    package var path = "/chat/completions"
    /// The key of the limit on tokens.
    package var limitKey = "max_tokens"
    package var schema = Schema.strict
    package var instructions = Instructions.system
    /// Whether a label alone is an answer, without JSON.
    package var answersBare = false
    /// Values of `finish_reason` for a whole answer besides `stop`.
    package var ends: [String] = []

    package init() {}
  }
}
