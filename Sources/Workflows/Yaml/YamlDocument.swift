package import PetriNet

/// The one reader of all of Petrel's YAML files: libyaml's events, every scalar as text with its
/// exact place. Tags, anchors, aliases, merge keys, duplicate keys and second documents are
/// refused, and each trap of YAML has a message of its own.
package enum YamlDocument {
  package enum Limits {
    package static let bytesMax = 4 << 20
    /// Lists and maps inside one another.
    package static let nestingMax = 64
  }

  /// The value of a file; nil if it is empty or does not parse.
  ///
  /// A syntax error ends the reading; all other mistakes are collected, in no particular order.
  ///
  /// - Parameters:
  ///   - file: The path as findings tell it.
  ///   - firstLine: The line of the file on which `bytes` begin.
  package static func read(
    _ bytes: [UInt8], file: String, firstLine: Int = 1, findings: inout [Finding]
  ) -> YamlNode? {
    guard bytes.count <= Limits.bytesMax else {
      findings.append(
        Finding(
          "F103", "the file is larger than Petrel reads",
          at: SourceMark(file: file, line: firstLine, column: 1), found: "\(bytes.count) bytes",
          expected: "at most \(Limits.bytesMax)"))
      return nil
    }
    let source = SourceLines(bytes)
    if let finding = Encoding.firstProblem(bytes, source, file, firstLine) {
      findings.append(finding)
      return nil
    }
    let (events, error) = YamlEvents.read(bytes)
    var builder = YamlBuilder(events: events, source: source, file: file, firstLine: firstLine)
    let root = error == nil ? builder.document() : nil
    if let error, !builder.tellsTooDeep() {
      findings.append(YamlTraps(source: source, file: file, firstLine: firstLine).finding(error))
    }
    findings += builder.findings
    return root
  }
}

/// What is checked before libyaml sees the bytes.
private enum Encoding {
  static func firstProblem(
    _ bytes: [UInt8], _ source: SourceLines, _ file: String, _ firstLine: Int
  ) -> Finding? {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      return Finding(
        "F102", "the file begins with a byte order mark",
        at: SourceMark(file: file, line: firstLine, column: 1), found: "the bytes EF BB BF",
        expected: "plain UTF-8", help: "save it as UTF-8 without BOM")
    }
    if let offset = JSONText.firstInvalidByte(of: bytes) {
      let place = JSONProblem.position(of: offset, in: bytes)
      return Finding(
        "F102", "the file is no UTF-8",
        at: SourceMark(file: file, line: place.line + firstLine - 1, column: place.column),
        found: "a byte that begins no character", expected: "UTF-8",
        help: "save it as UTF-8")
    }
    let scalars = source.scalars
    for (index, scalar) in scalars.enumerated() where isRefused(scalar, index, scalars) {
      let place = source.position(at: index)
      return Finding(
        "F102", "a character stands here that does not show",
        at: SourceMark(file: file, line: place.line + firstLine - 1, column: place.column),
        found: VisibleText.escape(scalar), expected: "text and plain line ends",
        help: "in a text in double quotes it is written as an escape")
    }
    return nil
  }

  /// Line ends that libyaml counts and editors do not, and control characters.
  private static func isRefused(
    _ scalar: Unicode.Scalar, _ index: Int, _ scalars: [Unicode.Scalar]
  ) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0x0D: index + 1 == scalars.count || scalars[index + 1] != "\n"
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }
}
