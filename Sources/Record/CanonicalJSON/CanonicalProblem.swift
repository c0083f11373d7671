/// Why bytes are not canonical JSON, or not the JSON that was expected. Never holds contents, but
/// for names of keys.
package struct CanonicalProblem: Error, Equatable, Sendable {
  /// Bytes before it.
  package var offset: Int
  package var message: String

  package init(offset: Int, _ message: String) {
    self.offset = offset
    self.message = message
  }
}
