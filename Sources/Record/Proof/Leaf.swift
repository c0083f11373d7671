/// The leaves of the log (LOG §1): what chain and tree are made of.
package struct Leaf: Sendable {
  /// The preimage; its memory is used again for the next row.
  private var preimage: [UInt8] = []

  package init() {}

  /// leaf(0) = H("petrel/log/1\n" ‖ origin).
  package static func origin(_ origin: String) -> Hash256 {
    Hash256(hashing: Array("petrel/log/1\n".utf8) + Array(origin.utf8))
  }

  /// leaf(n). `sealed` are the commitments, 32 bytes each; `caseNumber` is 0 in a row without case.
  package mutating func hash(
    shard: Int64, seq: Int64, epoch: Int64, at: Int64, caseNumber: Int64, kind: EventKind,
    version: Int, previous: Hash256, sealed: [UInt8], body: [UInt8]
  ) -> Hash256 {
    preimage.removeAll(keepingCapacity: true)
    preimage.append(0)
    preimage.append(1)
    append(UInt32(truncatingIfNeeded: shard))
    append(UInt64(bitPattern: seq))
    append(UInt32(truncatingIfNeeded: epoch))
    append(UInt64(bitPattern: at))
    append(UInt64(bitPattern: caseNumber))
    append(UInt16(truncatingIfNeeded: version))
    let name = kind.rawValue.utf8
    preimage.append(UInt8(truncatingIfNeeded: name.count))
    preimage.append(contentsOf: name)
    previous.withBytes { preimage.append(contentsOf: $0) }
    append(UInt16(truncatingIfNeeded: sealed.count / 32))
    preimage.append(contentsOf: sealed)
    append(UInt32(truncatingIfNeeded: body.count))
    preimage.append(contentsOf: body)
    return Hash256(hashing: preimage)
  }

  /// leaf(n) of a row as it lies in the store; nil if a number has no room in a leaf.
  package mutating func hash(_ row: RawRow, shard: Int64, previous: Hash256) -> Hash256? {
    guard UInt32(exactly: row.epoch) != nil, UInt16(exactly: row.version) != nil,
      row.caseNumber >= 0, row.kind.count <= 64, row.sealed.count % 32 == 0,
      row.sealed.count <= 65_535 * 32
    else { return nil }
    preimage.removeAll(keepingCapacity: true)
    preimage.append(0)
    preimage.append(1)
    append(UInt32(truncatingIfNeeded: shard))
    append(UInt64(bitPattern: row.seq))
    append(UInt32(truncatingIfNeeded: row.epoch))
    append(UInt64(bitPattern: row.at))
    append(UInt64(bitPattern: row.caseNumber))
    append(UInt16(truncatingIfNeeded: row.version))
    preimage.append(UInt8(truncatingIfNeeded: row.kind.count))
    preimage.append(contentsOf: row.kind)
    previous.withBytes { preimage.append(contentsOf: $0) }
    append(UInt16(truncatingIfNeeded: row.sealed.count / 32))
    preimage.append(contentsOf: row.sealed)
    append(UInt32(truncatingIfNeeded: row.body.count))
    preimage.append(contentsOf: row.body)
    return Hash256(hashing: preimage)
  }

  private mutating func append(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.bigEndian) { preimage.append(contentsOf: $0) }
  }
}
