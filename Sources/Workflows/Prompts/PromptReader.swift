package import PetriNet

/// `prompts/NAME.md` to a `Prompt` (CONFIG §2): the question, its labels and fields in the front
/// matter, the system message below it.
package struct PromptReader {
  package enum Limits {
    package static let questionScalarsMax = 200
    package static let labelsMin = 2
    package static let labelsMax = 50
    package static let labelScalarsMax = 64
    package static let examplesMax = 20
    package static let bodyBytesMax = 32 << 10
    /// Sent of a field whose type has no `max`, in Unicode scalars.
    package static let cutStandard = 8000
  }

  let reading: FileReading

  /// - Parameter path: What the prompt must be called after: `prompts/refund-intent.md`.
  /// - Returns: nil beside findings if something it cannot be without is missing or wrong.
  package static func read(
    _ bytes: [UInt8], path: String
  ) -> (prompt: Prompt?, findings: [Finding]) {
    let (prompt, findings) = readInPart(bytes, path: path)
    let isBroken = findings.contains { $0.severity == .error }
    return (isBroken ? nil : prompt, findings)
  }

  /// A prompt beside errors has what could be read of it: enough to check workflows that ask it.
  ///
  /// - Returns: nil beside findings if not even its parts can be told apart.
  static func readInPart(
    _ bytes: [UInt8], path: String
  ) -> (prompt: Prompt?, findings: [Finding]) {
    let reading = FileReading(file: path, codes: .prompt)
    let prompt = PromptReader(reading: reading).prompt(bytes, path)
    return (prompt, DiagnosticText.sorted(reading.findings))
  }

  private static let keys = [
    "prompt", "question", "labels", "fields", "cut", "canary", "examples", "rationale",
    "lenient_fence",
  ]

  private func prompt(_ bytes: [UInt8], _ path: String) -> Prompt? {
    guard let parts = PromptParts(bytes, reading) else { return nil }
    let root = YamlDocument.read(
      parts.frontMatter, file: path, firstLine: 2, findings: &reading.findings)
    let map = root.flatMap {
      reading.map($0, "", "a map that begins with prompt: NAME", keys: Self.keys)
    }
    guard let map else { return nil }
    name(map, path)
    let question = required(map, "question").flatMap { self.question($0) }
    let labels = required(map, "labels").map { self.labels($0) } ?? Labels()
    var fields = required(map, "fields").map { self.fields($0) } ?? Fields()
    if let node = map["cut"] { cut(node, &fields) }
    let canary = map["canary"].flatMap { self.canary($0, labels) }
    let examples = map["examples"].map { self.examples($0, fields, labels) } ?? []
    let asksRationale = map["rationale"].flatMap { reading.boolean($0, "rationale") } ?? false
    let isLenient = map["lenient_fence"].flatMap { reading.boolean($0, "lenient_fence") } ?? false
    let body = PromptBody(
      reading: reading, fields: fields.list.map(\.name), lacksFields: fields.isInPart
    ).pieces(parts)
    var prompt = Prompt(
      name: FilePath.stem(of: path).inFormC, question: question ?? "",
      labels: labels.isBoolean ? .boolean : .strings(labels.list), fields: fields.list,
      canary: canary, examples: examples, asksRationale: asksRationale, lenientFence: isLenient,
      body: body, text: bytes, file: path)
    (prompt.lacksLabels, prompt.lacksFields) = (labels.isInPart, fields.isInPart)
    return prompt
  }

  /// The fields as far as they can be read.
  struct Fields {
    var list: [Prompt.Field] = []
    var isInPart = true
  }

  /// The labels as far as they can be read.
  struct Labels {
    var isBoolean = false
    var list: [Prompt.Label] = []
    var isInPart = true

    var names: [String] { isBoolean ? ["true", "false"] : list.map(\.name) }
  }

  private func required(_ map: YamlMap, _ key: String) -> YamlNode? {
    if let node = map[key] { return node }
    if map.isInPart { return nil }
    reading.report(
      reading.codes.missingKey, "the prompt has no '\(key)'", at: map.mark,
      found: map.entries.map(\.name).joined(separator: ", "), expected: key)
    return nil
  }

  private func name(_ map: YamlMap, _ path: String) {
    guard let node = required(map, "prompt"),
      let name = reading.name(node, "prompt", .hyphenated, "the name of the prompt")
    else { return }
    let stem = FilePath.stem(of: path).inFormC
    guard stem.utf8.elementsEqual(name.value.utf8) else {
      reading.report(
        "F307", "a prompt is called like its file", at: name.mark, path: "prompt",
        found: name.value, expected: stem)
      return
    }
  }

  private func question(_ node: YamlNode) -> String? {
    let what = "one line of at most \(Limits.questionScalarsMax) characters"
    guard let text = reading.text(node, "question", what) else { return nil }
    let scalars = text.text.unicodeScalars
    guard !scalars.contains("\n"), scalars.count <= Limits.questionScalarsMax,
      scalars.contains(where: { !$0.properties.isWhitespace })
    else {
      reading.report(
        "F305", "the question is \(what)", at: text.mark, path: "question",
        found: scalars.contains("\n") ? "several lines" : "\(scalars.count) characters",
        expected: what, help: "people see it beside the verdict; details go into the body")
      return nil
    }
    return text.text
  }
}

/// A prompt file cut in two at its second `---` line.
struct PromptParts {
  var frontMatter: [UInt8]
  var body: [UInt8]
  /// The line of the file on which the body begins.
  var bodyLine: Int

  /// nil, told, if the file does not begin with front matter.
  init?(_ bytes: [UInt8], _ reading: FileReading) {
    let fence = Array("---".utf8)
    var start = 0
    var lines: [(start: Int, end: Int)] = []
    var closing: Int?
    while start < bytes.count, closing == nil {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let isCRLF = end > start && bytes[end - 1] == UInt8(ascii: "\r")
      let isFence = bytes[start..<(isCRLF ? end - 1 : end)].elementsEqual(fence)
      if lines.isEmpty, !isFence { break }
      if isFence, !lines.isEmpty { closing = lines.count }
      lines.append((start, min(end + 1, bytes.count)))
      start = end + 1
    }
    guard let closing else {
      reading.report(
        "F302",
        lines.isEmpty
          ? "a prompt begins with its front matter" : "the front matter has no end",
        at: SourceMark(file: reading.file, line: max(1, lines.count), column: 1),
        found: lines.isEmpty ? "another first line" : "no second ---",
        expected: "front matter between two lines ---")
      return nil
    }
    frontMatter = Array(bytes[lines[0].end..<lines[closing].start])
    body = Array(bytes[lines[closing].end...])
    bodyLine = closing + 2
  }
}
