package import Engine
internal import PetriNet

/// Reads the lines of a snapshot back into the fold, strictly: every key in its place, sections and numbers
/// in their order, one spelling of everything.
///
/// Values stay texts, as after a fold of rows.
package struct SnapshotReader {
  /// What a snapshot says of itself in its first line.
  package struct Meta: Equatable, Sendable {
    /// The last row of its state, and the hash of that row.
    package var seq: Seq
    package var rowHash: Hash256
    package var shard: Int64
  }

  package private(set) var meta: Meta?
  private var restoration: Restoration?
  private var section = 0
  /// The last number of the section.
  private var last = TokenID(Seq(0), 0)

  package init() {}

  /// The state that chunks hold, in order.
  package static func state(
    of chunks: [[UInt8]]
  ) throws(CanonicalProblem) -> (meta: Meta, state: State) {
    var reader = SnapshotReader()
    for chunk in chunks { try reader.take(chunk) }
    return try reader.finish()
  }

  /// Takes the next chunk.
  package mutating func take(_ chunk: [UInt8]) throws(CanonicalProblem) {
    var body = BodyReader(
      json: CanonicalReader(chunk), at: Instant(microseconds: 0), hasCase: true)
    while !body.json.isAtEnd {
      try line(&body)
      try body.json.endLine()
    }
  }

  /// The whole state, when all chunks were taken.
  package consuming func finish() throws(CanonicalProblem) -> (meta: Meta, state: State) {
    guard let meta, let state = restoration?.finish() else {
      throw CanonicalProblem(offset: 0, "the snapshot names things that it does not hold")
    }
    return (meta, state)
  }

  private mutating func line(_ body: inout BodyReader) throws(CanonicalProblem) {
    guard var restoration else { return try head(&body) }
    self.restoration = nil
    defer { self.restoration = restoration }
    var place = (section: section, last: last)
    try body.record { (body) throws(CanonicalProblem) in
      if body.json.has("case") {
        let found = try body.snapshotCase(&restoration)
        try Self.follow(&place, 3, TokenID(found.id.seq, 0), body)
        restoration.add(found)
      } else if body.json.has("firing") {
        let firing = try body.snapshotFiring(&restoration)
        try Self.follow(&place, 4, TokenID(firing.id.seq, 0), body)
        restoration.add(firing)
      } else if body.json.has("shared") {
        let token = try body.record { (body) throws(CanonicalProblem) in
          try body.snapshotToken(&restoration)
        }
        try Self.follow(&place, 1, token.id, body)
        restoration.add(shared: token)
      } else if body.json.has("offer") {
        let offer = try body.snapshotOffer(&restoration)
        try Self.follow(&place, 5, TokenID(offer.id.seq, 0), body)
        restoration.add(offer)
      } else if body.json.has("incident") {
        let incident = try body.snapshotIncident()
        try Self.follow(&place, 6, TokenID(incident.id.seq, 0), body)
        restoration.add(incident)
      } else if body.json.has("shared_aside") {
        let aside = try body.record { (body) throws(CanonicalProblem) in
          try body.snapshotAside(&restoration)
        }
        try Self.follow(&place, 2, nil, body)
        restoration.add(shared: aside)
      } else {
        try Self.follow(&place, 7, nil, body)
        try body.snapshotRest(&restoration)
      }
    }
    (section, last) = place
  }

  /// Sections come in their order, and what is in them by number.
  private static func follow(
    _ place: inout (section: Int, last: TokenID), _ section: Int, _ id: TokenID?,
    _ body: BodyReader
  ) throws(CanonicalProblem) {
    guard section >= place.section else {
      throw body.json.problem("a line stands behind its section")
    }
    if let id {
      guard section > place.section || place.last < id else {
        throw body.json.problem("a line is doubled or out of order")
      }
      place.last = id
    }
    place.section = section
  }

  private mutating func head(_ body: inout BodyReader) throws(CanonicalProblem) {
    try body.record { (body) throws(CanonicalProblem) in
      try body.json.key("meta")
      try body.record { (body) throws(CanonicalProblem) in
        let at = try body.instant("at")
        let epoch = try body.int("epoch")
        guard try body.int("format") == SnapshotEncoding.format else {
          throw body.json.problem("the snapshot is of a format that this version does not know")
        }
        guard let hash = Hash256(try body.hexadecimal("hash")) else {
          throw body.json.problem("a hash has not 32 bytes")
        }
        let incarnation = try body.text("incarnation")
        let key = try body.int("key")
        let seq = try body.seq("seq")
        let shard = try body.int("shard")
        meta = Meta(seq: seq, rowHash: hash, shard: shard)
        var restoration = Restoration(shard: shard)
        restoration.set(
          Restoration.Head(
            seq: seq, at: at, epoch: epoch, incarnation: incarnation, nextKey: key))
        self.restoration = restoration
      }
    }
  }
}
