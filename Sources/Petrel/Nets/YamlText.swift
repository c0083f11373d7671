/// A tree of texts, written as YAML that reads back as exactly these texts: every scalar in double
/// quotes, maps in one line where they fit.
indirect enum YamlText: Sendable {
  case scalar(String)
  case map([(key: String, value: YamlText)])
  case list([YamlText])

  private static let columnsMax = 100

  /// The tree as a file: its top level a line or a block a key.
  var file: String { block(indent: 0).joined(separator: "\n") + "\n" }

  private func block(indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    guard case .map(let entries) = self else { return [margin + flow] }
    return entries.flatMap { entry -> [String] in
      let head = "\(margin)\(Self.key(entry.key)):"
      guard case .map(let inner) = entry.value, !inner.isEmpty,
        indent == 0 || head.count + entry.value.flow.count > Self.columnsMax
      else { return ["\(head) \(entry.value.flow)"] }
      return [head] + entry.value.block(indent: indent + 2)
    }
  }

  private var flow: String {
    switch self {
    case .scalar(let text): Self.quoted(text)
    case .list(let items): "[\(items.map(\.flow).joined(separator: ", "))]"
    case .map(let entries):
      "{\(entries.map { "\(Self.key($0.key)): \($0.value.flow)" }.joined(separator: ", "))}"
    }
  }

  private static func key(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy {
      $0.properties.isXIDContinue || $0 == "." || $0 == "-"
    }
    return isPlain && text.first != "-" ? text : quoted(text)
  }

  private static func quoted(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\t": output += "\\t"
      case _
      where scalar.value < 0x20 || (0x7F...0xA0).contains(scalar.value)
        || scalar.properties.generalCategory == .format
        || scalar.value == 0x2028 || scalar.value == 0x2029:
        let digits = String(scalar.value, radix: 16)
        output +=
          (scalar.value > 0xFFFF ? "\\U" : "\\u")
          + String(repeating: "0", count: (scalar.value > 0xFFFF ? 8 : 4) - digits.count) + digits
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output + "\""
  }
}
