package import CEL
package import PetriNet

/// One line of `run --input` and its like (CONFIG §5): the VALUE of a start or message place, and
/// what stands beside it under keys that begin with `$`.
package struct InputLine: Sendable {
  package static let bytesMax = 1 << 20

  /// From 1, blank lines counted.
  package var number: Int
  /// Without the keys that begin with `$`.
  package var json: JSONText.Node
  /// Where there are several start places.
  package var start: String?
  /// The idempotency key.
  package var key: String?
  /// After the first line.
  package var atMicroseconds: Int64?
  /// Kept out of the net, copied to the output.
  package var meta: JSONText.Node?
  /// The line, without its end.
  package var bytes: [UInt8]
  private let file: String

  /// Reads a line, without its end.
  ///
  /// - Returns: nil for a blank line.
  /// - Throws: F501 with line and column.
  package static func read(
    _ bytes: [UInt8], number: Int, file: String
  ) throws(Findings) -> InputLine? {
    var bytes = bytes
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return nil }
    guard bytes.count <= bytesMax else {
      throw Findings([
        Finding(
          "F501", "the line is too long", at: SourceMark(file: file, line: number, column: 1),
          found: "\(bytes.count) bytes", expected: "at most \(bytesMax)")
      ])
    }
    do {
      let json = try JSONText.parse(bytes)
      return try InputLine(json, bytes: bytes, number: number, file: file)
    } catch let problem as JSONProblem {
      let place = JSONProblem.position(of: problem.offset, in: bytes)
      throw Findings([
        Finding(
          "F501", "this line is no JSON: \(problem.message)",
          at: SourceMark(file: file, line: number, column: place.column))
      ])
    } catch let findings as Findings {
      throw findings
    } catch {
      preconditionFailure("reading a line throws one of two errors")
    }
  }

  /// All the lines of a text; the good ones stand beside the mistakes of the others.
  package static func readAll(
    _ bytes: [UInt8], file: String
  ) -> (lines: [InputLine], findings: [Finding]) {
    var lines: [InputLine] = []
    var findings: [Finding] = []
    let parts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      do {
        if let line = try read(Array(part), number: index + 1, file: file) { lines.append(line) }
      } catch {
        findings += error.items
      }
    }
    return (lines, findings)
  }

  private init(
    _ json: JSONText.Node, bytes: [UInt8], number: Int, file: String
  ) throws(Findings) {
    self.number = number
    self.bytes = bytes
    self.file = file
    guard case .object(let members) = json else {
      self.json = json
      return
    }
    self.json = .object(members.filter { !$0.name.utf8.starts(with: "$".utf8) })
    for member in members where member.name.utf8.starts(with: "$".utf8) {
      guard take(member) else {
        let column = Self.column(of: "/\(JSONPointer.escaped(member.name))", in: bytes)
        throw Findings([
          Finding(
            "F501", "'\(VisibleText.visible(member.name))' cannot be read here",
            at: SourceMark(file: file, line: number, column: column),
            found: member.value.kindText,
            expected: "$start PLACE, $key TEXT, $at D or $meta OBJECT")
        ])
      }
    }
  }

  private mutating func take(_ member: JSONText.Member) -> Bool {
    switch (member.name, member.value) {
    case ("$start", .string(let text)): start = text.inFormC
    case ("$key", .string(let text)): key = text
    case ("$at", .string(let text)):
      guard let microseconds = QuantityText.microseconds(text) else { return false }
      atMicroseconds = microseconds
    case ("$meta", .object): meta = member.value
    default: return false
    }
    return true
  }

  /// The value for a place, or what is wrong with it: F501 with line and column.
  package func value(in colour: ColourSet) -> (value: Value?, findings: [Finding]) {
    let (value, problems) = ValueReading.value(of: json, in: colour)
    let findings = problems.map { problem in
      Finding(
        "F501",
        problem.pointer.isEmpty
          ? "the line does not fit its place" : "'\(problem.pointer)' does not fit its place",
        at: SourceMark(
          file: file, line: number, column: Self.column(of: problem.pointer, in: bytes)),
        found: problem.found, expected: problem.expected, nearest: problem.nearest)
    }
    return (value, findings)
  }

  /// The start place that the line names, or the only one there is; else what is wrong: F501 with line
  /// and column.
  package func place(among places: [String]) -> (place: String?, findings: [Finding]) {
    if let start {
      if places.contains(where: { $0.utf8.elementsEqual(start.utf8) }) { return (start, []) }
    } else if places.count == 1 {
      return (places[0], [])
    }
    let finding = Finding(
      "F501", start == nil ? "the line names no start place" : "there is no such start place",
      at: SourceMark(
        file: file, line: number,
        column: start == nil ? 1 : Self.column(of: "/$start", in: bytes)),
      found: start.map { "'\(VisibleText.visible($0))'" } ?? "no $start",
      expected: "one of \(places.joined(separator: ", "))")
    return (nil, [finding])
  }

  private static func column(of pointer: String, in bytes: [UInt8]) -> Int {
    JSONText.offset(of: pointer, in: bytes).map {
      JSONProblem.position(of: $0, in: bytes).column
    } ?? 1
  }
}
