internal import CEL

/// Where the value of a variable comes from.
indirect enum FlowOrigin: Sendable {
  case clean
  /// A token of a place; a list of them for a counted arc.
  case token(place: Int, isList: Bool)
  /// The first token of the case.
  case input
  /// A value from outside of this colour set, with these marks where its fields have none.
  case outside(ColourSet, FlowMarks)
  /// An element of the list that another expression gives.
  case element(CheckedExpression, Scope)
  /// `answer`: who and when, and the fields of the form.
  case answer(RecordColour?)
}

/// A value on its way into something that may refuse its marks.
struct FlowSite {
  enum Target {
    /// A field, or with an empty path all, of the tokens of a place.
    case place(Int, fields: [Int])
    /// A value of a colour set: an argument, a field of a question.
    case value(ColourSet, isPersonal: Bool, isTrusted: Bool)
    /// Something kept or shown in clear text.
    case clear
  }

  var value: CheckedExpression
  /// The field of `value` that flows, for `copy`; nil for all of it.
  var field: String?
  var scope: Scope
  var target: Target
  var mark: SourceMark
  var path: NodePath
  /// What the target is, for the message: `the field 'why' of 'reviews'`.
  var noun: String
}
