internal import Crypto
internal import PetriNet

/// A checkpoint with its signatures, as a C2SP signed note or as one line of a log (LOG §4).
package struct SignedNote: Equatable, Sendable {
  package struct Signature: Equatable, Sendable {
    package var name: String
    /// Key id of 4 bytes, then the signature.
    package var bytes: [UInt8]
  }

  package var checkpoint: Checkpoint
  package var signatures: [Signature]

  package init(_ checkpoint: Checkpoint, signedBy keys: [CheckpointKey]) {
    self.checkpoint = checkpoint
    let text = Array(checkpoint.text.utf8)
    signatures = keys.map { Signature(name: $0.name, bytes: $0.id + $0.signature(of: text)) }
  }

  private init?(_ origin: Substring, _ size: Substring, _ root: Substring) {
    guard let count = Int64(size), count >= 0, String(count) == size,
      let bytes = Base64.bytes(String(root)), let root = Hash256(bytes), !origin.isEmpty
    else { return nil }
    checkpoint = Checkpoint(origin: String(origin), size: count, root: root)
    signatures = []
  }

  /// The note: three lines, an empty one, a line a signature.
  package var text: String {
    let lines = signatures.map { "— \($0.name) \(Base64.text($0.bytes))\n" }
    return "\(checkpoint.text)\n\(lines.joined())"
  }

  /// One line: `checkpoint ORIGIN SIZE ROOT SIGNATURE…`; the name of each signature is the origin.
  package var line: String {
    let words = signatures.map { Base64.text($0.bytes) }
    return
      ([
        "checkpoint", checkpoint.origin, String(checkpoint.size),
        Base64.text(checkpoint.root.bytes),
      ]
      + words).joined(separator: " ")
  }

  /// Every checkpoint that a text holds, as notes or as lines with anything before them; what is
  /// neither is passed over.
  package static func all(in text: String) -> [SignedNote] {
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    var notes: [SignedNote] = []
    for (index, line) in lines.enumerated() {
      if let note = of(line: line) {
        notes.append(note)
      } else if index + 4 < lines.count, lines[index + 3].isEmpty,
        var note = SignedNote(line, lines[index + 1], lines[index + 2])
      {
        for line in lines[(index + 4)...] {
          guard let signature = signature(line) else { break }
          note.signatures.append(signature)
        }
        if !note.signatures.isEmpty { notes.append(note) }
      }
    }
    return notes
  }

  private static func of(line: Substring) -> SignedNote? {
    var words = line.split(separator: " ")[...]
    guard let start = words.firstIndex(of: "checkpoint"), words.endIndex - start > 4 else {
      return nil
    }
    words = words[(start + 1)...]
    let fields = Array(words.prefix(3))
    guard var note = SignedNote(fields[0], fields[1], fields[2]) else { return nil }
    for word in words.dropFirst(3) {
      guard let bytes = Base64.bytes(String(word)), bytes.count == 68 else { break }
      note.signatures.append(Signature(name: String(fields[0]), bytes: bytes))
    }
    return note.signatures.isEmpty ? nil : note
  }

  private static func signature(_ line: Substring) -> Signature? {
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[0] == "—", let bytes = Base64.bytes(String(words[2])),
      bytes.count == 68
    else { return nil }
    return Signature(name: String(words[1]), bytes: bytes)
  }
}

/// What others verify the checkpoints of a log with: `NAME+ID+BASE64` of C2SP signed notes.
package struct VerifierKey: Equatable, Sendable {
  package let text: String
  package let name: String
  private let id: [UInt8]
  private let publicKey: [UInt8]

  /// Nil unless the id is that of the name and the key.
  package init?(_ text: String) {
    let parts = text.split(separator: "+", maxSplits: 2)
    guard parts.count == 3, let id = Hexadecimal.bytes(parts[1].utf8),
      let key = Base64.bytes(String(parts[2])), key.count == 33, key[0] == 1,
      CheckpointKey.id(name: String(parts[0]), publicKey: Array(key.dropFirst())) == id
    else { return nil }
    self.text = text
    name = String(parts[0])
    self.id = id
    publicKey = Array(key.dropFirst())
  }

  /// Whether one of the note's signatures is a good one of this key.
  package func hasSigned(_ note: SignedNote) -> Bool {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else {
      return false
    }
    let text = Array(note.checkpoint.text.utf8)
    return note.signatures.contains { signature in
      signature.name.utf8.elementsEqual(name.utf8) && signature.bytes.starts(with: id)
        && key.isValidSignature(signature.bytes.dropFirst(4), for: text)
    }
  }
}
