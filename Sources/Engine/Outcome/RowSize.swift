import CEL
import PetriNet

/// What a row will take of LOG §1's limits, told before it is decided: never less than it does.
struct RowSize: Equatable, Sendable {
  /// Of the body: names, numbers and brackets that a row of any kind has.
  private static let frameBytes = 4_096
  /// A reference `"seq.i"` and its comma.
  private static let referenceBytes = 24

  private(set) var bodyBytes = frameBytes
  private(set) var payloads = 0
  /// Of the largest payload's plaintext.
  private(set) var payloadBytes = 0

  func fits(_ limits: Limits) -> Bool {
    bodyBytes <= limits.bodyBytesMax && payloads <= limits.payloadsMax
      && payloadBytes <= limits.payloadBytesMax
  }

  /// A value that the row writes, its personal parts cut out.
  mutating func add(_ value: Value, _ colour: ColourSet) {
    bodyBytes += colour.inlineBytes(value)
    addSealed(value, colour)
  }

  /// A text that stands in the body.
  mutating func add(_ text: String) { bodyBytes += text.textBytes }

  /// Tokens that the row names.
  mutating func add(_ bound: [Bound]) {
    for bound in bound {
      switch bound {
      case .one: bodyBytes += Self.referenceBytes
      case .several(let tokens): bodyBytes += tokens.count * Self.referenceBytes + 3
      }
    }
  }

  /// Tokens that the row names one by one.
  mutating func addReferences(_ count: Int) { bodyBytes += count * Self.referenceBytes }

  /// A token that the row puts, but for its value.
  mutating func add(_ token: MadeToken) {
    bodyBytes += token.place.text.utf8.count + 2 * Self.referenceBytes + 24
    for wait in token.waits { bodyBytes += wait.arc.textBytes + Self.referenceBytes }
  }

  /// A payload for each record that has personal fields of its own, wherever it stands.
  private mutating func addSealed(_ value: Value, _ colour: ColourSet) {
    guard colour.holdsPersonal else { return }
    switch (colour, value) {
    case (.optional(let wrapped), _): addSealed(value, wrapped)
    case (.record(let colour), .record(let record)):
      var isSealed = false
      var bytes = 2
      for index in colour.fields.indices {
        let value = record.fields[index]
        guard colour.fields[index].isPersonal else {
          addSealed(value, colour.fields[index].colour)
          continue
        }
        isSealed = true
        if value != .null { bytes += colour.fields[index].name.utf8.count + 4 + value.textBytes }
      }
      guard isSealed, record.seal == nil else { return }
      payloads += 1
      // No comma stands behind the last field.
      payloadBytes = max(payloadBytes, max(2, bytes - 1))
    case (.list(let element, _), .list(let values)):
      for value in values { addSealed(value, element) }
    case (.map(let element), .map(let map)):
      for entry in map.entries { addSealed(entry.value, element) }
    default: break
    }
  }
}
