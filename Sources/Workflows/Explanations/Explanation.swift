/// A page of `petrel explain CODE`: what a code means and what to do.
package struct Explanation: Equatable, Sendable {
  package var code: String
  /// A few words without a full stop.
  package var title: String
  /// Full sentences.
  package var text: String
  /// Nil where words say it better.
  package var example: ExplanationExample?

  init(_ code: String, _ title: String, _ text: String, wrong: String = "", right: String = "") {
    self.code = code
    self.title = title
    self.text = text
    example =
      wrong.isEmpty
      ? ExplanationExample.files[code]
      : ExplanationExample(.transitions, wrong: wrong, right: right)
  }

  /// The page of a code, written in any case; nil for a code that does not exist.
  package static func of(_ code: String) -> Explanation? {
    let wanted = code.uppercased()
    return all.first { $0.code.utf8.elementsEqual(wanted.utf8) }
  }

  /// Every page, by code.
  package static let all: [Explanation] =
    (access + calls + configuration + yaml + workflows + prompts + inputs + nets + store + cases)
    .sorted { $0.code.utf8.lexicographicallyPrecedes($1.code.utf8) }

  /// The known code closest to a mistyped one.
  package static func nearest(to code: String) -> String? {
    all.map(\.code).first { known in
      zip(known.utf8, code.uppercased().utf8).count { $0 != $1 } <= 1
        && known.utf8.count == code.utf8.count
    }
  }

  /// The page as text: title, paragraph wrapped at `width` cells, the two examples, and for a code
  /// of nets how a finding is accepted in writing; ends with a newline.
  package func page(width: Int = 80, language: Language = .english) -> String {
    let told = language == .korean ? korean ?? (title, text) : (title, text)
    var lines = ["\(code)  \(told.0)", ""]
    lines += Self.wrapped(told.1, width)
    let headings = language == .korean ? ("틀린 예", "고친 예") : ("wrong", "right")
    let examples = example.map { [(headings.0, $0.wrong), (headings.1, $0.right)] } ?? []
    for (heading, text) in examples {
      lines += ["", "\(heading):"]
      lines += text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
    }
    if let silence = silence(language) {
      lines += ["", silence, "  accept: {\(code): \(language == .korean ? "이유" : "REASON")}"]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Only findings of nets can be accepted, and never that the check contradicts itself.
  private func silence(_ language: Language) -> String? {
    guard code.hasPrefix("P"), code != "P001" else { return nil }
    return language == .korean
      ? "이유를 파일에 적어 승인하면 보고서마다 그 이유와 함께 나옵니다:"
      : "accepted in writing, in the file; every report prints the reason:"
  }

  private static func wrapped(_ text: String, _ width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, DisplayWidth.cells(of: line) + 1 + DisplayWidth.cells(of: word) > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + [line]
  }
}
