internal import CEL

/// Things by name, in the order they were declared. Names are one if their bytes are.
struct NameTable<Content> {
  private struct Key: Hashable {
    let text: String

    static func == (left: Key, right: Key) -> Bool { left.text.hasSameBytes(as: right.text) }

    func hash(into hasher: inout Hasher) { hasher.combine(bytesOf: text) }
  }

  private(set) var entries: [(name: String, content: Content)] = []
  private(set) var names: [String] = []
  private var indices: [Key: Int] = [:]

  subscript(_ name: String) -> Content? { indices[Key(text: name)].map { entries[$0].content } }

  /// False, and no change, if the name is taken.
  mutating func insert(_ content: Content, as name: String) -> Bool {
    guard indices[Key(text: name)] == nil else { return false }
    indices[Key(text: name)] = entries.count
    entries.append((name, content))
    names.append(name)
    return true
  }
}
