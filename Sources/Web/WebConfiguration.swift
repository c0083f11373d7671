/// What the operator says about the listener (CONFIG §1, `listen` and `limits`).
package struct WebConfiguration: Sendable {
  /// Caps on what one request may bring and how many may wait for events.
  package struct Limits: Sendable {
    /// Bytes of a body.
    package var bodyBytes = 1 << 20
    /// Bytes of a message.
    package var messageBytes = 64 << 10
    /// Items of a batch.
    package var batchItems = 1_000
    /// Event streams open at once.
    package var streams = 200
    /// Rows a stream may be behind before it is closed.
    package var streamLag = 1_000
    /// Microseconds between two signs of life of a quiet stream.
    package var beatMicroseconds: Int64 = 15_000_000

    package init() {}
  }

  /// An address of this machine; only loopback may be listened on without a login.
  package var host: String
  /// 0 = any that is free.
  package var port: Int
  /// Names beside the loopback ones that `Host` may carry.
  package var hosts: [String]
  package var limits: Limits
  /// Shown in `hello` and `/health`: `0.3.0`.
  package var version: String

  package init(
    host: String = "127.0.0.1", port: Int = 7875, hosts: [String] = [],
    limits: Limits = Limits(), version: String = "0.0.0"
  ) {
    self.host = host
    self.port = port
    self.hosts = hosts
    self.limits = limits
    self.version = version
  }

  /// Whether `host` is reached from this machine alone. Any other listener needs TLS and a login.
  package var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0].elementsEqual("127".utf8)
      && parts.allSatisfy { UInt8(Substring($0)) != nil }
  }
}
