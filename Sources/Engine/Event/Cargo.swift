package import CEL

/// A value on its way through the log.
///
/// Events made by `decide` carry the value itself; events read back carry its canonical text, which
/// `apply` moves without a look inside.
package enum Cargo: Sendable {
  case value(Value)
  /// Canonical JSON (LOG §2), references to personal parts included.
  case text([UInt8])
}

/// Free text that may name persons: sealed in a row with a case, plain in a row without.
package struct SealedText: Equatable, Sendable {
  package var text: String
  /// Where it is sealed; set by `Event.sealed(at:)`, nil in a row without a case.
  package var seal: SealReference?

  package init(_ text: String, seal: SealReference? = nil) {
    self.text = text
    self.seal = seal
  }
}

/// Bytes of a request or reply, always sealed.
package struct SealedBytes: Equatable, Sendable {
  package var bytes: [UInt8]
  package var seal: SealReference?

  package init(_ bytes: [UInt8], seal: SealReference? = nil) {
    self.bytes = bytes
    self.seal = seal
  }
}
