/// The languages that findings, failures and pages are told in.
package enum Language: String, CaseIterable, Sendable {
  case english = "en"
  case korean = "ko"

  /// By the first part of a tag (`ko`, `ko_KR.UTF-8`, `ko-KR`); English for any other.
  package init(tag: String) {
    let first = tag.lowercased().prefix { $0 != "_" && $0 != "-" && $0 != "." }
    self = Language(rawValue: String(first)) ?? .english
  }
}
