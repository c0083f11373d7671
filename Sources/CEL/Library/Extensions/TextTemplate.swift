/// What `format` fills in: `%s`, `%d`, `%f`, `%e`, `%b`, `%o`, `%x`, `%X` with their precision.
struct TextTemplate {
  enum Part: Equatable {
    case text(String)
    case clause(Clause)
  }

  enum Clause: Equatable {
    case string, decimal, binary, octal
    case hexadecimal(isUpper: Bool)
    case fixed(precision: Int)
    case scientific(precision: Int)
  }

  struct Problem: Error {
    var sentence: String
  }

  let parts: [Part]

  /// How many values it takes.
  var clauseCount: Int { parts.count { if case .clause = $0 { true } else { false } } }

  /// Digits after the point where none are asked for.
  private static let precisionStandard = 6

  init(_ text: String) throws(Problem) {
    var parts: [Part] = []
    var plain = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "%" else {
        plain.append(scalar)
        continue
      }
      if rest.first == "%" {
        rest.removeFirst()
        plain.append("%")
        continue
      }
      if !plain.isEmpty { parts.append(.text(String(plain))) }
      plain = String.UnicodeScalarView()
      parts.append(.clause(try Self.clause(&rest)))
    }
    if !plain.isEmpty { parts.append(.text(String(plain))) }
    self.parts = parts
  }

  private static func clause(_ rest: inout Substring.UnicodeScalarView) throws(Problem) -> Clause {
    let precision = try precision(&rest)
    guard let letter = rest.popFirst() else {
      throw Problem(sentence: "The format ends within a `%` clause.")
    }
    switch letter {
    case "s": return .string
    case "d": return .decimal
    case "f": return .fixed(precision: precision)
    case "e": return .scientific(precision: precision)
    case "b": return .binary
    case "o": return .octal
    case "x": return .hexadecimal(isUpper: false)
    case "X": return .hexadecimal(isUpper: true)
    default: throw Problem(sentence: "The format has a `%` clause that does not exist.")
    }
  }

  private static func precision(_ rest: inout Substring.UnicodeScalarView) throws(Problem) -> Int {
    guard rest.first == "." else { return precisionStandard }
    rest.removeFirst()
    var precision = 0
    var digits = 0
    while let scalar = rest.first, Identifier.isDigit(scalar) {
      precision = min(precision * 10 + Int(scalar.value - 0x30), 1_000_000)
      digits += 1
      rest.removeFirst()
    }
    guard digits > 0 else { throw Problem(sentence: "The format has a precision without digits.") }
    guard precision <= ExpressionLimits.precisionMax else {
      throw Problem(
        sentence: "A precision of a format is at most \(ExpressionLimits.precisionMax).")
    }
    return precision
  }

  /// The text with a value for each clause; further values are ignored.
  func text(
    of values: [Value], _ site: CallSite, _ frame: Frame
  ) throws(EvaluationError) -> String {
    var result = ""
    var index = 0
    for part in parts {
      switch part {
      case .text(let text): result += text
      case .clause(let clause):
        guard index < values.count else {
          throw site.error(.invalidArgument, "The format has more clauses than there are values.")
        }
        result += try clause.text(of: values[index], site, frame)
        index += 1
      }
      try frame.spend(1 + result.utf8.count / 1_024, at: site.position)
    }
    return result
  }
}

