/// The library `strings` of CEL's extensions: positions count Unicode scalars from 0.
enum StringFunctions {
  typealias Overload = FunctionDeclaration.Overload

  static let declarations: [String: [Overload]] = [
    "charAt": [method([.string, .int], .string)],
    "indexOf": [method([.string, .string], .int), method([.string, .string, .int], .int)],
    "lastIndexOf": [method([.string, .string], .int), method([.string, .string, .int], .int)],
    "join": [
      method([.list(.string)], .string), method([.list(.string), .string], .string),
    ],
    "lowerAscii": [method([.string], .string)],
    "upperAscii": [method([.string], .string)],
    "replace": [
      method([.string, .string, .string], .string),
      method([.string, .string, .string, .int], .string),
    ],
    "split": [
      method([.string, .string], .list(.string)),
      method([.string, .string, .int], .list(.string)),
    ],
    "substring": [method([.string, .int], .string), method([.string, .int, .int], .string)],
    "trim": [method([.string], .string)],
    "reverse": [method([.string], .string)],
    "format": [method([.string, .list(.dyn)], .string)],
    "strings.quote": [.init([.string], .string)],
  ]

  /// Nil if there is no such function.
  static func implementation(of name: String) -> StandardFunctions.Implementation? {
    switch name {
    case "charAt": charAt
    case "indexOf":
      { (arguments, site, _) throws(EvaluationError) -> Value in
        try index(arguments, site, isLast: false)
      }
    case "lastIndexOf":
      { (arguments, site, _) throws(EvaluationError) -> Value in
        try index(arguments, site, isLast: true)
      }
    case "join": join
    case "lowerAscii", "upperAscii", "trim", "reverse", "strings.quote": mapped
    case "replace": replace
    case "split": split
    case "substring": substring
    case "format": format
    default: nil
    }
  }

  private static func method(_ parameters: [ValueType], _ result: ValueType) -> Overload {
    .init(parameters, result, isMethod: true)
  }

