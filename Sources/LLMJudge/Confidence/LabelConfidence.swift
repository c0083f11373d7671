/// How sure a model was of its label, told by the probabilities of its answer's tokens.
struct LabelConfidence: Equatable, Sendable {
  /// Of the label among the labels that were allowed, 0 to 1.
  var confidence: Double
  /// Probability of what no label begins with, where the labels part.
  var offSchema: Double
}

/// Computes it at the token positions where the labels part (VERDICTS §2): the tokens that might
/// have stood there are grouped by the labels they still allow, and the rest is kept apart. Where
/// several positions are needed to tell the labels apart, their shares multiply.
///
/// A token that would leave the chosen label open together with others, and was not the one
/// written, counts against the label: what would have followed it nobody knows.
struct ConfidenceReader: Sendable {
  /// In the order offered.
  let labels: [String]
  let isBoolean: Bool

  /// nil if the tokens do not spell the content, or the labels part at none of them.
  ///
  /// - Parameters:
  ///   - label: What the content was read as.
  ///   - content: The model's whole text.
  func confidence(
    of label: String, in content: [UInt8], tokens: [AnswerToken]
  ) -> LabelConfidence? {
    guard let place = place(of: label, in: content),
      let own = labels.firstIndex(where: { $0.utf8.elementsEqual(label.utf8) })
    else { return nil }
    let forms = labels.map { place.isBare ? Array($0.utf8) : spelled($0) }
    guard content[place.start...].starts(with: forms[own]) else { return nil }
    var split = Split(own: own, remaining: Array(labels.indices))
    var offset = 0
    for token in tokens {
      let end = offset + token.chosen.bytes.count
      guard end <= content.count, content[offset..<end].elementsEqual(token.chosen.bytes) else {
        return nil
      }
      if end > place.space, split.remaining.count > 1 {
        let lead = content[min(offset, place.start)..<place.start].filter { !Self.isSpace($0) }
        let tails = split.remaining.map { index in
          Tail(
            bytes: lead + forms[index].dropFirst(max(0, offset - place.start)),
            spaced: offset > place.start ? 0 : lead.count + (place.isText ? 0 : 1))
        }
        split.take(token, tails: tails)
      }
      offset = end
      if split.remaining.count < 2 { break }
    }
    guard split.remaining == [own], let offSchema = split.offSchema else { return nil }
    return LabelConfidence(confidence: min(max(0, split.settled), 1), offSchema: offSchema)
  }

  private func spelled(_ label: String) -> [UInt8] {
    if isBoolean { return Array(label.utf8) }
    var json = JSONWriter()
    json.string(label)
    return Array(json.bytes.dropFirst())
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  private struct Place {
    /// Where the label's own bytes begin.
    let start: Int
    /// Where the white space before it begins, or before its quotation mark.
    let space: Int
    let isBare: Bool
    /// Whether a quotation mark stands before it: white space behind that is part of the text.
    let isText: Bool

    init(_ start: Int, in content: [UInt8], isBare: Bool, isText: Bool) {
      self.start = start
      let value = isText ? start - 1 : start
      space = content[..<value].lastIndex { !ConfidenceReader.isSpace($0) }.map { $0 + 1 } ?? 0
      self.isBare = isBare
      self.isText = isText
    }
  }

  private func place(of label: String, in content: [UInt8]) -> Place? {
    if let root = try? ReplyJSON(content).root, root.kind == .object {
      guard let value = root["verdict"] else { return nil }
      let start = value.source.startIndex
      let isText = value.kind == .string
      return Place(isText ? start + 1 : start, in: content, isBare: false, isText: isText)
    }
    let start = content.firstIndex { !Self.isSpace($0) } ?? content.endIndex
    guard content[start...].starts(with: label.utf8) else { return nil }
    return Place(start, in: content, isBare: true, isText: false)
  }
}

/// What is still to be written of a label.
private struct Tail {
  let bytes: [UInt8]
  /// Before how many of the bytes white space may stand without a meaning.
  let spaced: Int

  /// Whether a token that holds `choice` can be followed to this label, or past it.
  func allows(_ choice: [UInt8]) -> Bool {
    var position = 0
    for byte in choice {
      if position == bytes.count { return true }
      if byte == bytes[position] {
        position += 1
      } else if position >= spaced || ![0x20, 0x0A, 0x0D, 0x09].contains(byte) {
        return false
      }
    }
    return true
  }
}

/// What is settled about the label after some tokens.
private struct Split {
  let own: Int
  /// Labels that the written tokens still allow.
  var remaining: [Int]
  /// Share of the probability that is sure to lead to the label.
  var settled = 0.0
  /// Share of the probability of the written tokens.
  var weight = 1.0
  var offSchema: Double?

  init(own: Int, remaining: [Int]) {
    self.own = own
    self.remaining = remaining
  }

  /// - Parameter tails: of the remaining labels, what is still to be written of each.
  mutating func take(_ token: AnswerToken, tails: [Tail]) {
    let after = allowed(token.chosen.bytes, tails)
    guard after.contains(own) else { return }
    let others = token.alternatives.filter { $0.bytes != token.chosen.bytes }
    let parts = ([token.chosen] + others).contains { choice in
      (1..<remaining.count).contains(allowed(choice.bytes, tails).count)
    }
    guard parts else { return }
    var total = 0.0
    var mine = 0.0
    var allowedMass = 0.0
    for (number, choice) in ([token.chosen] + others).enumerated() {
      let labels = allowed(choice.bytes, tails)
      if labels.isEmpty { continue }
      allowedMass += choice.probability
      if labels.count == remaining.count, number > 0 { continue }
      total += choice.probability
      if labels == [own] { mine += choice.probability }
    }
    if offSchema == nil { offSchema = max(0, 1 - allowedMass) }
    settled += total > 0 ? weight * mine / total : 0
    weight *= total > 0 ? token.chosen.probability / total : 0
    remaining = after
  }

  private func allowed(_ bytes: [UInt8], _ tails: [Tail]) -> [Int] {
    guard !bytes.isEmpty else { return [] }
    return zip(remaining, tails).compactMap { index, tail in tail.allows(bytes) ? index : nil }
  }
}
