/// The sentences of findings and failures in another language, keyed by the English ones.
///
/// The English sentence is made where the mistake is found, so that a check and what it says stand
/// together; here it is told again by its form. A sentence of no known form stays English.
package struct MessageCatalogue: Sendable {
  package struct Entry: Sendable {
    package var english: MessageTemplate
    package var translated: MessageTemplate
    package var englishText: String
    package var translatedText: String
  }

  /// Those that fix most first.
  package let entries: [Entry]
  /// Of those without places.
  private let whole: [String: String]
  /// Those with places, by their first letter; nil for those that begin with a place. In order.
  private let byFirst: [Unicode.Scalar?: [Int]]

  /// Korean.
  package static let korean = MessageCatalogue(
    String(decoding: PackageResources.messages_ko_txt, as: UTF8.self))

  /// - Parameter text: Blocks of an English line and a line `→ ` with its translation; lines that
  ///   begin with `##` and empty ones are passed over.
  package init(_ text: String) {
    var entries: [Entry] = []
    var whole: [String: String] = [:]
    var english: String?
    for line in text.split(separator: "\n").map(String.init) where !line.hasPrefix("##") {
      guard line.hasPrefix("→ "), let key = english else {
        english = line
        continue
      }
      let translation = String(line.dropFirst(2))
      let entry = Entry(
        english: MessageTemplate(Self.form(of: key)), translated: MessageTemplate(translation),
        englishText: key, translatedText: translation)
      entries.append(entry)
      if entry.english.places.isEmpty { whole[Self.form(of: key)] = translation }
      english = nil
    }
    let sorted = entries.enumerated().sorted { left, right in
      let (more, less) = (left.element.english.literalCount, right.element.english.literalCount)
      return more == less ? left.offset < right.offset : more > less
    }.map(\.element)
    self.entries = sorted
    self.whole = whole
    let placed = sorted.indices.filter { !sorted[$0].english.places.isEmpty }
    byFirst = Dictionary(grouping: placed) { sorted[$0].english.first }
  }

  /// The sentence in the catalogue's language; nil where its form is not known.
  ///
  /// A capital at its beginning is looked up as it is, as that of a name, and then as a small letter.
  package func translation(of sentence: String) -> String? {
    translation(of: sentence, depth: 0)
  }

  /// Phrases inside phrases that are told in turn; what is deeper stays as it is.
  private static let phraseDepthMax = 8

  private func translation(of sentence: String, depth: Int) -> String? {
    guard !sentence.isEmpty else { return "" }
    guard depth <= Self.phraseDepthMax else { return nil }
    let plain = Self.plain(sentence)
    let form = Self.form(of: plain)
    if let whole = whole[String(scalars: form)] { return whole }
    var best: (index: Int, found: [Int: String])?
    for spelling in plain.first == form.first ? [form] : [plain, form] {
      for index in [spelling.first, nil].flatMap({ byFirst[$0] ?? [] }) {
        guard index < best?.index ?? .max, let found = entries[index].english.match(spelling)
        else { continue }
        best = (index, found)
      }
    }
    guard let best else { return nil }
    return entries[best.index].translated.filled(best.found) {
      translation(of: $0, depth: depth + 1) ?? $0
    }
  }

  /// Without a full stop, names in plain quotes.
  private static func plain(_ sentence: String) -> [Unicode.Scalar] {
    var scalars = sentence.unicodeScalars.map { $0 == "`" ? "'" : $0 }
    if scalars.last == "." { scalars.removeLast() }
    return scalars
  }

  /// As it is looked up: plain, and without a capital at its beginning.
  private static func form(of plain: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var scalars = plain
    if let first = scalars.first, ("A"..."Z").contains(first),
      let second = scalars.dropFirst().first,
      !("A"..."Z").contains(second), let lower = Unicode.Scalar(first.value + 32)
    {
      scalars[0] = lower
    }
    return scalars
  }

  private static func form(of sentence: String) -> String {
    String(scalars: form(of: plain(sentence)))
  }
}
