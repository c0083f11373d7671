import Foundation

/// The rule file: `JOB OUTPUT INPUT` a line, with one `%` in both patterns, `#` before comments.
///
///     text  out/%.txt  src/%.txt
///     sum   out/%.sum  out/%.txt
struct Rules: Sendable {
  struct Rule: Sendable {
    var job: String
    var output: Pattern
    var input: Pattern
  }

  /// A path with one part that may be anything.
  struct Pattern: Sendable {
    var before: String
    var after: String

    init?(_ text: String) {
      let parts = text.components(separatedBy: "%")
      guard parts.count == 2 else { return nil }
      (before, after) = (parts[0], parts[1])
    }

    /// What stands for `%` in `path`; nil if the path is another.
    func stem(of path: String) -> String? {
      guard path.hasPrefix(before), path.hasSuffix(after),
        path.count > before.count + after.count
      else { return nil }
      return String(path.dropFirst(before.count).dropLast(after.count))
    }

    func path(_ stem: String) -> String { before + stem + after }
  }

  private let rules: [Rule]

  struct Mistake: Error, CustomStringConvertible {
    var description: String
  }

  init(_ text: String) throws {
    rules = try text.split(separator: "\n").enumerated().compactMap { number, line in
      let words = line.prefix { $0 != "#" }.split(separator: " ").map(String.init)
      guard !words.isEmpty else { return nil }
      guard words.count == 3, let output = Pattern(words[1]), let input = Pattern(words[2]) else {
        throw Mistake(description: "rule \(number + 1) is not `JOB OUTPUT INPUT` with a % in both")
      }
      return Rule(job: words[0], output: output, input: input)
    }
  }

  /// The job that makes `ref`, and what it is made from; nil for what no rule makes.
  func making(_ ref: String) -> (job: String, input: String)? {
    for rule in rules {
      if let stem = rule.output.stem(of: ref) { return (rule.job, rule.input.path(stem)) }
    }
    return nil
  }
}
