internal import Engine
internal import PetriNet

/// Reads the text that a model answered: exactly one of the allowed labels in exactly the asked
/// form, or the reason why not. Nothing is repaired.
///
/// Over bytes, without recursion; labels are compared byte by byte, so that no look-alike and no
/// canonical equivalent passes.
struct VerdictParser: Sendable {
  enum Reading: Equatable, Sendable {
    /// `isLenient`: taken out of a Markdown fence, which the prompt allows.
    case label(String, isLenient: Bool)
    case refused(FallbackReason)
  }

  static let bytesMax = 1 << 20
  /// Unicode scalars of a rationale.
  static let reasonMax = 500

  /// In the order offered, the canary included.
  let labels: [String]
  let isBoolean: Bool
  let asksRationale: Bool
  let lenientFence: Bool

  /// What `prompt` allows as an answer.
  init(_ prompt: Prompt) {
    labels = prompt.offeredLabels
    isBoolean = prompt.labels == .boolean
    asksRationale = prompt.asksRationale
    lenientFence = prompt.lenientFence
  }

  /// - Parameter acceptsBare: whether the dialect answers with a label alone, without JSON.
  func read(_ content: [UInt8], acceptsBare: Bool = false) -> Reading {
    guard content.count <= Self.bytesMax else { return .refused(.bodyTooLarge) }
    if content.starts(with: [0xEF, 0xBB, 0xBF]) { return .refused(.badEncoding) }
    guard let text = String(validating: content, as: UTF8.self) else {
      return .refused(.badEncoding)
    }
    if Self.holdsReplacement(content) { return .refused(.notStrictJSONSyntax) }
    let trimmed = Self.trimmed(content[...])
    if trimmed.isEmpty { return .refused(.empty) }
    if let label = bare(trimmed) {
      guard acceptsBare, !asksRationale else { return .refused(.notStrictJSONBare) }
      return .label(label, isLenient: false)
    }
    switch trimmed[trimmed.startIndex] {
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: "-"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      return json(Array(trimmed))
    case UInt8(ascii: "`") where trimmed.starts(with: "```".utf8): return fenced(trimmed)
    case UInt8(ascii: "'"), UInt8(ascii: "/"), 0..<0x20, 0x7F:
      return .refused(.notStrictJSONSyntax)
    default:
      let isWord = ["true", "false", "null"].contains { trimmed.elementsEqual($0.utf8) }
      if isWord { return .refused(.schemaType) }
      let isNumber = ["NaN", "Infinity", "undefined"].contains { text.utf8.starts(with: $0.utf8) }
      return .refused(isNumber ? .notStrictJSONSyntax : .notStrictJSONProse)
    }
  }

  private func bare(_ trimmed: ArraySlice<UInt8>) -> String? {
    labels.first { $0.utf8.elementsEqual(trimmed) }
  }

  /// U+FFFD: somebody's decoder has lost something already.
  private static func holdsReplacement(_ content: [UInt8]) -> Bool {
    content.indices.contains { index in
      content[index] == 0xEF && content[index...].starts(with: [0xEF, 0xBF, 0xBD])
    }
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
    var rest = bytes.drop(while: isSpace)
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return rest
  }

  private func fenced(_ trimmed: ArraySlice<UInt8>) -> Reading {
    guard lenientFence, trimmed.count > 6, trimmed.suffix(3).elementsEqual("```".utf8),
      let newline = trimmed.firstIndex(of: 0x0A), newline < trimmed.endIndex - 3
    else { return .refused(.notStrictJSONFence) }
    let language = trimmed[(trimmed.startIndex + 3)..<newline].filter { $0 != 0x0D }
    guard language.isEmpty || language.elementsEqual("json".utf8) else {
      return .refused(.notStrictJSONFence)
    }
    let inner = Self.trimmed(trimmed[newline..<(trimmed.endIndex - 3)])
    guard case .label(let label, _) = json(Array(inner)) else {
      return .refused(.notStrictJSONFence)
    }
    return .label(label, isLenient: true)
  }

  private func json(_ text: [UInt8]) -> Reading {
    do throws(ReplyJSON.Mistake) {
      return object(try ReplyJSON(text).root)
    } catch {
      switch error {
      case .badEncoding: return .refused(.badEncoding)
      case .tooDeep: return .refused(.tooDeep)
      case .trailing: return .refused(.notStrictJSONTrailing)
      case .syntax: return .refused(.notStrictJSONSyntax)
      }
    }
  }

  private func object(_ root: ReplyJSON.Element) -> Reading {
    guard root.kind == .object else { return .refused(.schemaType) }
    var keys: Set<[UInt8]> = []
    var verdict: ReplyJSON.Element?
    var reason: ReplyJSON.Element?
    var hasExtra = false
    for (key, value) in root.members {
      guard let name = key.unescaped else { return .refused(.badEncoding) }
      guard keys.insert(name).inserted else { return .refused(.schemaDuplicateKey) }
      if name.elementsEqual("verdict".utf8) {
        verdict = value
      } else if asksRationale, name.elementsEqual("reason".utf8) {
        reason = value
      } else {
        hasExtra = true
      }
    }
    guard let verdict, !asksRationale || reason != nil else {
      return .refused(.schemaMissingKey)
    }
    if hasExtra { return .refused(.schemaExtraKey) }
    if let reason, let refusal = refusal(ofRationale: reason) { return .refused(refusal) }
    return isBoolean ? boolean(verdict) : label(verdict)
  }

  private func refusal(ofRationale reason: ReplyJSON.Element) -> FallbackReason? {
    guard reason.kind == .string else { return .schemaType }
    guard let text = reason.text else { return .badEncoding }
    return text.unicodeScalars.count <= Self.reasonMax ? nil : .schemaType
  }

  private func boolean(_ verdict: ReplyJSON.Element) -> Reading {
    switch verdict.kind {
    case .yes: .label("true", isLenient: false)
    case .no: .label("false", isLenient: false)
    default: .refused(.schemaType)
    }
  }

  private func label(_ verdict: ReplyJSON.Element) -> Reading {
    guard verdict.kind == .string else { return .refused(.schemaType) }
    guard let bytes = verdict.unescaped else { return .refused(.badEncoding) }
    guard let label = labels.first(where: { $0.utf8.elementsEqual(bytes) }) else {
      return .refused(.schemaUnknownLabel)
    }
    return .label(label, isLenient: false)
  }
}
