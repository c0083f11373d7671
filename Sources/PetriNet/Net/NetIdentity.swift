internal import CEL

/// What a net means, as text: equal for two spellings of one net, different for nets of which one
/// could do something that the other cannot.
///
/// Names, colours and checked expressions count; where something stands in a file, comments, spaces,
/// brackets that change nothing, and the names of types do not. Found by reflection, so that a part
/// added to `Net` is part of its identity too.
package enum NetIdentity {
  /// The same in every process.
  package static func text(of net: Net) -> String {
    var writer = Writer()
    writer.write(net.name.text)
    for parameter in net.parameters {
      writer.write(parameter.name)
      writer.write(any: parameter.colour)
      writer.write(any: parameter.value)
    }
    writer.write(any: net.places)
    writer.write(any: net.transitions)
    writer.write(any: net.actions)
    for prompt in net.prompts {
      writer.write(prompt.name)
      writer.write(String(decoding: prompt.text, as: UTF8.self))
    }
    writer.write(any: net.caseRules)
    writer.write(any: net.invariants)
    writer.write(any: net.schedules)
    for item in net.accepted { writer.write("\(item.code.value)=\(item.reason)") }
    return writer.output
  }

  private struct Writer {
    var output = ""

    /// Places in files, and what is computed from the rest.
    private static let skipped: Set<String> = [
      "mark", "source", "position", "length", "plan",
    ]

    mutating func write(_ text: String) { output += "\(text.utf8.count):\(text)," }

    mutating func write(any value: Any) {
      switch value {
      case let text as String: write(text)
      case let program as Program:
        write(any: program.syntax)
        write(any: program.type)
      case let record as RecordColour: write(any: record.fields)
      case let record as RecordType: write(any: record.fields)
      case let type as EnumerationType: write(any: type.members)
      default: reflect(value)
      }
    }

    private mutating func reflect(_ value: Any) {
      let mirror = Mirror(reflecting: value)
      switch mirror.displayStyle {
      case .dictionary, .set:
        let parts = mirror.children.map { child in
          var writer = Writer()
          writer.write(any: child.value)
          return writer.output
        }
        output += "{\(parts.sorted().joined())}"
      case .enum:
        // The case and what it carries; without anything carried the name alone.
        guard let child = mirror.children.first else { return write("\(value)") }
        output += "(\(child.label ?? "")"
        write(any: child.value)
        output += ")"
      case nil where mirror.children.isEmpty: write("\(value)")
      default:
        output += "["
        for child in mirror.children where !Self.skipped.contains(child.label ?? "") {
          if let label = child.label, !label.hasPrefix(".") { output += "\(label)=" }
          write(any: child.value)
        }
        output += "]"
      }
    }
  }
}
