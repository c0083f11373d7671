/// Reads RE2's syntax.
struct PatternParser {
  struct Flags {
    var ignoresCase = false
    var dotTakesNewline = false
    var isMultiline = false
  }

  private let scalars: [Unicode.Scalar]
  private(set) var offset = 0
  private var depth = 0
  var flags = Flags()

  init(_ source: String) { scalars = Array(source.unicodeScalars) }

  mutating func parse() throws(PatternProblem) -> PatternNode {
    let tree = try choice()
    guard peek() == nil else { throw problem("`)` closes nothing") }
    return tree
  }

  func peek(_ distance: Int = 0) -> Unicode.Scalar? {
    offset + distance < scalars.count ? scalars[offset + distance] : nil
  }

  mutating func next() -> Unicode.Scalar? {
    guard let scalar = peek() else { return nil }
    offset += 1
    return scalar
  }

  mutating func take(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard scalars[offset...].starts(with: wanted) else { return false }
    offset += wanted.count
    return true
  }

  mutating func skip(_ count: Int) { offset += count }

  func problem(_ message: String) -> PatternProblem {
    PatternProblem(offset: offset, message: message)
  }

  private mutating func choice() throws(PatternProblem) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= ExpressionLimits.patternDepthMax else {
      throw problem("groups nest more than \(ExpressionLimits.patternDepthMax) levels deep")
    }
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(PatternProblem) -> PatternNode {
    var nodes: [PatternNode] = []
    while let scalar = peek(), scalar != "|", scalar != ")" {
      if take("\\Q") {
        quoted(into: &nodes)
      } else {
        let atom = try atom()
        nodes.append(try repeated(atom))
      }
    }
    return nodes.count == 1 ? nodes[0] : .sequence(nodes)
  }

  /// All up to `\E` or the end stands for itself.
  private mutating func quoted(into nodes: inout [PatternNode]) {
    while peek() != nil, !take("\\E") {
      if let scalar = next() { nodes.append(literal(scalar)) }
    }
  }

  func literal(_ scalar: Unicode.Scalar) -> PatternNode {
    .scalar(scalar, ignoresCase: flags.ignoresCase)
  }

  private mutating func repeated(_ atom: PatternNode) throws(PatternProblem) -> PatternNode {
    guard let bounds = try repetition() else { return atom }
    // The lazy forms match the same texts.
    _ = take("?")
    guard try repetition() == nil else { throw problem("a repetition repeats nothing") }
    return .repetition(atom, least: bounds.least, most: bounds.most)
  }

  private mutating func repetition() throws(PatternProblem) -> (least: Int, most: Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    let start = offset
    guard take("{"), let least = number() else {
      offset = start
      return nil
    }
    var most: Int? = least
    if take(",") { most = peek() == "}" ? nil : number() ?? -1 }
    guard most != -1, take("}") else {
      offset = start
      return nil
    }
    let limit = ExpressionLimits.patternRepetitionMax
    guard least <= limit, most ?? least <= limit, most ?? least >= least else {
      throw problem("a repetition counts at most to \(limit), and not backwards")
    }
    return (least, most)
  }

  private mutating func number() -> Int? {
    var number: Int?
    while let digit = peek(), Identifier.isDigit(digit) {
      number = min((number ?? 0) * 10 + Int(digit.value - 48), 1_000_000)
      offset += 1
    }
    return number
  }

  private mutating func atom() throws(PatternProblem) -> PatternNode {
    guard let scalar = next() else { return .empty }
    switch scalar {
    case "(": return try group()
    case "[": return .member(try bracketClass())
    case ".": return .any(includingNewline: flags.dotTakesNewline)
    case "^": return .assert(flags.isMultiline ? .lineStart : .textStart)
    case "$": return .assert(flags.isMultiline ? .lineEnd : .textEnd)
    case "*", "+", "?": throw problem("a repetition repeats nothing")
    case "\\": return try escape()
    default: return literal(scalar)
    }
  }

  private mutating func group() throws(PatternProblem) -> PatternNode {
    let outer = flags
    if take("?") {
      if take("P<") || take("<") {
        try groupName()
      } else if try !groupFlags() {
        return .empty
      }
    }
    let inner = try choice()
    guard take(")") else { throw problem("a group is not closed") }
    flags = outer
    return inner
  }

  private mutating func groupName() throws(PatternProblem) {
    let start = offset
    while let scalar = peek(), Identifier.mayContinue(with: scalar) { offset += 1 }
    guard offset > start, take(">") else { throw problem("the name of a group is malformed") }
  }

  /// Reads `i-s:` or `i)`; false if the flags hold for the rest of the group around.
  private mutating func groupFlags() throws(PatternProblem) -> Bool {
    var isOn = true
    while let scalar = next() {
      switch scalar {
      case "i": flags.ignoresCase = isOn
      case "s": flags.dotTakesNewline = isOn
      case "m": flags.isMultiline = isOn
      case "U": break
      case "-" where isOn: isOn = false
      case ":": return true
      case ")": return false
      default: throw problem("`(?\(scalar)` is not known")
      }
    }
    throw problem("a group is not closed")
  }
}
