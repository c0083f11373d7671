/// The addresses that a configuration may hold: `http(s)://host[:port][/path]`.
package enum WebAddress {
  /// Whether a text is one: ASCII without spaces, a host, and neither a user, a query nor a fragment.
  package static func isOne(_ text: String) -> Bool {
    let schemes = ["http://", "https://"].filter { text.utf8.starts(with: $0.utf8) }
    guard let scheme = schemes.first else { return false }
    let rest = text.utf8.dropFirst(scheme.utf8.count)
    guard rest.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"#?@\\".utf8.contains($0) }) else {
      return false
    }
    var host = rest.prefix { $0 != UInt8(ascii: "/") }
    if host.first == UInt8(ascii: "[") {
      guard let close = host.firstIndex(of: UInt8(ascii: "]")) else { return false }
      host = host[host.index(after: close)...]
      return host.isEmpty || isPort(host)
    }
    guard let colon = host.firstIndex(of: UInt8(ascii: ":")) else { return !host.isEmpty }
    return colon != host.startIndex && isPort(host[colon...])
  }

  private static func isPort(_ text: Substring.UTF8View) -> Bool {
    let digits = text.dropFirst()
    return text.first == UInt8(ascii: ":") && digits.allSatisfy { (48...57).contains($0) }
      && (Int(String(Substring(digits))).map { (1...65_535).contains($0) } ?? false)
  }
}
