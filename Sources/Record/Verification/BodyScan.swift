/// Looks through the body of a row for what other rows may name, and what it names itself, without
/// decoding it: a byte is looked at once.
struct BodyScan {
  /// Tokens that the row makes.
  private(set) var tokens: Int64 = 0
  /// Of its first 32 tokens, those with a value of their own.
  private(set) var values: UInt32 = 0
  private(set) var references: [RowReference] = []

  private static let quote = UInt8(ascii: "\"")

  /// - Parameter body: canonical JSON; what is not is passed over.
  mutating func scan(_ body: UnsafeRawBufferPointer, row: Int64) {
    tokens = 0
    values = 0
    references.removeAll(keepingCapacity: true)
    var depth = 0
    var isInTokens = false
    var offset = 0
    while offset < body.count {
      switch body[offset] {
      case Self.quote:
        let end = Self.end(of: body, from: offset + 1)
        // A key is a string before a colon.
        if end + 1 < body.count, body[end + 1] == UInt8(ascii: ":") {
          key(body, offset + 1..<end, depth, &isInTokens, row)
          offset = end + 1
        } else {
          offset = end
        }
      case UInt8(ascii: "{"):
        if isInTokens, depth == 2 { tokens += 1 }
        depth += 1
      case UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 1 { isInTokens = false }
      default: break
      }
      offset += 1
    }
  }

  private mutating func key(
    _ body: UnsafeRawBufferPointer, _ name: Range<Int>, _ depth: Int, _ isInTokens: inout Bool,
    _ row: Int64
  ) {
    switch name.count {
    case 1 where body[name.lowerBound] == UInt8(ascii: "~"):
      refer(body, name.upperBound + 2, .payload, row)
    case 4 where isInTokens && depth == 3 && Self.matches(body, name, "same"):
      refer(body, name.upperBound + 2, .token, row)
    case 5 where isInTokens && depth == 3 && Self.matches(body, name, "value"):
      if tokens >= 1, tokens <= 32 { values |= 1 << UInt32(tokens - 1) }
    case 6 where depth == 1 && Self.matches(body, name, "tokens"): isInTokens = true
    default: break
    }
  }

  /// Notes `"SEQ.INDEX"` at `start`, if that stands there.
  private mutating func refer(
    _ body: UnsafeRawBufferPointer, _ start: Int, _ kind: RowReference.Kind, _ row: Int64
  ) {
    guard start < body.count, body[start] == Self.quote else { return }
    var numbers: (Int64, Int64) = (0, 0)
    var isBehindPoint = false
    var digits = 0
    for byte in body[(start + 1)...] {
      switch byte {
      case 48...57:
        digits += 1
        guard digits < 17 else { return }
        if isBehindPoint {
          numbers.1 = numbers.1 * 10 + Int64(byte - 48)
        } else {
          numbers.0 = numbers.0 * 10 + Int64(byte - 48)
        }
      case UInt8(ascii: ".") where !isBehindPoint && digits > 0:
        isBehindPoint = true
        digits = 0
      case Self.quote where isBehindPoint && digits > 0:
        references.append(RowReference(row: row, seq: numbers.0, index: numbers.1, kind: kind))
        return
      default: return
      }
    }
  }

  private static func end(of body: UnsafeRawBufferPointer, from start: Int) -> Int {
    var offset = start
    while offset < body.count, body[offset] != quote {
      offset += body[offset] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(offset, body.count)
  }

  private static func matches(
    _ body: UnsafeRawBufferPointer, _ range: Range<Int>, _ name: StaticString
  ) -> Bool {
    for index in 0..<range.count where body[range.lowerBound + index] != name.utf8Start[index] {
      return false
    }
    return true
  }
}
