package import PetriNet

/// A value of a YAML file: text, a list or a map. Nothing has an implicit type.
package struct YamlNode: Sendable {
  package enum Style: Sendable { case plain, singleQuoted, doubleQuoted, literal, folded }

  package struct Scalar: Sendable {
    package var text: String
    package var style: Style
    /// Of each Unicode scalar of `text`; nil if they follow the mark on its line.
    package var positions: [SourceText.Position]?
  }

  package struct Entry: Sendable {
    /// As written.
    package var key: SourceText
    /// The key in NFC: what it is compared by.
    package var name: String
    package var value: YamlNode

    package var located: Located<String> {
      key.isUnreadable ? .unreadable(at: key.mark) : Located(name, key.mark)
    }
  }

  package indirect enum Content: Sendable {
    case scalar(Scalar)
    case list([YamlNode])
    case map([Entry])
    /// Already told as a mistake; whoever reads it says nothing more.
    case unreadable
  }

  package var content: Content
  package var mark: SourceMark
  /// Entries of a map that are told as mistakes for their keys: a key that stands there twice, or
  /// cannot be read. No lookup finds them, but what they hold is checked.
  package var strays: [Entry] = []

  /// What a diagnostic calls it.
  package var kindText: String {
    switch content {
    case .scalar: isEmpty ? "nothing" : "a text"
    case .list: "a list"
    case .map: "a map"
    case .unreadable: "something unreadable"
    }
  }

  /// Whether nothing stands there (`key:`); a quoted empty text is something.
  package var isEmpty: Bool {
    guard case .scalar(let scalar) = content else { return false }
    return scalar.style == .plain && scalar.text.isEmpty
  }

  /// Whether a part of it, at whatever depth, could not be read.
  var holdsUnreadable: Bool {
    switch content {
    case .unreadable: true
    case .scalar: false
    case .list(let items): items.contains { $0.holdsUnreadable }
    case .map(let entries): !strays.isEmpty || entries.contains { $0.value.holdsUnreadable }
    }
  }

  package var sourceText: SourceText? {
    guard case .scalar(let scalar) = content else { return nil }
    return SourceText(scalar.text, mark: mark, positions: scalar.positions)
  }

  /// The value of a key (by the bytes of its NFC); nil for other kinds too.
  package subscript(name: String) -> YamlNode? {
    guard case .map(let entries) = content else { return nil }
    return entries.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }
}
