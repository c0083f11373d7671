/// Which names a request may call this service by. Loopback is no lock: a page the operator visits
/// can reach it by DNS rebinding, and then the name in `Host` is the page's.
struct HostGuard: Sendable {
  /// Further names, with or without a port; one without fits any port.
  let names: [String]

  /// Whether a request to the port `port` may name `authority`.
  func admits(_ authority: String?, port: Int) -> Bool {
    guard let authority = authority.map(Self.lowered), !authority.isEmpty else { return false }
    for name in ["127.0.0.1", "localhost", "[::1]"] {
      if authority == "\(name):\(port)" || (port == 80 && authority == name) { return true }
    }
    return names.contains { name in
      let name = Self.lowered(name)
      return authority == name || Self.withoutPort(authority) == name
    }
  }

  /// ASCII lower case; names of hosts are ASCII, and no other letter equals one of theirs.
  private static func lowered(_ text: String) -> [UInt8] {
    text.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }
  }

  private static func withoutPort(_ authority: [UInt8]) -> [UInt8] {
    guard let colon = authority.lastIndex(of: UInt8(ascii: ":")),
      authority[(colon + 1)...].allSatisfy({ (48...57).contains($0) })
    else { return authority }
    return Array(authority[..<colon])
  }
}

extension [UInt8] {
  fileprivate static func == (left: [UInt8], right: String) -> Bool {
    left.elementsEqual(right.utf8)
  }
}
