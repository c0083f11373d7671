package import PetriNet

extension DiagnosticText {
  /// The words around a finding in one language.
  package struct Words: Sendable {
    private let language: Language

    package init(_ language: Language) { self.language = language }

    /// `error`, `warning`, `note`.
    package func severity(_ severity: Finding.Severity) -> String {
      switch (language, severity) {
      case (.english, _): severity.rawValue
      case (.korean, .error): "오류"
      case (.korean, .warning): "경고"
      case (.korean, .note): "참고"
      }
    }

    /// `2 errors`.
    package func count(of severity: Finding.Severity, _ count: Int) -> String {
      switch language {
      case .english: "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
      case .korean: "\(self.severity(severity)) \(count)개"
      }
    }

    package var help: String { language == .korean ? "도움말" : "help" }

    var nearest: String { language == .korean ? "가장 비슷한 이름" : "nearest" }

    func expected(_ what: String) -> String {
      language == .korean ? "기대한 것: \(phrase(what))" : "expected \(what)"
    }

    func found(_ what: String) -> String {
      language == .korean ? "찾은 것: \(phrase(what))" : "found \(what)"
    }

    /// One word may be a name or a key of the file: it is told as it stands there.
    private func phrase(_ text: String) -> String {
      let isOfOurs = text.utf8.contains(UInt8(ascii: " ")) || ["nothing", "spaces"].contains(text)
      return isOfOurs ? sentence(text) : text
    }

    /// A sentence or a part of one; English where the catalogue does not know its form.
    package func sentence(_ text: String) -> String {
      switch language {
      case .english: text
      case .korean: MessageCatalogue.korean.translation(of: text) ?? text
      }
    }
  }
}
