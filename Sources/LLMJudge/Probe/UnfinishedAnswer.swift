internal import PetriNet

/// What a model had written when its answer ended too early, to tell one that was on its way to a
/// label from one that never was: a model that is held to the labels writes nothing else.
struct UnfinishedAnswer {
  /// Without white space outside of strings.
  private let text: [UInt8]

  /// - Parameter content: As the model wrote it, cut anywhere.
  init(_ content: [UInt8]) {
    var content = content[...]
    // Half a character, as a decoder gives it out.
    while content.suffix(3).elementsEqual([0xEF, 0xBF, 0xBD]) { content.removeLast(3) }
    var text: [UInt8] = []
    var isInString = false
    var isEscaped = false
    for byte in content {
      let isSpace = byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
      if isSpace, !isInString { continue }
      text.append(byte)
      if byte == UInt8(ascii: "\""), !isEscaped { isInString.toggle() }
      isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
    }
    self.text = text
  }

  /// Whether some end makes one of the labels of it. An escape is taken for whatever it might spell.
  ///
  /// - Parameter isBare: Whether the label alone is an answer too.
  func mayBecomeLabel(of parser: VerdictParser, isBare: Bool) -> Bool {
    let certain = text.prefix { $0 != UInt8(ascii: "\\") }
    return parser.labels.contains { label in
      let form = parser.isBoolean ? label : JSONText.quoted(label)
      let isBegun = "{\"verdict\":\(form)}".utf8.starts(with: certain)
      return isBegun || isBare && UnfinishedAnswer(Array(label.utf8)).text.starts(with: certain)
    }
  }
}
