/// An event as it goes into its row: body and what is cut out of it.
package struct EncodedEvent: Equatable, Sendable {
  /// A part that is sealed instead of standing in the body; its position is its index.
  package struct Payload: Equatable, Sendable {
    package var role: PayloadRole
    package var plaintext: [UInt8]

    package init(role: PayloadRole, plaintext: [UInt8]) {
      self.role = role
      self.plaintext = plaintext
    }
  }

  /// Bytes that the body names by their SHA-256.
  package struct Blob: Equatable, Sendable {
    package var digest: Hash256
    package var bytes: [UInt8]

    package init(digest: Hash256, bytes: [UInt8]) {
      self.digest = digest
      self.bytes = bytes
    }
  }

  package var kind: EventKind
  package var version: Int
  /// Canonical JSON.
  package var body: [UInt8]
  package var payloads: [Payload]
  package var blobs: [Blob]

  package init(
    kind: EventKind, version: Int = EventKind.version, body: [UInt8], payloads: [Payload] = [],
    blobs: [Blob] = []
  ) {
    self.kind = kind
    self.version = version
    self.body = body
    self.payloads = payloads
    self.blobs = blobs
  }
}

/// Why an event cannot become a row. Names what is wrong, never contents.
package enum EncodingProblem: Error, Equatable, Sendable {
  /// A personal field, or a text in a row with a case, without a place to be sealed at.
  case unsealed
  /// The payloads of the row are not numbered 0, 1, 2 …
  case payloadsNotDense
  /// A value that no colour set holds: of CEL only, or erased.
  case notStorable(String)
  /// A limit of LOG §1, and what was found.
  case tooLarge(RowLimit, found: Int)
}

/// The limits of a row (LOG §1).
package enum RowLimit: String, Sendable {
  case bodyBytes, payloads, payloadBytes, seq

  package var most: Int {
    switch self {
    case .bodyBytes: 64 * 1024
    case .payloads: 65_535
    case .payloadBytes: 1024 * 1024
    case .seq: 1 << 47 - 1
    }
  }
}
