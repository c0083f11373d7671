extension Lexer {
  mutating func number() -> Token.Kind {
    let start = offset
    let kind = peek() == "0" && (peek(1) == "x" || peek(1) == "X") ? hexadecimal() : decimal()
    if let scalar = peek(), Identifier.mayContinue(with: scalar) {
      while let next = peek(), Identifier.mayContinue(with: next) { offset += 1 }
      let text = spelling(from: start)
      report(
        .syntax, from: start, found: "`\(text)`", expected: "a number",
        "`\(text)` is neither a number nor a name.")
      return .invalid
    }
    return kind
  }

  private mutating func hexadecimal() -> Token.Kind {
    let start = offset
    offset += 2
    while peek()?.properties.isASCIIHexDigit == true { offset += 1 }
    let digits = String(String.UnicodeScalarView(scalars[start + 2..<offset]))
    return integer(UInt64(digits, radix: 16), from: start)
  }

  private mutating func decimal() -> Token.Kind {
    let start = offset
    skipDigits()
    if offset - start <= 18, peek() != ".", peek() != "e", peek() != "E" {
      let magnitude = scalars[start..<offset].reduce(UInt64(0)) { $0 * 10 + UInt64($1.value - 48) }
      return integer(magnitude, from: start)
    }
    var isDouble = false
    if peek() == ".", peek(1).map(Identifier.isDigit) == true {
      isDouble = true
      offset += 1
      skipDigits()
    }
    if peek() == "e" || peek() == "E" {
      let signed = peek(1) == "+" || peek(1) == "-" ? 2 : 1
      if peek(signed).map(Identifier.isDigit) == true {
        isDouble = true
        offset += signed
        skipDigits()
      }
    }
    guard isDouble else { return integer(UInt64(spelling(from: start)), from: start) }
    let text = spelling(from: start)
    guard let double = Double(text.utf8.first == UInt8(ascii: ".") ? "0" + text : text),
      double.isFinite
    else {
      report(
        .literal, from: start, found: "`\(text)`", expected: "a double",
        "`\(text)` is too great for a double.")
      return .invalid
    }
    return .literal(.double(double))
  }

  private mutating func integer(_ magnitude: UInt64?, from start: Int) -> Token.Kind {
    let isUnsigned = peek() == "u" || peek() == "U"
    if isUnsigned { offset += 1 }
    guard let magnitude else {
      let text = spelling(from: start)
      report(
        .literal, from: start, found: "`\(text)`", expected: isUnsigned ? "a uint" : "an int",
        "`\(text)` is no integer of 64 bits.")
      return .invalid
    }
    return isUnsigned ? .literal(.uint(magnitude)) : .integer(magnitude)
  }

  private mutating func skipDigits() {
    while let scalar = peek(), Identifier.isDigit(scalar) { offset += 1 }
  }

  func spelling(from start: Int) -> String {
    String(String.UnicodeScalarView(scalars[start..<offset]))
  }
}
