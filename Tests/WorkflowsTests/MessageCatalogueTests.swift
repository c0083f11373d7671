import Foundation
import Testing
import Workflows

@Suite struct MessageCatalogueTests {
  private static let catalogue = MessageCatalogue.korean

  @Test func `both languages of a sentence have the same places`() {
    let uneven = Self.catalogue.entries.filter { entry in
      Set(entry.english.places) != Set(entry.translated.places)
    }

    #expect(uneven.map(\.englishText).filter { $0 != "a %1 listed under %2s" } == [])
    #expect(Self.catalogue.entries.count > 800)
  }

  @Test func `no sentence stands there twice, and none is empty`() {
    let texts = Self.catalogue.entries.map(\.englishText)
    let twice = Dictionary(grouping: texts) { $0 }.filter { $0.value.count > 1 }.keys.sorted()

    #expect(twice == [])
    #expect(Self.catalogue.entries.allSatisfy { !$0.translatedText.isEmpty })
  }

  @Test func `each sentence is told by its own form`() {
    let others = Self.catalogue.entries.filter { entry in
      guard !entry.englishText.hasPrefix("%1: ") else { return false }
      let told = Self.catalogue.translation(of: Self.filled(entry.englishText))
      return told != Self.filled(entry.translatedText)
    }

    #expect(others.map(\.englishText) == [])
  }

  private static func filled(_ template: String) -> String {
    template.replacing(/[%~]([1-9])/) { "Name\($0.output.1)" }
  }

  /// Every literal of words in the code that makes findings, and those of failures of commands.
  @Test func `every sentence that the sources can tell has its Korean`() throws {
    var missing: [String] = []
    var count = 0
    for target in Self.targets {
      for file in try Self.sources(of: target) {
        let text = try String(contentsOf: file, encoding: .utf8)
        let literals = SourceLiterals(text)
        for literal in literals.literals where Self.isSentence(literal.text) {
          let isOfCode =
            literals.isArgument(literal.start, of: "precondition")
            || literals.isArgument(literal.start, of: "preconditionFailure")
          let isTold =
            Self.makers[target]?.contains { literals.isArgument(literal.start, of: $0) } ?? true
          guard !isOfCode, isTold else { continue }
          count += 1
          if !Self.isTold(literal.text) {
            missing.append("\(file.lastPathComponent): \(literal.text)")
          }
        }
      }
    }

    #expect(count > 700)
    #expect(missing.filter { line in !Self.parts.contains { line.hasSuffix(": \($0)") } } == [])
  }

  /// Whether the catalogue has a form of the sentence, and not only of the comma in its middle.
  private static func isTold(_ text: String) -> Bool {
    guard let told = catalogue.translation(of: filled(text)) else { return false }
    return !told.replacing(/`[^`]*`/, with: "").contains(/[a-z]{2,} [a-z]+ [a-z]+ [a-z]{2,}/)
  }

  private static let targets = [
    "CEL", "PetriNet", "Workflows", "Simulation", "Commands", "Web",
  ]

  /// Of these targets the sentences are told inside calls of these names.
  private static let makers = [
    "Commands": ["Failure", "Finding"], "Web": ["Problem"], "Simulation": ["Finding"],
  ]

  /// Ends of sentences whose whole is in the catalogue.
  private static let parts: Set<String> = [
    "`%1` takes %2 argument%3.", ", or ", ": to compare, write `==`", ": write it twice",
    "`%1` means nothing in an expression%2.", " (at %1)", " (field %1)",
    "%1 binds no token of a case", "a schedule", "the transition", "answer.%1 says %2 answered",
    "now + (%1)", "the value does not fit its place%1", "unknown key '%1'%2", " in '%1'",
    "unknown %1 ", "--var %1 does not fit its type%2", "there is no code '%1'%2", "map(%1, %2)",
    "There is no place '%1'", "; nearest: %1.", "%1 (written in Swift)/%2.yaml",
    // What libyaml says, told in other words.
    "could not find expected ':'", "did not find expected key",
    "did not find expected '-' indicator", "did not find expected ',' or",
    "while scanning a quoted scalar", "found unexpected", "found unknown escape",
    "block sequence entries are not allowed",
  ]

  /// Drawings, summaries and the words around findings are no sentences of findings.
  private static let leftOut: Set<String> = [
    "Drawing", "Diagnostics", "Explanations", "Resources", "Demo", "ConfigurationListing.swift",
    "ColourSet+Description.swift", "Synonym.swift",
    // What is raised while a case runs goes into the log as it is.
    "Interpreter", "Library", "Values", "Time",
  ]

  private static func sources(of target: String) throws -> [URL] {
    let folder = URL(filePath: "\(TestFiles.root)/Sources/\(target)").resolvingSymlinksInPath()
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var found: [URL] = []
    while let file = files?.nextObject() as? URL {
      if file.pathExtension == "swift", leftOut.isDisjoint(with: file.pathComponents) {
        found.append(file)
      }
    }
    return found
  }

  /// Two words beside each other: `label: LABEL` and `petrel explain all` are none.
  private static func isSentence(_ text: String) -> Bool {
    guard !text.hasPrefix("petrel "), !text.hasPrefix("chmod ") else { return false }
    return text.contains(/[a-z]{2,} [a-z%]|\ba [a-z]|%[1-9] [a-z]{2}/)
  }

  @Test func `every page is there in Korean, and no other`() {
    let without = Explanation.all.filter { page in
      page.korean.map { $0.title.isEmpty || $0.text.isEmpty } ?? true
    }

    #expect(without.map(\.code) == [])
    #expect(Explanation.all.count > 150)
  }

  @Test func `a page is told in Korean with the same examples`() throws {
    let page = try #require(Explanation.of("F110")).page(width: 60, language: .korean)

    #expect(
      page == """
        F110  콜론 뒤에 공백이 없음

        키와 값은 콜론과 공백으로 나뉩니다. 공백이 없으면 하나의
        글입니다.

        틀린 예:
          take: {in: {o:asked}, out: {known: o}}

        고친 예:
          take: {in: {o: asked}, out: {known: o}}

        """)
  }

  @Test(arguments: [
    ("ko", Language.korean), ("ko_KR.UTF-8", .korean), ("KO-KR", .korean), ("en", .english),
    ("", .english), ("fr_FR", .english), ("kok", .english),
  ])
  func `the language is the first part of a tag`(_ tag: String, _ language: Language) {
    #expect(Language(tag: tag) == language)
  }

  @Test(
    arguments: [
      ("unknown place 'askd' in the outcome 'ok' of 'pay'", nil),
      ("expected bool, found int", "기대한 것: bool, 찾은 것: int"),
      ("'o's place' has no outcome 'a' of 'b'", nil),
      ("a map {url, dialect, model, …}", "맵 {url, dialect, model, …}"),
      ("no sentence of ours at all", nil),
    ] as [(String, String?)])
  func `names are kept, phrases inside are told too`(_ english: String, _ korean: String?) {
    let told = Self.catalogue.translation(of: english)

    if let korean { #expect(told == korean) }
    if english.hasPrefix("unknown") { #expect(told?.contains("'askd'") == true) }
    if english.hasPrefix("no sentence") { #expect(told == "sentence of ours at all 없음") }
  }
}