  private static let charAt: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 2, case .string(let text) = arguments[0],
      case .int(let index) = arguments[1]
    else { throw site.noOverload(arguments) }
    let scalars = text.unicodeScalars
    guard index >= 0, index <= scalars.count else { throw site.outOfText() }
    guard index < scalars.count else { return .string("") }
    return .string(String(scalars[scalars.index(scalars.startIndex, offsetBy: Int(index))]))
  }

  /// `indexOf` and `lastIndexOf`: the offset is where the search begins, forward or backward.
  private static func index(
    _ arguments: [Value], _ site: CallSite, isLast: Bool
  ) throws(EvaluationError) -> Value {
    guard arguments.count == 2 || arguments.count == 3, case .string(let string) = arguments[0],
      case .string(let wanted) = arguments[1]
    else { throw site.noOverload(arguments) }
    let text = Array(string.unicodeScalars)
    let part = Array(wanted.unicodeScalars)
    var offset = isLast ? text.count : 0
    if arguments.count == 3 {
      guard case .int(let given) = arguments[2] else { throw site.noOverload(arguments) }
      // The empty text is found at the end, too.
      guard given >= 0, given < text.count + (part.isEmpty ? 1 : 0) else { throw site.outOfText() }
      offset = Int(given)
    }
    var found = -1
    ScalarSearch(part).each(in: text, from: isLast ? 0 : offset) { position in
      guard !isLast || position <= offset else { return false }
      found = position
      return isLast
    }
    return .int(Int64(found))
  }

  private static let join: StandardFunctions.Implementation = {
    (arguments, site, frame) throws(EvaluationError) -> Value in
    guard arguments.count == 1 || arguments.count == 2, case .list(let list) = arguments[0] else {
      throw site.noOverload(arguments)
    }
    var separator = ""
    if arguments.count == 2 {
      guard case .string(let text) = arguments[1] else { throw site.noOverload(arguments) }
      separator = text
    }
    var result = ""
    for (index, element) in list.enumerated() {
      guard case .string(let text) = element else {
        throw .mismatch(element, expected: "string", at: site.position)
      }
      try frame.spend((text.utf8.count + separator.utf8.count) / 16, at: site.position)
      if index > 0 { result += separator }
      result += text
    }
    return .string(result)
  }

  /// The functions from one text to another of about its length.
  private static let mapped: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 1, case .string(let text) = arguments[0] else {
      throw site.noOverload(arguments)
    }
    return switch site.name {
    case "lowerAscii": .string(text.mappingBytes { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 })
    case "upperAscii": .string(text.mappingBytes { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 })
    case "trim": .string(text.withoutOuterBlanks)
    case "reverse": .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
    default: .string(text.quoted)
    }
  }

  private static let replace: StandardFunctions.Implementation = {
    (arguments, site, frame) throws(EvaluationError) -> Value in
    guard arguments.count == 3 || arguments.count == 4, case .string(let text) = arguments[0],
      case .string(let old) = arguments[1], case .string(let new) = arguments[2]
    else { throw site.noOverload(arguments) }
    var limit = Int64(-1)
    if arguments.count == 4 {
      guard case .int(let given) = arguments[3] else { throw site.noOverload(arguments) }
      limit = given
    }
    let scalars = Array(text.unicodeScalars)
    let wanted = Array(old.unicodeScalars)
    let cuts = ScalarSearch(wanted).cuts(in: scalars, limit: limit)
    let length = text.utf8.count / 16 + cuts.count * (1 + new.utf8.count / 16)
    try frame.spend(length, at: site.position)
    var result = String.UnicodeScalarView()
    var start = 0
    for cut in cuts {
      result.append(contentsOf: scalars[start..<cut])
      result.append(contentsOf: new.unicodeScalars)
      start = cut + wanted.count
    }
    result.append(contentsOf: scalars[start...])
    return .string(String(result))
  }

  private static let split: StandardFunctions.Implementation = {
    (arguments, site, frame) throws(EvaluationError) -> Value in
    guard arguments.count == 2 || arguments.count == 3, case .string(let text) = arguments[0],
      case .string(let separator) = arguments[1]
    else { throw site.noOverload(arguments) }
    var limit = Int64(-1)
    if arguments.count == 3 {
      guard case .int(let given) = arguments[2] else { throw site.noOverload(arguments) }
      limit = given
    }
    guard limit != 0 else { return .list([]) }
    let scalars = Array(text.unicodeScalars)
    let wanted = Array(separator.unicodeScalars)
    var cuts = ScalarSearch(wanted).cuts(in: scalars, limit: limit < 0 ? -1 : limit - 1)
    // An empty separator stands between scalars, neither before the first nor after the last.
    if wanted.isEmpty {
      cuts =
        limit < 0 || limit >= scalars.count
        ? Array(scalars.indices.dropFirst()) : Array(1..<max(Int(limit), 1))
      if scalars.isEmpty { return .list([]) }
    }
    try frame.spend(cuts.count + text.utf8.count / 16, at: site.position)
    var parts: [Value] = []
    var start = 0
    for cut in cuts {
      parts.append(.string(String(String.UnicodeScalarView(scalars[start..<cut]))))
      start = cut + wanted.count
    }
    parts.append(.string(String(String.UnicodeScalarView(scalars[start...]))))
    return .list(parts)
  }

  private static let substring: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 2 || arguments.count == 3, case .string(let text) = arguments[0],
      case .int(let start) = arguments[1]
    else { throw site.noOverload(arguments) }
    let scalars = Array(text.unicodeScalars)
    var end = Int64(scalars.count)
    if arguments.count == 3 {
      guard case .int(let given) = arguments[2] else { throw site.noOverload(arguments) }
      end = given
    }
    guard start >= 0, start <= end, end <= scalars.count else { throw site.outOfText() }
    return .string(String(String.UnicodeScalarView(scalars[Int(start)..<Int(end)])))
  }

  private static let format: StandardFunctions.Implementation = {
    (arguments, site, frame) throws(EvaluationError) -> Value in
    guard arguments.count == 2, case .string(let text) = arguments[0],
      case .list(let values) = arguments[1]
    else { throw site.noOverload(arguments) }
    let template: TextTemplate
    do throws(TextTemplate.Problem) {
      template = try TextTemplate(text)
    } catch {
      throw site.error(.invalidArgument, error.sentence)
    }
    return .string(try template.text(of: values, site, frame))
  }
}

extension CallSite {
  fileprivate func outOfText() -> EvaluationError {
    error(.indexOutOfRange, "The position lies outside of the text.")
  }
}

extension String {
  fileprivate func mappingBytes(_ change: (UInt8) -> UInt8) -> String {
    String(decoding: utf8.map(change), as: UTF8.self)
  }

  /// Without the scalars of Unicode's `White_Space` at both ends.
  fileprivate var withoutOuterBlanks: String {
    var scalars = unicodeScalars[...]
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(String.UnicodeScalarView(scalars))
  }

  /// In double quotes, with the escapes that a literal of CEL has a letter for.
  fileprivate var quoted: String {
    var result = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in unicodeScalars {
      switch scalar {
      case "\u{7}": result.append(contentsOf: #"\a"#.unicodeScalars)
      case "\u{8}": result.append(contentsOf: #"\b"#.unicodeScalars)
      case "\u{c}": result.append(contentsOf: #"\f"#.unicodeScalars)
      case "\n": result.append(contentsOf: #"\n"#.unicodeScalars)
      case "\r": result.append(contentsOf: #"\r"#.unicodeScalars)
      case "\t": result.append(contentsOf: #"\t"#.unicodeScalars)
      case "\u{b}": result.append(contentsOf: #"\v"#.unicodeScalars)
      case "\\": result.append(contentsOf: #"\\"#.unicodeScalars)
      case "\"": result.append(contentsOf: #"\""#.unicodeScalars)
      default: result.append(scalar)
      }
    }
    result.append("\"")
    return String(result)
  }
}
