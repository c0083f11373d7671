/// Something wrong, or worth knowing, in a file: what EXPERIENCE "Errors" prints.
package struct Finding: Hashable, Sendable {
  package enum Severity: String, Sendable { case error, warning, note }

  /// Stable, never reused: `P103`, `F101`, `C402`.
  package var code: String
  package var severity: Severity
  /// Path of names into the file (`transitions.pay.then.ok`), "" where there is none.
  package var node: String
  package var mark: SourceMark
  /// One sentence, without place and code. English; other languages are keyed by `code` and `arguments`.
  package var message: String
  package var found: String
  package var expected: String
  package var nearest: String?
  /// A line that helps, without the `= help:`; may be empty.
  package var help: String
  package var related: [(mark: SourceMark, label: String)]

  package init(
    _ code: String, _ message: String, at mark: SourceMark, node: String = "",
    severity: Severity = .error, found: String = "", expected: String = "",
    nearest: String? = nil, help: String = "",
    related: [(mark: SourceMark, label: String)] = []
  ) {
    self.code = code
    self.severity = severity
    self.node = node
    self.mark = mark
    self.message = message
    self.found = found
    self.expected = expected
    self.nearest = nearest
    self.help = help
    self.related = related
  }

  package static func == (left: Finding, right: Finding) -> Bool {
    left.code == right.code && left.severity == right.severity && left.node == right.node
      && left.mark == right.mark && left.message == right.message && left.found == right.found
      && left.expected == right.expected && left.nearest == right.nearest
      && left.help == right.help && left.related.elementsEqual(right.related, by: ==)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(code)
    hasher.combine(mark)
    hasher.combine(node)
    hasher.combine(message)
    hasher.combine(found)
    hasher.combine(expected)
  }
}

/// All the findings of one run; at least one is an error.
package struct Findings: Error, Equatable, Sendable {
  package var items: [Finding]

  package init(_ items: [Finding]) { self.items = items }
}
