extension PatternParser {
  /// What follows a backslash outside of brackets.
  mutating func escape() throws(PatternProblem) -> PatternNode {
    switch peek() {
    case "A": return assertion(.textStart)
    case "z": return assertion(.textEnd)
    case "b": return assertion(.wordBoundary)
    case "B": return assertion(.noWordBoundary)
    default: break
    }
    if let scalarClass = try escapedClass() { return .member(scalarClass) }
    return literal(try escapedScalar())
  }

  private mutating func assertion(_ assertion: PatternAssertion) -> PatternNode {
    skip(1)
    return .assert(assertion)
  }

  /// `\d`, `\pL` and their like, after the backslash; nil if it is no class.
  private mutating func escapedClass() throws(PatternProblem) -> ScalarClass? {
    let scalarClass: ScalarClass
    switch peek() {
    case "d": scalarClass = .digit
    case "D": scalarClass = ScalarClass.digit.negated
    case "s": scalarClass = .space
    case "S": scalarClass = ScalarClass.space.negated
    case "w": scalarClass = .word
    case "W": scalarClass = ScalarClass.word.negated
    case "p": return try category(isNegated: false)
    case "P": return try category(isNegated: true)
    default: return nil
    }
    skip(1)
    return scalarClass
  }

  /// `pL`, `p{Lu}`, `p{^Lu}`, `p{Any}`.
  private mutating func category(isNegated: Bool) throws(PatternProblem) -> ScalarClass {
    skip(1)
    var isNegated = isNegated
    var name = ""
    if take("{") {
      if take("^") { isNegated.toggle() }
      while let scalar = next(), scalar != "}" { name.unicodeScalars.append(scalar) }
    } else if let scalar = next() {
      name.unicodeScalars.append(scalar)
    }
    if name == "Any" {
      return ScalarClass(items: [.range("\0"..."\u{10ffff}")], isNegated: isNegated)
    }
    guard ScalarClass.categoryNames.contains(name) else {
      throw problem("`\\p{\(name)}` is not known")
    }
    return ScalarClass(
      items: [.category(name, isNegated: isNegated)], ignoresCase: flags.ignoresCase)
  }

  /// One scalar after a backslash.
  private mutating func escapedScalar() throws(PatternProblem) -> Unicode.Scalar {
    guard let scalar = next() else { throw problem("it ends in a backslash") }
    switch scalar {
    case "a": return "\u{7}"
    case "f": return "\u{c}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "v": return "\u{b}"
    case "x": return try hexadecimal()
    case "0"..."7":
      // One digit alone would refer back to a group.
      guard scalar == "0" || peek().map(isOctal) == true else { break }
      var code = scalar.value - 48
      for _ in 0..<2 {
        guard let digit = peek(), isOctal(digit) else { break }
        code = code * 8 + digit.value - 48
        skip(1)
      }
      if let scalar = Unicode.Scalar(code) { return scalar }
    default:
      if scalar.isASCII, !Identifier.mayContinue(with: scalar) || scalar == "_" { return scalar }
    }
    throw problem("`\\\(scalar)` is not known")
  }

  private func isOctal(_ scalar: Unicode.Scalar) -> Bool { scalar >= "0" && scalar <= "7" }

  /// `7F` or `{10FFFF}`.
  private mutating func hexadecimal() throws(PatternProblem) -> Unicode.Scalar {
    var digits = ""
    if take("{") {
      while let scalar = next(), scalar != "}" { digits.unicodeScalars.append(scalar) }
    } else {
      for _ in 0..<2 { if let scalar = next() { digits.unicodeScalars.append(scalar) } }
      if digits.utf8.count < 2 { digits = "" }
    }
    guard digits.unicodeScalars.allSatisfy({ $0.properties.isASCIIHexDigit }),
      let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code)
    else { throw problem("`\\x` takes two hexadecimal digits or `{…}`") }
    return scalar
  }

  /// What follows `[`.
  mutating func bracketClass() throws(PatternProblem) -> ScalarClass {
    var scalarClass = ScalarClass(items: [], ignoresCase: flags.ignoresCase)
    scalarClass.isNegated = take("^")
    var isFirst = true
    while isFirst || peek() != "]" {
      isFirst = false
      guard peek() != nil else { throw problem("`[` is not closed") }
      scalarClass.items.append(try classItem())
    }
    skip(1)
    return scalarClass
  }

  private mutating func classItem() throws(PatternProblem) -> ScalarClass.Item {
    if take("[:") {
      let isNegated = take("^")
      var name = ""
      while let scalar = peek(), scalar != ":", scalar != "]" {
        name.unicodeScalars.append(scalar)
        skip(1)
      }
      guard take(":]"), let named = ScalarClass.posix(name) else {
        throw problem("`[:\(name):]` is not known")
      }
      return .subclass(isNegated ? named.negated : named)
    }
    if peek() == "\\" {
      skip(1)
      if let named = try escapedClass() { return .subclass(named) }
      skip(-1)
    }
    let first = try classScalar()
    guard peek() == "-", let after = peek(1), after != "]" else { return .range(first...first) }
    skip(1)
    let last = try classScalar()
    guard first <= last else { throw problem("a range of a class runs backwards") }
    return .range(first...last)
  }

  private mutating func classScalar() throws(PatternProblem) -> Unicode.Scalar {
    guard let scalar = next() else { throw problem("`[` is not closed") }
    return scalar == "\\" ? try escapedScalar() : scalar
  }
}
