internal import CEL
internal import Engine

/// Writes the body of one row and collects what is cut out of it.
///
/// Used again and again, so that the buffers keep their memory. Keys are given in the order of
/// their bytes. The functions write one key with its value; optional ones are left out when nil.
struct BodyWriter: Sendable {
  var json = CanonicalWriter()
  var parts: [Part] = []
  var blobs: [EncodedEvent.Blob] = []
  /// The row being written: what is sealed at it is introduced by it.
  private var row: Int64 = 0
  private var hasCase = false

  struct Part: Sendable {
    var index: Int32
    var payload: EncodedEvent.Payload
  }

  mutating func begin(row: Seq, hasCase: Bool) {
    json.reset()
    parts.removeAll(keepingCapacity: true)
    blobs.removeAll(keepingCapacity: true)
    self.row = row.number
    self.hasCase = hasCase
  }

  /// Puts the parts in order and checks that their numbers are 0, 1, 2 …
  mutating func sortParts() throws(EncodingProblem) {
    if parts.count > 1 { parts.sort { $0.index < $1.index } }
    for (position, part) in parts.enumerated() where Int(part.index) != position {
      throw .payloadsNotDense
    }
  }

  mutating func text(_ key: StaticString, _ value: String?) {
    guard let value else { return }
    json.key(key)
    json.string(value)
  }

  mutating func int(_ key: StaticString, _ value: Int64?) {
    guard let value else { return }
    json.key(key)
    json.int(value)
  }

  mutating func double(_ key: StaticString, _ value: Double?) {
    guard let value else { return }
    json.key(key)
    json.double(value)
  }

  /// Only true is written.
  mutating func flag(_ key: StaticString, _ value: Bool) {
    guard value else { return }
    json.key(key)
    json.bool(true)
  }

  mutating func seq(_ key: StaticString, _ value: Seq?) { int(key, value?.number) }
  mutating func instant(_ key: StaticString, _ value: Instant?) { int(key, value?.microseconds) }

  mutating func hexadecimal(_ key: StaticString, _ value: [UInt8]) {
    json.key(key)
    json.hexadecimal(value)
  }

  mutating func request(_ value: RequestIdentity?) {
    guard let value else { return }
    json.key("request")
    json.base64(value.bytes)
  }

  mutating func cargo(_ key: StaticString, _ value: Cargo?) throws(EncodingProblem) {
    guard let value else { return }
    json.key(key)
    switch value {
    case .text(let text): json.raw(text)
    case .value(let value): try self.value(value)
    }
  }

  /// Free text: sealed in a row with a case, plain in a row without.
  mutating func free(_ key: StaticString, _ text: SealedText?) throws(EncodingProblem) {
    guard let text else { return }
    json.key(key)
    guard hasCase else {
      json.string(text.text)
      return
    }
    guard let seal = text.seal else { throw .unsealed }
    if isIntroducedHere(seal) { introduce(seal, .text, Array(text.text.utf8)) }
    json.beginObject()
    json.key("~")
    json.reference(seal.seq, seal.index)
    json.endObject()
  }

  /// Wire bytes: always sealed, a reference in the body.
  mutating func wire(
    _ key: StaticString, _ bytes: SealedBytes?, _ role: PayloadRole
  ) throws(EncodingProblem) {
    guard let bytes else { return }
    guard let seal = bytes.seal else { throw .unsealed }
    if isIntroducedHere(seal) { introduce(seal, role, bytes.bytes) }
    json.key(key)
    json.reference(seal.seq, seal.index)
  }

  mutating func introduce(_ seal: SealReference, _ role: PayloadRole, _ plaintext: [UInt8]) {
    parts.append(
      Part(index: seal.index, payload: EncodedEvent.Payload(role: role, plaintext: plaintext)))
  }

  /// Whether this row is where the payload is first written, and has not written it yet.
  func isIntroducedHere(_ seal: SealReference) -> Bool {
    seal.seq == row && !parts.contains { $0.index == seal.index }
  }
}

extension BodyWriter {
  mutating func tokens(_ tokens: [MadeToken]?) throws(EncodingProblem) {
    guard let tokens else { return }
    json.key("tokens")
    json.beginList()
    for token in tokens {
      json.beginObject()
      json.key("place")
      json.string(token.place.text)
      instant("ready", token.ready)
      switch token.content {
      case .unit: break
      case .same(let id):
        json.key("same")
        json.reference(id.seq.number, id.index)
      case .value(let value): try cargo("value", value)
      }
      if !token.waits.isEmpty { waits(token.waits) }
      json.endObject()
    }
    json.endList()
  }

  mutating func waits(_ waits: [ArcWait]) {
    map("waits", waits, by: \.arc) { json, wait in json.int(wait.ready.microseconds) }
  }

  /// An object whose keys are data: sorted here.
  mutating func map<Element>(
    _ key: StaticString, _ elements: [Element]?, by name: (Element) -> String,
    _ write: (inout CanonicalWriter, Element) -> Void
  ) {
    guard let elements else { return }
    let entries = elements.map { (name: name($0), element: $0) }
      .sorted { $0.name.comesBefore($1.name) }
    json.key(key)
    json.beginObject()
    for entry in entries {
      json.key(named: entry.name)
      write(&json, entry.element)
    }
    json.endObject()
  }

  mutating func ids(_ key: StaticString, _ ids: [TokenID]?) {
    guard let ids else { return }
    json.key(key)
    list(of: ids)
  }

  private mutating func list(of ids: [TokenID]) {
    json.beginList()
    for id in ids { json.reference(id.seq.number, id.index) }
    json.endList()
  }

  mutating func bound(_ key: StaticString, _ bound: [BoundTokens]?) {
    guard let bound else { return }
    json.key(key)
    json.beginList()
    for tokens in bound {
      switch tokens {
      case .one(let id): json.reference(id.seq.number, id.index)
      case .several(let ids): list(of: ids)
      }
    }
    json.endList()
  }

  mutating func aborted(_ aborted: [AbortedFiring]?) {
    guard let aborted else { return }
    json.key("aborted")
    json.beginList()
    for firing in aborted {
      json.beginObject()
      seq("firing", firing.firing.seq)
      ids("lost", firing.lost)
      json.endObject()
    }
    json.endList()
  }
}
