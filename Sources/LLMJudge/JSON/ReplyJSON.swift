/// A reply's JSON, read strictly over its bytes into a flat list of values: no recursion, no
/// Foundation, nothing converted that nobody asks for.
///
/// It refuses what other readers repair: byte order marks, UTF-16, comments, trailing commas, control
/// characters in strings, text before or behind. Duplicate keys stay visible to who looks one up.
final class ReplyJSON: Sendable {
  enum Mistake: Error, Equatable {
    case badEncoding
    case tooDeep
    /// Something stands behind a whole value, at this offset.
    case trailing(at: Int)
    /// No JSON, from this offset on.
    case syntax(at: Int)
  }

  enum Kind: UInt8, Sendable {
    case object, list, string, number, yes, no, null
  }

  struct Entry: Sendable {
    var kind: Kind
    /// Of the text, quotes included.
    var start: Int
    var end: Int
    /// The index behind this value and all that is in it.
    var next: Int
    var hasEscapes = false
  }

  static let depthMax = 32

  let bytes: [UInt8]
  /// In the order of the text. An object's values stand behind it, each behind its key.
  let entries: [Entry]

  /// Reads one value with white space around it.
  init(_ bytes: [UInt8]) throws(Mistake) {
    self.bytes = bytes
    guard Self.isPlainUTF8(bytes) else { throw .badEncoding }
    entries = try bytes.withUnsafeBufferPointer { (bytes) throws(Mistake) in
      var reader = EntryReader(bytes: bytes, depthMax: Self.depthMax)
      return try reader.read()
    }
  }

  /// What JSON leaves open and a reply must not have, anywhere in it.
  enum Defect: Equatable {
    /// Half of a surrogate pair.
    case loneSurrogate
    /// A key twice in one object.
    case repeatedKey
  }

  /// The first one; nil: there is none.
  ///
  /// - Complexity: O(length).
  var defect: Defect? {
    for index in entries.indices {
      switch entries[index].kind {
      case .string where entries[index].hasEscapes:
        if Element(json: self, index: index).unescaped == nil { return .loneSurrogate }
      case .object:
        if let defect = defectOfKeys(in: index) { return defect }
      default: break
      }
    }
    return nil
  }

  /// Members of an object whose keys are compared one by one.
  private static let comparedMax = 16

  private func defectOfKeys(in index: Int) -> Defect? {
    var plain: [Range<Int>] = []
    plain.reserveCapacity(Self.comparedMax)
    var next = index + 1
    while next < entries[index].next, plain.count < Self.comparedMax, !entries[next].hasEscapes {
      plain.append(entries[next].start..<entries[next].end)
      next = entries[next + 1].next
    }
    guard next < entries[index].next else { return repeats(plain) ? .repeatedKey : nil }
    var keys: Set<[UInt8]> = []
    for (key, _) in Element(json: self, index: index).members {
      guard let name = key.unescaped else { return .loneSurrogate }
      guard keys.insert(name).inserted else { return .repeatedKey }
    }
    return nil
  }

  /// Whether two of the ranges hold the same bytes.
  private func repeats(_ ranges: [Range<Int>]) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      ranges.indices.contains { index in
        ranges[..<index].contains { other in
          other.count == ranges[index].count
            && bytes[other].elementsEqual(bytes[ranges[index]])
        }
      }
    }
  }

  /// The whole value.
  var root: Element { Element(json: self, index: 0) }

  /// UTF-8 that does not begin with a byte order mark and is no UTF-16 in disguise.
  private static func isPlainUTF8(_ bytes: [UInt8]) -> Bool {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return false }
    if bytes.count >= 2, bytes[0] == 0 || bytes[1] == 0 { return false }
    let union = bytes.withUnsafeBufferPointer { bytes in
      var union: UInt8 = 0
      for byte in bytes { union |= byte }
      return union
    }
    return union < 0x80 || String(validating: bytes, as: UTF8.self) != nil
  }
}

extension ReplyJSON {
  /// How often a key stands in an object, and where its last value is.
  private func find(_ name: UnsafeBufferPointer<UInt8>, in object: Int) -> (Int, Int?) {
    bytes.withUnsafeBufferPointer { bytes in
      entries.withUnsafeBufferPointer { entries in
        var count = 0
        var last: Int?
        var next = object + 1
        while next < entries[object].next {
          let key = entries[next]
          let isFound =
            key.hasEscapes
            ? Element(json: self, index: next).unescaped?.elementsEqual(name) ?? false
            : key.end - key.start - 2 == name.count
              && bytes[(key.start + 1)..<(key.end - 1)].elementsEqual(name)
          if isFound {
            count += 1
            last = next + 1
          }
          next = entries[next + 1].next
        }
        return (count, last)
      }
    }
  }

  /// One value of the text.
  struct Element: Sendable {
    let json: ReplyJSON
    let index: Int

    private var entry: Entry { json.entries[index] }

    var kind: Kind { entry.kind }

    /// The bytes as they stand there.
    var source: ArraySlice<UInt8> { json.bytes[entry.start..<entry.end] }

    /// Members of an object in order; empty for all else.
    var members: [(key: Element, value: Element)] {
      var members: [(key: Element, value: Element)] = []
      forEachMember { members.append((key: $0, value: $1)) }
      return members
    }

    private func forEachMember(_ body: (_ key: Element, _ value: Element) -> Void) {
      guard kind == .object else { return }
      let end = entry.next
      var next = index + 1
      while next < end {
        body(Element(json: json, index: next), Element(json: json, index: next + 1))
        next = json.entries[next + 1].next
      }
    }

    /// Items of a list in order; empty for all else.
    var items: [Element] {
      guard kind == .list else { return [] }
      var items: [Element] = []
      var next = index + 1
      while next < entry.next {
        items.append(Element(json: json, index: next))
        next = json.entries[next].next
      }
      return items
    }

    /// The value under a key. A key that stands twice has none: which would it be?
    subscript(name: String) -> Element? {
      let found = find(name)
      return found.count == 1 ? found.last : nil
    }

    func repeats(_ name: String) -> Bool { find(name).count > 1 }

    private func find(_ name: String) -> (count: Int, last: Element?) {
      guard kind == .object else { return (0, nil) }
      var name = name
      let (count, last) = name.withUTF8 { json.find($0, in: index) }
      return (count, last.map { Element(json: json, index: $0) })
    }

    /// Whether it is a string of these bytes.
    func isString(_ text: String) -> Bool {
      guard kind == .string else { return false }
      if !entry.hasEscapes {
        let count = entry.end - entry.start - 2
        return text.utf8.count == count
          && json.bytes[(entry.start + 1)..<(entry.end - 1)].elementsEqual(text.utf8)
      }
      return unescaped?.elementsEqual(text.utf8) ?? false
    }

    /// A string's UTF-8; nil for other kinds and for lone surrogates, which no UTF-8 can spell.
    var unescaped: [UInt8]? {
      guard kind == .string else { return nil }
      let inner = json.bytes[(entry.start + 1)..<(entry.end - 1)]
      return entry.hasEscapes ? StringEscapes.resolved(inner) : Array(inner)
    }

    var text: String? { unescaped.map { String(decoding: $0, as: UTF8.self) } }

    /// A whole number that fits.
    var integer: Int64? {
      guard kind == .number else { return nil }
      return Int64(String(decoding: source, as: UTF8.self))
    }

    /// nil for JSON's null too.
    var present: Element? { kind == .null ? nil : self }
  }
}
