/// How a transfer ended, with what had come until then.
package struct TransferResult: Sendable {
  package struct Header: Sendable, Equatable {
    /// In lower case.
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// nil: a whole reply of any status is here.
  package var failure: TransferFailure?
  /// libcurl's result code; 0 where it saw no error.
  package var curl: Int32 = 0
  /// Of the final response; 0 if none came.
  package var status = 0
  /// Of the final response, in order.
  package var headers: [Header] = []
  package var body: [UInt8] = []
  package var started: MonotonicInstant
  package var firstByte: MonotonicInstant?
  package var ended: MonotonicInstant
  /// Whether a byte of the request may have left this machine.
  package var wasSent = false
  /// Address and port of the other side, `127.0.0.1:443`.
  package var peer: String?

  package init(started: MonotonicInstant, ended: MonotonicInstant) {
    self.started = started
    self.ended = ended
  }

  /// The first header of this name, given in lower case.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }
}

/// Why there is no whole reply.
package enum TransferFailure: String, Error, CaseIterable, Sendable {
  /// A URL, method or header that cannot be sent; nothing was tried.
  case badRequest
  /// The name resolves to no address that the policy allows.
  case addressRefused
  /// No connection: no such name, refused, unreachable, or not in time.
  case connect
  case tls
  /// No byte of the reply in `firstByteMilliseconds`, or none at the deadline.
  case timeoutFirstByte
  /// Slower than the request's `slow`.
  case timeoutSlow
  /// The deadline, with part of the reply here.
  case timeoutTotal
  /// Closed, reset or cut in the middle.
  case connectionLost
  /// Closed after responses of 1xx, before the one that counts.
  case noFinalResponse
  /// The reply's end cannot be told from a cut: no framing, or headers without an end.
  case unframed
  case bodyTooLarge
  case headersTooLarge
  /// Not HTTP, or HTTP that contradicts itself.
  case protocolError
  /// By `TransferHandle.cancel` or the end of the loop.
  case cancelled
}
