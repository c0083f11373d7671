internal import CEL

extension BodyWriter {
  /// Strings and bytes from so many bytes on are kept as blobs, unless they are personal.
  static let blobBytesMin = 1025

  /// A value in canonical form, its personal fields cut out.
  mutating func value(_ value: Value, isSealed: Bool = false) throws(EncodingProblem) {
    switch value {
    case .null: json.null()
    case .bool(let bool): json.bool(bool)
    case .int(let int): json.int(int)
    case .uint(let uint): json.raw(Array(String(uint).utf8))
    case .double(let double): json.double(double)
    case .string(let string):
      if !isSealed && string.utf8.count >= Self.blobBytesMin {
        keep(Array(string.utf8))
      } else {
        json.string(string)
      }
    case .bytes(let bytes):
      if !isSealed && bytes.count >= Self.blobBytesMin { keep(bytes) } else { json.base64(bytes) }
    case .timestamp(let timestamp): json.string(timestamp.description)
    case .duration(let span): json.string(span.description)
    case .blob(let blob): digest(blob.digest)
    case .list(let list):
      json.beginList()
      for element in list { try self.value(element, isSealed: isSealed) }
      json.endList()
    case .map(let map): try self.map(map, isSealed: isSealed)
    case .record(let record): try self.record(record, isSealed: isSealed)
    case .type: throw .notStorable("type")
    case .optional: throw .notStorable("optional")
    case .erased: throw .notStorable("erased")
    }
  }

  private mutating func keep(_ bytes: [UInt8]) {
    let hash = Hash256(hashing: bytes)
    blobs.append(EncodedEvent.Blob(digest: hash, bytes: bytes))
    digest(hash.bytes)
  }

  private mutating func digest(_ digest: [UInt8]) {
    json.beginObject()
    json.key("#")
    json.base64(digest)
    json.endObject()
  }

  private mutating func map(_ map: MapValue, isSealed: Bool) throws(EncodingProblem) {
    json.beginObject()
    for entry in map.entries {
      guard case .string(let name) = entry.key else { throw .notStorable("map") }
      json.key(named: name)
      try value(entry.value, isSealed: isSealed)
    }
    json.endObject()
  }

  /// A record with a seal is cut out wherever it stands. One without stands whole, which is right
  /// inside a payload, and outside only if it has nothing personal to say.
  private mutating func record(_ record: Record, isSealed: Bool) throws(EncodingProblem) {
    let fields = record.type.fields
    // A seal on a type without marks would leave what it seals in the clear.
    if record.seal != nil && !fields.contains(where: \.isPersonal) { throw .unsealed }
    json.beginObject()
    var pending = record.seal
    for index in record.type.byName {
      if let seal = pending, !fields[index].name.comesBefore("~") {
        try reference(seal, record)
        pending = nil
      }
      if fields[index].isPersonal && record.seal != nil { continue }
      let value = record.fields[index]
      if value == .null, fields[index].type != .null { continue }
      if fields[index].isPersonal && !isSealed { throw .unsealed }
      json.key(named: fields[index].name)
      try self.value(value, isSealed: isSealed)
    }
    if let seal = pending { try reference(seal, record) }
    json.endObject()
  }

  /// `"~":"seq.i"`, and the payload if this row introduces it.
  private mutating func reference(_ seal: SealReference, _ record: Record) throws(EncodingProblem) {
    if isIntroducedHere(seal) {
      let place = parts.count
      introduce(seal, .value, [])
      let mark = json.beginApart()
      json.beginObject()
      for index in record.type.byName where record.type.fields[index].isPersonal {
        let value = record.fields[index]
        if value == .null, record.type.fields[index].type != .null { continue }
        json.key(named: record.type.fields[index].name)
        try self.value(value, isSealed: true)
      }
      json.endObject()
      parts[place].payload.plaintext = json.endApart(mark)
    }
    json.key("~")
    json.reference(seal.seq, seal.index)
  }
}
