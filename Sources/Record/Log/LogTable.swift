/// The tables of the record by the columns that a log's file has, for logs that are kept elsewhere
/// and written into one.
package enum LogTable: String, CaseIterable, Sendable {
  case meta, log, payload, blob, definition, checkpoint, pruned, request
  case kinds = "event_kind"

  /// What stands in a column.
  package enum Content: Sendable {
    case int, text, blob
    /// A whole number where the name beside it says so, else text.
    case metaValue
  }

  /// In the order of the file's columns.
  package var columns: [(name: String, content: Content)] {
    switch self {
    case .meta: [("name", .text), ("value", .metaValue)]
    case .log:
      [
        ("seq", .int), ("epoch", .int), ("at", .int), ("case_no", .int), ("kind", .text),
        ("version", .int), ("body", .text), ("sealed", .blob), ("hash", .blob),
      ]
    case .payload: [("id", .int), ("key_no", .int), ("role", .text), ("box", .blob)]
    case .blob: [("hash", .blob), ("bytes", .blob)]
    case .definition:
      [("seq", .int), ("kind", .text), ("name", .text), ("hash", .blob), ("text", .text)]
    case .checkpoint:
      [("size", .int), ("at", .int), ("root", .blob), ("note", .text), ("pinned", .int)]
    case .pruned:
      [
        ("first_seq", .int), ("last_seq", .int), ("subtrees", .blob), ("last_hash", .blob),
        ("by_seq", .int),
      ]
    case .request: [("slot", .int), ("key", .blob), ("seq", .int)]
    case .kinds: [("kind", .text), ("version", .int), ("first_seq", .int)]
    }
  }

  /// One field of a row.
  package enum Cell: Equatable, Sendable {
    case null
    case int(Int64)
    case text(String)
    case blob([UInt8])
  }
}
