internal import Engine
internal import Orchestration
internal import PetriNet
internal import SQLiteStore

/// The cases of a log as XES (IEEE 1849): a trace a case, an event a row.
struct XESExport {
  private let reader: LogReader

  init(_ reader: LogReader) { self.reader = reader }

  private static let head = """
    <?xml version="1.0" encoding="UTF-8"?>
    <log xes.version="1.0" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
    <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
    <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
    <extension name="Lifecycle" prefix="lifecycle" \
    uri="http://www.xes-standard.org/lifecycle.xesext"/>
    <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
    <classifier name="activity" keys="concept:name lifecycle:transition"/>
    """

  func write(to output: ExportOutput) throws {
    try output.line(Self.head)
    var before: CaseID?
    var pages: [[CaseRow]] = []
    // The newest cases come first; a trace stands where its case was opened.
    while true {
      let page = try reader.cases(CaseQuery(), before: before, limit: 500)
      if page.isEmpty { break }
      pages.append(page)
      before = page.last?.id
    }
    for page in pages.reversed() {
      for row in page.reversed() { try write(row, to: output) }
    }
    try output.line("</log>")
  }

  private func write(_ row: CaseRow, to output: ExportOutput) throws {
    try output.line("<trace>")
    try output.line(Self.string("concept:name", "c\(row.id.seq.number)"))
    try output.line(Self.string("petrel:workflow", row.workflow.text))
    try output.line(Self.string("petrel:status", row.status.rawValue))
    var naming = CaseEvent.Naming()
    try reader.eachRow(of: row.id) { row in
      let event = try naming.event(row)
      var fields = [
        Self.string("concept:name", event.activity),
        Self.string("lifecycle:transition", event.phase),
        "<date key=\"time:timestamp\" value=\"\(event.time)\"/>",
        "<int key=\"petrel:seq\" value=\"\(event.seq)\"/>",
        Self.string("petrel:kind", event.kind),
      ]
      if let person = event.person { fields.append(Self.string("org:resource", person)) }
      if let outcome = event.outcome { fields.append(Self.string("petrel:outcome", outcome)) }
      try output.line("<event>\(fields.joined())</event>")
    }
    try output.line("</trace>")
  }

  private static func string(_ key: String, _ value: String) -> String {
    "<string key=\"\(key)\" value=\"\(escaped(value))\"/>"
  }

  /// XML 1.0 has no way to write most control characters: they are shown as replaced.
  static func escaped(_ text: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"": output += "&quot;"
      case "\n", "\t", "\r": output += "&#\(scalar.value);"
      case _ where scalar.value < 32 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        output += "\u{FFFD}"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }
}
