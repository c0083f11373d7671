import PetriNet

/// TYPE and `TYPE = LITERAL` of DESIGN §3, from one scalar.
struct TypeReader {
  private let source: SourceText
  private let scalars: [Unicode.Scalar]
  private var offset = 0
  private var depth = 0
  private let reading: FileReading
  private let path: String
  /// The marks before the type.
  private var isPersonal = false
  private var trust: TypeSource.Trust?

  private struct Refused: Error {}

  private init(_ source: SourceText, _ path: String, _ reading: FileReading) {
    self.source = source
    scalars = Array(source.text.unicodeScalars)
    self.path = path
    self.reading = reading
  }

  /// The type, and the literal after `=` if there is one; told and unreadable if it is no type.
  static func read(
    _ source: SourceText, _ path: String, takesLiteral: Bool, _ reading: FileReading
  ) -> (type: TypeSource, literal: LiteralSource?) {
    var reader = TypeReader(source, path, reading)
    if let read = try? reader.whole(takesLiteral: takesLiteral) { return read }
    var type = TypeSource(.unreadable, mark: source.mark)
    (type.personal, type.trust) = (reader.isPersonal, reader.trust)
    return (type, nil)
  }

  private mutating func whole(
    takesLiteral: Bool
  ) throws(Refused) -> (TypeSource, LiteralSource?) {
    let type = try type()
    skipSpace()
    guard offset < scalars.count else { return (type, nil) }
    guard takesLiteral, take("=") else {
      throw refuse("'\(rest)' after the type", "the end of the type")
    }
    skipSpace()
    return (type, .text(source.slice(offset, scalars.count)))
  }

  private mutating func type() throws(Refused) -> TypeSource {
    var isPersonal = false
    var trust: TypeSource.Trust?
    skipSpace()
    let start = offset
    defer {
      if start == 0 { (self.isPersonal, self.trust) = (isPersonal, trust) }
    }
    while true {
      let before = offset
      switch word() {
      case "personal" where nextIsWord: isPersonal = true
      case "trusted" where nextIsWord: trust = .trusted
      case "untrusted" where nextIsWord: trust = .untrusted
      default:
        offset = before
        var type = try base()
        type.personal = isPersonal
        type.trust = trust
        type.mark = source.mark(at: start, length: offset - start)
        return type
      }
      skipSpace()
    }
  }

  private mutating func base() throws(Refused) -> TypeSource {
    let start = offset
    let name = word()
    guard !name.isEmpty else {
      throw refuse(offset < scalars.count ? "'\(rest)'" : "nothing", "the name of a type")
    }
    var type = TypeSource(.name(name.inFormC))
    if peek == "<" { type = try parameterised(name, start) }
    if take("?") { return try suffixed(type, isOptional: true, start) }
    return try suffixed(type, isOptional: false, start)
  }

  private mutating func parameterised(_ name: String, _ start: Int) throws(Refused) -> TypeSource {
    guard name == "list" || name == "map" else {
      offset = start
      throw refuse("'\(name)<'", "list<TYPE> or map<TYPE>")
    }
    guard depth < ColourSet.Limits.nestingMax else {
      offset = start
      throw refuse(
        "more than \(ColourSet.Limits.nestingMax) levels",
        "at most \(ColourSet.Limits.nestingMax)")
    }
    offset += 1
    depth += 1
    let element = try type()
    depth -= 1
    skipSpace()
    guard take(">") else {
      throw refuse(offset < scalars.count ? "'\(rest)'" : "nothing", "'>'")
    }
    return TypeSource(name == "list" ? .list(element, max: nil) : .map(element))
  }

  /// `max N`, `N..M`, `?` after the base.
  private mutating func suffixed(
    _ base: TypeSource, isOptional: Bool, _ start: Int
  ) throws(Refused) -> TypeSource {
    var type = base
    var isOptional = isOptional
    let before = offset
    skipSpace()
    let mark = offset
    if word() == "max" {
      skipSpace()
      try bound(&type, by: try digits())
    } else {
      offset = mark
      if let scalar = peek, scalar == "-" || ("0"..."9").contains(scalar) {
        try range(&type)
      } else {
        offset = before
      }
    }
    if take("?") {
      guard !isOptional else { throw refuse("a second '?'", "one '?'") }
      isOptional = true
    }
    guard isOptional else { return type }
    type.mark = source.mark(at: start, length: offset - start)
    return TypeSource(.optional(type))
  }

  private func bound(_ type: inout TypeSource, by max: Int) throws(Refused) {
    switch type.shape {
    case .list(let element, _): type.shape = .list(element, max: max)
    case .name: type.max = max
    default: throw refuse("max", "max only of string, bytes and list")
    }
  }

  private mutating func range(_ type: inout TypeSource) throws(Refused) {
    let start = offset
    while let scalar = peek, scalar != " ", scalar != "?", scalar != "=" { offset += 1 }
    let text = source.slice(start, offset)
    guard let ends = QuantityText.ends(of: text.text) else {
      offset = start
      throw refuse("'\(text.text)'", "a range as in 0..100 or 0s..1d")
    }
    let low = source.slice(start, start + ends.low.unicodeScalars.count)
    let high = source.slice(offset - ends.high.unicodeScalars.count, offset)
    type.range = (.text(low), .text(high))
  }

  private mutating func digits() throws(Refused) -> Int {
    let start = offset
    while let scalar = peek, ("0"..."9").contains(scalar) { offset += 1 }
    guard let value = Int(source.slice(start, offset).text) else {
      throw refuse(offset < scalars.count ? "'\(rest)'" : "nothing", "a whole number")
    }
    return value
  }

  // MARK: Scalars

  private var peek: Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }

  private var rest: String { source.slice(offset, scalars.count).text }

  private var nextIsWord: Bool {
    guard let space = peek, space == " " else { return false }
    let next = scalars[offset...].first { $0 != " " }
    return next.map { $0 == "_" || $0.properties.isXIDStart } ?? false
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == scalar else { return false }
    offset += 1
    return true
  }

  private mutating func skipSpace() {
    while let scalar = peek, scalar == " " || scalar == "\n" { offset += 1 }
  }

  private mutating func word() -> String {
    let start = offset
    while let scalar = peek, scalar == "_" || scalar.properties.isXIDContinue { offset += 1 }
    var word = String.UnicodeScalarView()
    word.append(contentsOf: scalars[start..<offset])
    return String(word)
  }

  private func refuse(_ found: String, _ expected: String) -> Refused {
    reading.report(
      reading.codes.badType, "'\(path)' is no type",
      at: source.mark(at: offset, length: scalars.count - offset),
      path: path, found: found, expected: expected)
    return Refused()
  }
}

extension SourceText {
  /// The scalars from `start` to `end`, with their places.
  func slice(_ start: Int, _ end: Int) -> SourceText {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: Array(text.unicodeScalars)[start..<end])
    return SourceText(
      String(view), mark: mark(at: start, length: max(end - start, 1)),
      positions: positions.map { Array($0[start..<end]) })
  }
}
