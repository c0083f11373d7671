import Engine
import HTTPTypes
import PetriNet

/// A part of a list: `limit` items behind an opaque cursor.
///
/// One more than `limit` is fetched, so `next` is null exactly at the end.
struct Page: Sendable {
  static let limitStandard = 50
  static let limitMax = 500

  /// Which list the cursor belongs to; one of another list is refused.
  let list: String
  let limit: Int
  /// The key of the last item of the page before; nil for the first page.
  let after: String?

  /// The names of its parameters, beside those of the list.
  static let parameters = ["limit", "after"]

  init(_ query: Query, of list: String) throws(Problem) {
    let limit = try query.number("limit") ?? Int64(Self.limitStandard)
    guard (1...Int64(Self.limitMax)).contains(limit) else {
      throw .parameter("limit", expected: "a whole number 1..\(Self.limitMax)")
    }
    self.list = list
    self.limit = Int(limit)
    if let text = query["after"] {
      guard let after = Self.key(of: text, list: list) else { throw Self.wrongCursor }
      self.after = after
    } else {
      after = nil
    }
  }

  static var wrongCursor: Problem {
    Problem(.cursorInvalid, "'after' is what 'next' of the page before said.")
  }

  /// The key as the number of a row.
  func afterSeq() throws(Problem) -> Seq? {
    guard let after else { return nil }
    guard let number = APIName.number(Substring(after).utf8) else { throw Self.wrongCursor }
    return Seq(number)
  }

  /// The answer shows at most `limit` of the items (which are `limit` + 1 at most) and says where
  /// to go on.
  func answer<Item>(
    _ items: [Item], in call: Call, key: (Item) -> String, node: (Item) -> JSONText.Node
  ) -> Answer {
    let shown = items.prefix(limit)
    var headers: [(HTTPField.Name, String)] = []
    var next = JSONText.Node.null
    if items.count > limit, let last = shown.last {
      let cursor = Self.cursor(key(last), list: list)
      next = .string(cursor)
      let path = call.pathWithFilters
      let separator = path.utf8.contains(UInt8(ascii: "?")) ? "&" : "?"
      let url = "\(path)\(separator)after=\(cursor)&limit=\(limit)"
      headers.append((.link, "<\(url)>; rel=\"next\""))
    }
    return .json(
      .object([.init("items", .list(shown.map(node))), .init("next", next)]), headers: headers)
  }

  /// Opaque to clients: base64url of the list's name and the key.
  static func cursor(_ key: String, list: String) -> String {
    let text = Base64.text(Array("\(list):\(key)".utf8))
    var output = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where scalar != "=" {
      output.append(scalar == "+" ? "-" : scalar == "/" ? "_" : scalar)
    }
    return String(output)
  }

  static func key(of cursor: String, list: String) -> String? {
    var text = String(
      String.UnicodeScalarView(
        cursor.unicodeScalars.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }))
    while !text.utf8.count.isMultiple(of: 4) { text += "=" }
    let prefix = Array("\(list):".utf8)
    guard let bytes = Base64.bytes(text), bytes.starts(with: prefix) else { return nil }
    return String(validating: bytes.dropFirst(prefix.count), as: UTF8.self)
  }
}
