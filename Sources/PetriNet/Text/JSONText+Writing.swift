extension JSONText.Node {
  /// As compact JSON, names in the order they stand in: the escapes of LOG §2.6, nothing else.
  ///
  /// Not canonical (that sorts names); for output that people and programs read.
  package var text: String {
    var output = ""
    write(into: &output, indent: nil)
    return output
  }

  /// As JSON over several lines, two spaces a level; ends without a newline.
  package var indentedText: String {
    var output = ""
    write(into: &output, indent: 0)
    return output
  }

  private func write(into output: inout String, indent: Int?) {
    switch self {
    case .null: output += "null"
    case .bool(let flag): output += flag ? "true" : "false"
    case .number(let number): output += number.text
    case .string(let string): JSONText.write(string, into: &output)
    case .list(let items):
      Self.write(items, "[", "]", into: &output, indent: indent) { item, output, indent in
        item.write(into: &output, indent: indent)
      }
    case .object(let members):
      Self.write(members, "{", "}", into: &output, indent: indent) { member, output, indent in
        JSONText.write(member.name, into: &output)
        output += indent == nil ? ":" : ": "
        member.value.write(into: &output, indent: indent)
      }
    }
  }

  private static func write<Item>(
    _ items: [Item], _ open: String, _ close: String, into output: inout String, indent: Int?,
    _ write: (Item, inout String, Int?) -> Void
  ) {
    output += open
    for (index, item) in items.enumerated() {
      if index > 0 { output += "," }
      if let indent { output += "\n" + String(repeating: "  ", count: indent + 1) }
      write(item, &output, indent.map { $0 + 1 })
    }
    if let indent, !items.isEmpty { output += "\n" + String(repeating: "  ", count: indent) }
    output += close
  }
}

extension JSONText {
  /// A string as a JSON string, quotes included.
  package static func quoted(_ string: String) -> String {
    var output = ""
    write(string, into: &output)
    return output
  }

  fileprivate static func write(_ string: String, into output: inout String) {
    output += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\u{8}": output += "\\b"
      case "\t": output += "\\t"
      case "\n": output += "\\n"
      case "\u{C}": output += "\\f"
      case "\r": output += "\\r"
      case "\0"..<" ":
        let hex = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
      default: output.unicodeScalars.append(scalar)
      }
    }
    output += "\""
  }
}
