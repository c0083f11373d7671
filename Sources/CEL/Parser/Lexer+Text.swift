/// How a string or bytes literal was opened.
struct TextPrefix {
  var isBytes: Bool
  var isRaw: Bool
  var quote: Unicode.Scalar
  var isTriple: Bool
  /// Scalars before the content.
  var length: Int
}

extension Lexer {
  /// Set if a string or bytes literal begins here.
  func textPrefix() -> TextPrefix? {
    var length = 0
    var isBytes = false
    var isRaw = false
    if peek(length) == "b" || peek(length) == "B" {
      isBytes = true
      length += 1
    }
    if peek(length) == "r" || peek(length) == "R" {
      isRaw = true
      length += 1
    }
    guard let quote = peek(length), quote == "'" || quote == "\"" else { return nil }
    let isTriple = peek(length + 1) == quote && peek(length + 2) == quote
    return TextPrefix(
      isBytes: isBytes, isRaw: isRaw, quote: quote, isTriple: isTriple,
      length: length + (isTriple ? 3 : 1))
  }

  mutating func text(_ prefix: TextPrefix) -> Token.Kind {
    let start = offset
    let problemsBefore = problems.count
    offset += prefix.length
    var content = TextContent(isBytes: prefix.isBytes)
    while let scalar = peek(), !closes(prefix) {
      if !prefix.isTriple, scalar == "\n" || scalar == "\r" { break }
      if scalar == "\\", !prefix.isRaw {
        escape(into: &content)
      } else {
        offset += 1
        content.append(scalar)
      }
    }
    guard closes(prefix) else {
      report(
        .syntax, from: start, found: "an open literal", expected: "a closing quote",
        prefix.isTriple
          ? "This literal is not closed." : "This literal is not closed on its line.")
      return .invalid
    }
    offset += prefix.isTriple ? 3 : 1
    return problems.count == problemsBefore ? .literal(content.value) : .invalid
  }

  private func closes(_ prefix: TextPrefix) -> Bool {
    guard peek() == prefix.quote else { return false }
    return !prefix.isTriple || (peek(1) == prefix.quote && peek(2) == prefix.quote)
  }

  /// Reads one escape sequence, the backslash included.
  private mutating func escape(into content: inout TextContent) {
    let start = offset
    offset += 1
    guard let scalar = peek() else { return }
    offset += 1
    if let simple = Self.simpleEscapes[scalar] { return content.append(simple) }
    switch scalar {
    case "x", "X":
      guard let code = digits(2, radix: 16) else { break }
      return content.append(octet: UInt8(truncatingIfNeeded: code))
    case "0", "1", "2", "3":
      offset -= 1
      guard let code = digits(3, radix: 8) else { break }
      return content.append(octet: UInt8(truncatingIfNeeded: code))
    case "u" where !content.isBytes:
      guard let code = digits(4, radix: 16) else { break }
      guard let scalar = Unicode.Scalar(code) ?? pairedSurrogate(code) else { break }
      return content.append(scalar)
    case "U" where !content.isBytes:
      guard let code = digits(8, radix: 16), let scalar = Unicode.Scalar(code) else { break }
      return content.append(scalar)
    default: break
    }
    let text = spelling(from: start)
    report(
      .syntax, from: start, found: "`\(text)`", expected: "an escape sequence",
      content.isBytes
        ? "`\(text)` is no escape sequence of a bytes literal."
        : "`\(text)` is no escape sequence.")
  }

  private static let simpleEscapes: [Unicode.Scalar: Unicode.Scalar] = [
    "\\": "\\", "?": "?", "\"": "\"", "'": "'", "`": "`", "a": "\u{7}", "b": "\u{8}",
    "f": "\u{c}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{b}",
  ]

  private mutating func digits(_ count: Int, radix: Int) -> UInt32? {
    guard offset + count <= scalars.count else { return nil }
    let text = String(String.UnicodeScalarView(scalars[offset..<offset + count]))
    guard let code = UInt32(text, radix: radix), text.utf8.first != UInt8(ascii: "+") else {
      return nil
    }
    offset += count
    return code
  }

  /// `\uD83D\uDE00`: the low half must follow the high one.
  private mutating func pairedSurrogate(_ high: UInt32) -> Unicode.Scalar? {
    guard (0xD800..<0xDC00).contains(high), peek() == "\\", peek(1) == "u" else { return nil }
    let start = offset
    offset += 2
    guard let low = digits(4, radix: 16), (0xDC00..<0xE000).contains(low) else {
      offset = start
      return nil
    }
    return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
  }
}

/// What a literal denotes, as far as it was read.
private struct TextContent {
  let isBytes: Bool
  private var scalars = String.UnicodeScalarView()
  private var bytes: [UInt8] = []

  init(isBytes: Bool) { self.isBytes = isBytes }

  var value: Value { isBytes ? .bytes(bytes) : .string(String(scalars)) }

  mutating func append(_ scalar: Unicode.Scalar) {
    if isBytes {
      bytes += UTF8.encode(scalar).map(Array.init) ?? []
    } else {
      scalars.append(scalar)
    }
  }

  /// A byte in a bytes literal, the scalar of that number in a string.
  mutating func append(octet: UInt8) {
    if isBytes { bytes.append(octet) } else { scalars.append(Unicode.Scalar(octet)) }
  }
}
