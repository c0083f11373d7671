internal import CEL

/// The findings of one compilation. Used by one thread, for as long as the compilation lasts.
final class Report {
  private(set) var findings: [Finding] = []
  private(set) var hasErrors = false
  private var known: Set<Finding> = []
  /// For the nearest names of all that is unknown.
  var budget = Nearest.Budget()
  /// The findings of this file come first.
  private let file: String
  /// Kinds of things (`place`) some of whose names could not be read: an unknown one is told only
  /// where it is a slip of a known one.
  var kindsInPart: Set<String> = []
  /// Record types some of whose fields could not be read, as the checker of expressions names them.
  private var recordsInPart: Set<String> = []

  func lacksFields(_ type: RecordType) {
    recordsInPart.insert(Self.expectation(type))
  }

  private static func expectation(_ type: RecordType) -> String { "a field of \(type)" }

  /// Whether an unknown field may be one that could not be read.
  func mayLack(_ problem: ExpressionProblem) -> Bool { recordsInPart.contains(problem.expected) }

  init(file: String) { self.file = file }

  func isOwn(_ mark: SourceMark) -> Bool { mark.file.hasSameBytes(as: file) }

  /// The same finding twice, from an `else` that stands for several outcomes, is one.
  func add(_ finding: Finding) {
    guard known.insert(finding).inserted else { return }
    findings.append(finding)
    if finding.severity == .error { hasErrors = true }
  }

  func error(
    _ code: String, _ message: String, at mark: SourceMark, _ path: NodePath, found: String = "",
    expected: String = "", nearest: String? = nil, help: String = "",
    related: [(mark: SourceMark, label: String)] = []
  ) {
    add(
      Finding(
        code, message, at: mark, node: path.node, found: found, expected: expected,
        nearest: nearest, help: help, related: related))
  }

  func warning(
    _ code: String, _ message: String, at mark: SourceMark, _ path: NodePath, found: String = "",
    expected: String = "", nearest: String? = nil, help: String = ""
  ) {
    add(
      Finding(
        code, message, at: mark, node: path.node, severity: .warning, found: found,
        expected: expected, nearest: nearest, help: help))
  }

  /// P103. `kind` is a noun (`place`), `owner` where the name stands (`the outcome 'ok' of 'pay'`).
  func unknown(
    _ kind: String, _ name: Located<String>, in owner: String, among known: [String],
    _ path: NodePath
  ) {
    if name.isUnreadable { return }
    if kindsInPart.contains(kind), !Nearest.isSlip(name.value, of: known, within: &budget) {
      return
    }
    let expected =
      switch known.count {
      case 0: "no \(kind) is declared"
      case 1...6: "one of \(known.listed)"
      default: "one of \(known.count) names"
      }
    error(
      "P103", "unknown \(kind) '\(name.value)' in \(owner)", at: name.mark, path,
      found: name.value, expected: expected,
      nearest: Nearest.name(to: name.value, among: known, within: &budget))
  }

  /// By file (this compilation's own first), line, column; findings of one place as they came.
  var sorted: [Finding] {
    findings.enumerated().sorted { left, right in
      let (a, b) = (left.element.mark, right.element.mark)
      if !a.file.hasSameBytes(as: b.file) {
        if isOwn(a) || isOwn(b) { return isOwn(a) }
        return a.file.comesBefore(b.file)
      }
      return (a.line, a.column, left.offset) < (b.line, b.column, right.offset)
    }.map(\.element)
  }
}