extension TextTemplate.Clause {
  fileprivate func text(
    of value: Value, _ site: CallSite, _ frame: Frame
  ) throws(EvaluationError) -> String {
    switch (self, value) {
    case (.string, _): return try Self.plainText(of: value, site, frame)
    case (.decimal, .int(let int)): return String(int)
    case (.decimal, .uint(let uint)): return String(uint)
    case (.decimal, .double(let double)): return double.plainText
    case (.binary, .bool(let bool)): return bool ? "1" : "0"
    case (.binary, .int(let int)): return String(int, radix: 2)
    case (.binary, .uint(let uint)): return String(uint, radix: 2)
    case (.octal, .int(let int)): return String(int, radix: 8)
    case (.octal, .uint(let uint)): return String(uint, radix: 8)
    case (.hexadecimal(let isUpper), .int(let int)):
      return String(int, radix: 16, uppercase: isUpper)
    case (.hexadecimal(let isUpper), .uint(let uint)):
      return String(uint, radix: 16, uppercase: isUpper)
    case (.hexadecimal(let isUpper), .string(let text)):
      try frame.spend(text.utf8.count / 8, at: site.position)
      return Self.hexadecimal(Array(text.utf8), isUpper)
    case (.hexadecimal(let isUpper), .bytes(let bytes)):
      try frame.spend(bytes.count / 8, at: site.position)
      return Self.hexadecimal(bytes, isUpper)
    case (.fixed(let precision), .int(let int)): return Double(int).fixedText(precision)
    case (.fixed(let precision), .uint(let uint)): return Double(uint).fixedText(precision)
    case (.fixed(let precision), .double(let double)): return double.fixedText(precision)
    case (.scientific(let precision), .int(let int)): return Double(int).scientificText(precision)
    case (.scientific(let precision), .uint(let uint)):
      return Double(uint).scientificText(precision)
    case (.scientific(let precision), .double(let double)):
      return double.scientificText(precision)
    default: throw .mismatch(value, expected: expectation, at: site.position)
    }
  }

  /// What the clause takes, for messages.
  private var expectation: String {
    switch self {
    case .string: "a value with a text"
    case .decimal, .fixed, .scientific: "a number"
    case .binary: "an int, a uint or a bool"
    case .octal: "an int or a uint"
    case .hexadecimal: "an int, a uint, a string or bytes"
    }
  }

  private static func hexadecimal(_ bytes: [UInt8], _ isUpper: Bool) -> String {
    let digits = Array((isUpper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  private static func plainText(
    of value: Value, _ site: CallSite, _ frame: Frame
  ) throws(EvaluationError) -> String {
    try frame.spend(1 + value.copiedSteps, at: site.position)
    switch value {
    case .null: return "null"
    case .bool(let bool): return bool ? "true" : "false"
    case .int(let int): return String(int)
    case .uint(let uint): return String(uint)
    case .double(let double): return double.plainText
    case .string(let text): return text
    case .bytes(let bytes): return bytes.replacingBrokenText
    case .timestamp(let instant): return instant.description
    case .duration(let span):
      // Seconds as a double, unlike `string(span)`, which writes thousandths in threes.
      return (Double(span.seconds) + Double(span.nanoseconds) / 1e9).plainText + "s"
    case .type(let type): return type.runtimeName
    case .list(let list):
      var parts: [String] = []
      for element in list { parts.append(try plainText(of: element, site, frame)) }
      return "[\(parts.joined(separator: ", "))]"
    case .map(let map):
      var parts: [(key: String, value: String)] = []
      for entry in map.entries {
        let key = try plainText(of: entry.key.value, site, frame)
        parts.append((key, try plainText(of: entry.value, site, frame)))
      }
      parts.sort { $0.key.comesBefore($1.key) }
      return "{\(parts.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
    case .record, .blob, .optional, .erased:
      if let text = value.networkText { return text }
      throw .mismatch(value, expected: "a value with a text", at: site.position)
    }
  }
}

extension [UInt8] {
  /// As UTF-8, each run of broken bytes as one replacement character.
  fileprivate var replacingBrokenText: String {
    if let text = String(validating: self, as: UTF8.self) { return text }
    var result = String.UnicodeScalarView()
    var decoder = UTF8()
    var bytes = makeIterator()
    var wasBroken = false
    while true {
      switch decoder.decode(&bytes) {
      case .scalarValue(let scalar):
        result.append(scalar)
        wasBroken = false
      case .error:
        if !wasBroken { result.append("\u{FFFD}") }
        wasBroken = true
      case .emptyInput: return String(result)
      }
    }
  }
}

extension ValueType {
  /// As `string(type(x))` writes it: lists and maps without what they hold.
  fileprivate var runtimeName: String {
    switch self {
    case .list: "list"
    case .map: "map"
    case .type: "type"
    case .optional: "optional_type"
    case .timestamp: "google.protobuf.Timestamp"
    case .duration: "google.protobuf.Duration"
    default: description
    }
  }
}
