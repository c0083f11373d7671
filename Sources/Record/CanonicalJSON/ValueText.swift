package import CEL
package import PetriNet

/// Values of tokens as canonical text, and back by colour set (LOG §2).
package enum ValueText {
  /// What a value's text refers to.
  package struct Sources {
    /// Plaintext of a sealed payload; nil if its key was shredded.
    package var personal: (SealReference) throws(any Error) -> [UInt8]?
    /// Bytes kept in the blob table, by SHA-256; nil if there are none.
    package var blob: ([UInt8]) throws(any Error) -> [UInt8]?

    package init(
      personal: @escaping (SealReference) throws -> [UInt8]?,
      blob: @escaping ([UInt8]) throws -> [UInt8]?
    ) {
      self.personal = personal
      self.blob = blob
    }

    /// For text that refers to nothing.
    package static var none: Sources { Sources(personal: { _ in nil }, blob: { _ in nil }) }
  }

  /// Text of a value without personal parts, or whose parts are sealed at earlier rows.
  ///
  /// Strings and bytes over 1 KiB are named by digest, as in a row.
  package static func text(of value: Value) throws(EncodingProblem) -> [UInt8] {
    var writer = BodyWriter()
    try writer.value(value)
    return writer.json.bytes
  }

  /// The value that canonical text holds.
  ///
  /// Ranges are not checked: what is logged was admitted. Throws `CanonicalProblem` for text that
  /// is no value of `colour`, and what `sources` throws.
  package static func value(
    of text: [UInt8], in colour: ColourSet, sources: Sources
  ) throws -> Value {
    var json = CanonicalReader(text)
    let value = try ValueTextReader(sources: sources).value(&json, colour)
    try json.end()
    return value
  }
}

/// Reads values at the place of a reader of text.
private struct ValueTextReader {
  let sources: ValueText.Sources

  func value(_ json: inout CanonicalReader, _ colour: ColourSet) throws -> Value {
    switch colour {
    case .unit:
      try json.null()
      return .null
    case .bool: return .bool(try json.bool())
    case .int: return .int(try json.int())
    case .double: return .double(try json.double())
    case .enumeration: return .string(try json.string())
    case .string:
      guard let bytes = try kept(&json) else { return .string(try json.string()) }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw json.problem("a string kept as a blob is not UTF-8")
      }
      return .string(text)
    case .bytes: return .bytes(try kept(&json) ?? (try json.base64()))
    case .timestamp: return .timestamp(try spelled(&json, Timestamp.init(_:), \.description))
    case .duration: return .duration(try spelled(&json, TimeSpan.init(_:), \.description))
    case .blob:
      let digest = try digest(&json)
      guard let bytes = try sources.blob(digest) else { throw json.problem("a blob is missing") }
      return .blob(Blob(digest: digest, size: Int64(bytes.count)))
    case .optional(let wrapped):
      guard json.next == UInt8(ascii: "n") else { return try value(&json, wrapped) }
      try json.null()
      return .null
    case .list(let element, _):
      var values: [Value] = []
      try json.elements { json in values.append(try value(&json, element)) }
      return .list(values)
    case .map(let element): return try map(&json, element)
    case .record(let record): return try self.record(&json, record)
    }
  }

  /// A string that must be the one spelling of what it says.
  private func spelled<Read>(
    _ json: inout CanonicalReader, _ read: (String) -> Read?, _ spelling: (Read) -> String
  ) throws -> Read {
    let text = try json.string()
    guard let value = read(text), spelling(value).utf8.elementsEqual(text.utf8) else {
      throw json.problem("a time or duration is spelled in another way than the log's")
    }
    return value
  }

  private func digest(_ json: inout CanonicalReader) throws -> [UInt8] {
    let digest = try json.object { (json) throws(CanonicalProblem) in
      try json.key("#")
      return try json.base64()
    }
    guard digest.count == 32 else { throw json.problem("a digest has not 32 bytes") }
    return digest
  }

  /// The bytes of a leaf that is kept as a blob; nil if it stands inline.
  private func kept(_ json: inout CanonicalReader) throws -> [UInt8]? {
    guard json.next == UInt8(ascii: "{") else { return nil }
    guard let bytes = try sources.blob(try digest(&json)) else {
      throw json.problem("a blob is missing")
    }
    return bytes
  }

  private func map(_ json: inout CanonicalReader, _ element: ColourSet) throws -> Value {
    var entries: [MapValue.Entry] = []
    try json.pairs { json, name in
      entries.append(MapValue.Entry(.string(name), try value(&json, element)))
    }
    guard let map = MapValue(entries) else { throw json.problem("a map has a key twice") }
    return .map(map)
  }

  private func record(_ json: inout CanonicalReader, _ record: RecordColour) throws -> Value {
    let (fields, seal) = try fields(&json, of: record) { _ in true }
    guard let seal else {
      return .record(Record(type: record.type, fields: try complete(fields, record, json)))
    }
    guard let plaintext = try sources.personal(seal) else {
      let erased = fields.indices.map { index in
        record.fields[index].isPersonal ? Value.erased : fields[index]
      }
      let values = try complete(erased, record, json)
      return .record(Record(type: record.type, fields: values, seal: seal))
    }
    var inner = CanonicalReader(plaintext)
    let sealed = try self.fields(&inner, of: record) { record.fields[$0].isPersonal }.fields
    try inner.end()
    let whole = fields.indices.map { fields[$0] ?? sealed[$0] }
    return .record(
      Record(type: record.type, fields: try complete(whole, record, json), seal: seal))
  }

  /// What stands in an object, by position of the field; nil for what does not. Fields come in the
  /// order of their names, `~` among them.
  private func fields(
    _ json: inout CanonicalReader, of record: RecordColour, where isWanted: (Int) -> Bool
  ) throws -> (fields: [Value?], seal: SealReference?) {
    var values = [Value?](repeating: nil, count: record.fields.count)
    var seal: SealReference?
    try json.anyObject { json in
      for index in record.type.byName where isWanted(index) {
        if seal == nil, !record.fields[index].name.comesBefore("~") { seal = try self.seal(&json) }
        if json.has(named: record.fields[index].name) {
          values[index] = try value(&json, record.fields[index].colour)
        }
      }
      seal = try seal ?? self.seal(&json)
    }
    return (values, seal)
  }

  private func seal(_ json: inout CanonicalReader) throws -> SealReference? {
    guard json.has("~") else { return nil }
    let place = try json.reference()
    return SealReference(seq: place.seq, index: place.index)
  }

  /// Absent optional fields are null; an absent other one is a problem.
  private func complete(
    _ fields: [Value?], _ record: RecordColour, _ json: CanonicalReader
  ) throws -> [Value] {
    try fields.indices.map { index in
      if let value = fields[index] { return value }
      guard case .optional = record.fields[index].colour else {
        throw json.problem("the field \"\(record.fields[index].name)\" is missing")
      }
      return .null
    }
  }
}
