internal import Crypto
internal import PetriNet

/// The state of a log at one size, as C2SP tlog-checkpoint has it: what is signed and given out.
package struct Checkpoint: Equatable, Sendable {
  package var origin: String
  /// Number of rows.
  package var size: Int64
  package var root: Hash256

  package init(origin: String, size: Int64, root: Hash256) {
    self.origin = origin
    self.size = size
    self.root = root
  }

  /// Three lines: origin, size, root in base64; no extension lines.
  package var text: String { "\(origin)\n\(size)\n\(Base64.text(root.bytes))\n" }

  /// The signed note: the text, an empty line, the signature line.
  package func note(signedBy key: CheckpointKey) -> String {
    SignedNote(self, signedBy: [key]).text
  }
}

/// The Ed25519 key of a log.
package struct CheckpointKey: Sendable {
  /// The origin of the log that it signs.
  package let name: String
  private let key: Curve25519.Signing.PrivateKey

  /// Nil unless the seed has 32 bytes.
  package init?(name: String, seed: [UInt8]) {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { return nil }
    self.name = name
    self.key = key
  }

  /// H(name ‖ 0A ‖ 01 ‖ public)[0..<4].
  package var id: [UInt8] { Self.id(name: name, publicKey: publicKey) }

  static func id(name: String, publicKey: [UInt8]) -> [UInt8] {
    Array(Hash256(hashing: Array(name.utf8) + [0x0A, 0x01] + publicKey).bytes.prefix(4))
  }

  /// `NAME+ID+BASE64`, with which others verify.
  package var verifier: String {
    "\(name)+\(Hexadecimal.text(id))+\(Base64.text([1] + publicKey))"
  }

  private var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

  func signature(of text: [UInt8]) -> [UInt8] {
    do {
      return Array(try key.signature(for: text))
    } catch {
      preconditionFailure("Ed25519 signs any text: \(error)")
    }
  }
}
