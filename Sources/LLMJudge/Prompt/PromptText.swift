internal import PetriNet

/// Values as JSON in which nothing hides: what could close a fence, reorder a line or take no room
/// is written as `\uXXXX`, scalar by scalar.
enum PromptText {
  /// A string as a JSON string.
  static func quoted(_ string: String) -> [UInt8] {
    var output: [UInt8] = []
    write(string, into: &output)
    return output
  }

  /// A value as JSON.
  static func write(_ node: JSONText.Node, into output: inout [UInt8]) {
    switch node {
    case .null: output.append(contentsOf: "null".utf8)
    case .bool(let flag): output.append(contentsOf: flag ? "true".utf8 : "false".utf8)
    case .number(let number): output.append(contentsOf: number.text.utf8)
    case .string(let string): write(string, into: &output)
    case .list(let items):
      output.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        write(item, into: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      output.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        write(member.name, into: &output)
        output.append(UInt8(ascii: ":"))
        write(member.value, into: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  private static func write(_ string: String, into output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for scalar in string.unicodeScalars {
      if scalar.value < 0x7F, !isASCIIEscaped[Int(scalar.value)] {
        output.append(UInt8(truncatingIfNeeded: scalar.value))
      } else if scalar == "\"" || scalar == "\\" {
        output.append(UInt8(ascii: "\\"))
        output.append(UInt8(truncatingIfNeeded: scalar.value))
      } else if isEscaped(scalar) {
        for unit in UTF16.encode(scalar) ?? .init() { writeUnit(unit, into: &output) }
      } else {
        output.append(contentsOf: UTF8.encode(scalar) ?? .init())
      }
    }
    output.append(UInt8(ascii: "\""))
  }

  /// Controls, formats (bidirectional ones among them), zero-width scalars, line and paragraph
  /// separators, and `<`, with which a fence begins.
  static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3C, 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: return true
    case 0..<0x7F: return false
    default:
      return scalar.properties.generalCategory == .format
        || scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  private static let isASCIIEscaped: [Bool] = (0..<0x80).map { value in
    value < 0x20 || value >= 0x7F || [0x22, 0x3C, 0x5C].contains(value)
  }

  private static func writeUnit(_ unit: UInt16, into output: inout [UInt8]) {
    output.append(contentsOf: "\\u".utf8)
    for shift in [12, 8, 4, 0] as [UInt16] {
      output.append(JSONWriter.hex[Int(unit >> shift & 15)])
    }
  }
}
