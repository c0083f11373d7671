package import CEL

/// The records that expressions read beside the arc variables: the compiler declares them with these
/// types, the engine fills them.
package enum ContextRecords {
  /// `case`: `id` as the API spells it, `key` the business key or null.
  package static let caseRecord = RecordType(
    name: "case",
    fields: [
      .init("id", .string), .init("key", .nullable(.string)), .init("started", .timestamp),
    ])

  /// `firing`: `id` is the idempotency key.
  package static let firing = RecordType(name: "firing", fields: [.init("id", .string)])

  /// `fallback`, in the outcome of that name of a judge.
  package static let fallback = RecordType(name: "fallback", fields: [.init("reason", .string)])

  /// `error`, in `failed` and `unknown` of an action.
  package static let error = RecordType(
    name: "error", fields: [.init("code", .string), .init("attempts", .int)])

  /// `answer`, in an outcome of a task: who and when, then the fields of its form.
  package static func answer(form: RecordColour?) -> RecordType {
    RecordType(
      name: "answer",
      fields: [.init("by", .string), .init("at", .timestamp)] + (form?.type.fields ?? []))
  }
}
