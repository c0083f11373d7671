/// A set of Unicode scalars: `[a-z\d]`, `\pL`, `[^…]`.
struct ScalarClass: Sendable {
  enum Item: Sendable {
    case range(ClosedRange<Unicode.Scalar>)
    /// The general categories whose names begin so; all others if negated.
    case category(String, isNegated: Bool)
    case subclass(ScalarClass)
  }

  var items: [Item]
  var isNegated = false
  var ignoresCase = false

  static let digit = ScalarClass(items: [.range("0"..."9")])
  static let space = ScalarClass(
    items: [.range("\t"..."\n"), .range("\u{c}"..."\r"), .range(" "..." ")])
  static let word = ScalarClass(
    items: [.range("0"..."9"), .range("A"..."Z"), .range("_"..."_"), .range("a"..."z")])

  var negated: ScalarClass {
    var result = self
    result.isNegated.toggle()
    return result
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    let found =
      holds(scalar)
      || (ignoresCase
        && (holds(scalar.folded) || scalar.caseVariants.contains { holds($0) }))
    return found != isNegated
  }

  private func holds(_ scalar: Unicode.Scalar) -> Bool {
    items.contains { item in
      switch item {
      case .range(let range): range.contains(scalar)
      case .category(let name, let isNegated):
        scalar.properties.generalCategory.abbreviation.hasPrefix(name) != isNegated
      case .subclass(let scalarClass): scalarClass.contains(scalar)
      }
    }
  }

  /// `[:alpha:]` and the like, by the name between the colons.
  static func posix(_ name: String) -> ScalarClass? {
    let items: [Item]
    switch name {
    case "alnum": items = [.range("0"..."9"), .range("A"..."Z"), .range("a"..."z")]
    case "alpha": items = [.range("A"..."Z"), .range("a"..."z")]
    case "ascii": items = [.range("\0"..."\u{7f}")]
    case "blank": items = [.range("\t"..."\t"), .range(" "..." ")]
    case "cntrl": items = [.range("\0"..."\u{1f}"), .range("\u{7f}"..."\u{7f}")]
    case "digit": items = digit.items
    case "graph": items = [.range("!"..."~")]
    case "lower": items = [.range("a"..."z")]
    case "print": items = [.range(" "..."~")]
    case "punct":
      items = [.range("!"..."/"), .range(":"..."@"), .range("["..."`"), .range("{"..."~")]
    case "space": items = [.range("\t"..."\r"), .range(" "..." ")]
    case "upper": items = [.range("A"..."Z")]
    case "word": items = word.items
    case "xdigit": items = [.range("0"..."9"), .range("A"..."F"), .range("a"..."f")]
    default: return nil
    }
    return ScalarClass(items: items)
  }

  static let categoryNames: Set<String> = [
    "C", "Cc", "Cf", "Cn", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn",
    "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm",
    "So", "Z", "Zl", "Zp", "Zs",
  ]
}

extension Unicode.Scalar {
  /// One form for all cases of a letter.
  var folded: Unicode.Scalar {
    if isASCII { return self >= "A" && self <= "Z" ? Unicode.Scalar(UInt8(value) + 32) : self }
    let upper = single(properties.uppercaseMapping) ?? self
    return upper.single(upper.properties.lowercaseMapping) ?? upper
  }

  fileprivate var caseVariants: [Unicode.Scalar] {
    [properties.uppercaseMapping, properties.lowercaseMapping, properties.titlecaseMapping]
      .compactMap(single)
  }

  private func single(_ text: String) -> Unicode.Scalar? {
    text.unicodeScalars.count == 1 ? text.unicodeScalars.first : nil
  }
}

extension Unicode.GeneralCategory {
  fileprivate var abbreviation: String {
    switch self {
    case .uppercaseLetter: "Lu"
    case .lowercaseLetter: "Ll"
    case .titlecaseLetter: "Lt"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .nonspacingMark: "Mn"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .openPunctuation: "Ps"
    case .closePunctuation: "Pe"
    case .initialPunctuation: "Pi"
    case .finalPunctuation: "Pf"
    case .otherPunctuation: "Po"
    case .mathSymbol: "Sm"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .otherSymbol: "So"
    case .spaceSeparator: "Zs"
    case .lineSeparator: "Zl"
    case .paragraphSeparator: "Zp"
    case .control: "Cc"
    case .format: "Cf"
    case .surrogate: "Cs"
    case .privateUse: "Co"
    default: "Cn"
    }
  }
}
