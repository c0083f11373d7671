/// The texts that findings point into, by path.
package struct SourceTexts: Sendable {
  private var texts: [String: SourceLines] = [:]

  package init() {}

  /// Reads once what a finding may show.
  package mutating func add(_ bytes: [UInt8], as file: String) {
    texts[file] = SourceLines(bytes)
  }

  package subscript(file: String) -> SourceLines? { texts[file] }
}
