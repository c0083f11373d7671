internal import Crypto
package import Orchestration

/// Payloads sealed and opened (LOG §3): deterministic given key and place.
package enum Sealing {
  /// As is; 1 is kept for deflate.
  private static let codec: UInt8 = 0

  package struct Sealed: Equatable, Sendable {
    /// Stands in the row.
    package var commitment: Hash256
    /// Ciphertext ‖ tag.
    package var box: [UInt8]
  }

  package static func seal(
    _ plaintext: [UInt8], under key: DataKey, shard: Int64, seq: Int64, index: Int32
  ) -> Sealed {
    let preimage = preimage(plaintext, key, shard, seq, index)
    let commitment = Hash256(hashing: preimage)
    let bytes = commitment.bytes
    do {
      // Codec and plaintext stand at the preimage's end.
      let box = try AES.GCM.seal(
        preimage[(1 + 32)...], using: key.encryption,
        nonce: AES.GCM.Nonce(data: bytes[..<12]), authenticating: bytes)
      // Nonce ‖ ciphertext ‖ tag.
      guard let parts = box.combined else { preconditionFailure("the nonce has 12 bytes") }
      return Sealed(commitment: commitment, box: Array(parts.dropFirst(12)))
    } catch {
      preconditionFailure("AES-GCM takes a nonce of 12 bytes and a key of 32: \(error)")
    }
  }

  /// - Throws: `unreadable` if the box does not open to its commitment.
  package static func open(
    _ box: [UInt8], commitment: Hash256, under key: DataKey, shard: Int64, seq: Int64, index: Int32
  ) throws(StoreError) -> [UInt8] {
    let bytes = commitment.bytes
    guard box.count > 16,
      let sealed = try? AES.GCM.SealedBox(
        nonce: AES.GCM.Nonce(data: bytes[..<12]), ciphertext: box.dropLast(16),
        tag: box.suffix(16)),
      let data = try? AES.GCM.open(sealed, using: key.encryption, authenticating: bytes),
      data.first == codec
    else { throw unopened(seq, index) }
    let plaintext = Array(data.dropFirst())
    guard Hash256(hashing: preimage(plaintext, key, shard, seq, index)) == commitment else {
      throw unopened(seq, index)
    }
    return plaintext
  }

  /// The salt with which a payload can be disclosed alone.
  package static func salt(
    under key: DataKey, shard: Int64, seq: Int64, index: Int32
  ) -> [UInt8] { saltCode(key, shard, seq, index).bytes }

  private static let saltName = Array("petrel/salt/1\0".utf8)

  private static func saltCode(
    _ key: DataKey, _ shard: Int64, _ seq: Int64, _ index: Int32
  ) -> Hash256 {
    let name = saltName.count
    return withUnsafeTemporaryAllocation(byteCount: name + 4 + 8 + 2, alignment: 1) { message in
      message.copyBytes(from: saltName)
      message.storeBytes(
        of: UInt32(truncatingIfNeeded: shard).bigEndian, toByteOffset: name, as: UInt32.self)
      message.storeBytes(of: seq.bigEndian, toByteOffset: name + 4, as: Int64.self)
      message.storeBytes(
        of: UInt16(truncatingIfNeeded: index).bigEndian, toByteOffset: name + 12, as: UInt16.self)
      return key.code(for: UnsafeRawBufferPointer(message))
    }
  }

  /// 02 ‖ salt ‖ codec ‖ plaintext, whose hash is the commitment.
  private static func preimage(
    _ plaintext: [UInt8], _ key: DataKey, _ shard: Int64, _ seq: Int64, _ index: Int32
  ) -> [UInt8] {
    var preimage: [UInt8] = []
    preimage.reserveCapacity(plaintext.count + 34)
    preimage.append(2)
    saltCode(key, shard, seq, index).withBytes { preimage.append(contentsOf: $0) }
    preimage.append(codec)
    preimage.append(contentsOf: plaintext)
    return preimage
  }

  private static func unopened(_ seq: Int64, _ index: Int32) -> StoreError {
    StoreError(
      .unreadable, code: "S106", "the payload \(seq).\(index) does not open to its commitment")
  }
}
