/// One HTTP request with all its limits. What it needs from outside (keys, addresses) is in it:
/// no environment variable, cookie jar or netrc file is read.
package struct TransferRequest: Sendable {
  package struct Header: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }

    /// Whether it can go out as one header: a name of HTTP's, no CR, LF or NUL in the value.
    package var isSendable: Bool {
      HTTPToken.isToken(name) && value.utf8.allSatisfy { $0 != 0x0D && $0 != 0x0A && $0 != 0 }
    }
  }

  /// Ends a reply that has begun but hardly moves.
  package struct SlowLimit: Sendable, Equatable {
    package var bytesPerSecond: Int
    package var forMilliseconds: Int64

    package init(bytesPerSecond: Int, forMilliseconds: Int64) {
      self.bytesPerSecond = bytesPerSecond
      self.forMilliseconds = forMilliseconds
    }
  }

  package var method: String
  package var url: String
  package var headers: [Header]
  package var body: [UInt8]?
  /// The transfer is over then, whatever it has.
  package var deadline: MonotonicInstant
  package var connectMilliseconds: Int64 = 2_000
  /// From the start until the first byte of the reply's headers.
  package var firstByteMilliseconds: Int64?
  package var slow: SlowLimit?
  package var bodyMax: Int = 1 << 20
  package var headerBytesMax: Int = 64 << 10
  package var headersMax: Int = 256
  /// Path of a file of certificates in PEM; nil = the system's.
  package var certificates: String?
  /// URL of a proxy; nil = none.
  package var proxy: String?
  /// Which resolved addresses may be connected to.
  package var addresses: AddressPolicy = .publicOnly

  package init(
    method: String, url: String, headers: [Header] = [], body: [UInt8]? = nil,
    deadline: MonotonicInstant
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.deadline = deadline
  }
}

/// The names of HTTP: methods and headers.
package enum HTTPToken {
  /// Whether `text` is visible ASCII without separators, and not empty.
  package static func isToken(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { isAllowed[Int($0)] }
  }

  private static let isAllowed: [Bool] = (0...255).map { byte in
    byte > 0x20 && byte < 0x7F && !"()<>@,;:\\\"/[]?={}".utf8.contains(UInt8(byte))
  }
}
