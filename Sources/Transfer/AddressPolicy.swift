internal import CCurl
internal import Glibc

/// The kinds of addresses a transfer may connect to. Checked on the resolved address when its
/// socket is opened, so a name that changes its mind gains nothing.
///
/// Link-local, metadata, multicast and unspecified addresses are in no kind: they are never
/// connected to.
package struct AddressPolicy: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// 127.0.0.0/8 and ::1.
  package static let loopback = AddressPolicy(rawValue: 1)
  /// 10/8, 172.16/12, 192.168/16, 100.64/10, fc00::/7, fec0::/10.
  package static let privateNetworks = AddressPolicy(rawValue: 2)
  package static let publicInternet = AddressPolicy(rawValue: 4)

  package static let publicOnly: AddressPolicy = [.publicInternet]

  /// The policy of a URL of the configuration: loopback if it names loopback (and then only that),
  /// else public addresses, and private ones where that was allowed.
  package static func of(url: String, allowsPrivate: Bool) -> AddressPolicy {
    if namesLoopback(url: url) { return .loopback }
    return allowsPrivate ? [.publicInternet, .privateNetworks] : .publicOnly
  }

  /// Whether a URL of the configuration may be used: unencrypted only to loopback, or where that was
  /// allowed.
  package static func permits(url: String, plain: Bool) -> Bool {
    url.utf8.starts(with: "https://".utf8)
      || url.utf8.starts(with: "http://".utf8) && (plain || namesLoopback(url: url))
  }

  /// Whether a URL's host is 127.0.0.0/8, ::1 or localhost.
  package static func namesLoopback(url: String) -> Bool {
    let host = host(of: url)
    if host == Array("localhost".utf8) || host == Array("[::1]".utf8) { return true }
    let parts = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isAddress = parts.allSatisfy { part in
      (1...3).contains(part.count) && part.allSatisfy { (48...57).contains($0) }
    }
    return parts.count == 4 && isAddress && parts[0].elementsEqual("127".utf8)
  }

  /// In lower case, brackets of IPv6 kept.
  private static func host(of url: String) -> [UInt8] {
    var rest = Array(url.utf8).map { (65...90).contains($0) ? $0 + 32 : $0 }[...]
    for scheme in ["https://", "http://"] where rest.starts(with: scheme.utf8) {
      rest = rest.dropFirst(scheme.utf8.count)
    }
    if let end = rest.firstIndex(where: { "/?#\\".utf8.contains($0) }) { rest = rest[..<end] }
    if rest.contains(UInt8(ascii: "@")) { return [] }
    if rest.first == UInt8(ascii: "["), let end = rest.firstIndex(of: UInt8(ascii: "]")) {
      return Array(rest[...end])
    }
    if let colon = rest.firstIndex(of: UInt8(ascii: ":")) { rest = rest[..<colon] }
    return Array(rest)
  }
}

extension AddressPolicy {
  /// Whether the address that libcurl is about to connect to is of an allowed kind.
  func allows(_ address: UnsafePointer<curl_sockaddr>) -> Bool {
    let family = address.pointee.family
    let base = UnsafeRawPointer(address).advanced(
      by: MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0)
    if family == AF_INET {
      let bytes = base.advanced(by: 4)
      return allows(ipv4: (0..<4).map { bytes.load(fromByteOffset: $0, as: UInt8.self) })
    }
    if family == AF_INET6 {
      let bytes = base.advanced(by: 8)
      return allows(ipv6: (0..<16).map { bytes.load(fromByteOffset: $0, as: UInt8.self) })
    }
    return false
  }

  /// - Precondition: four bytes.
  func allows(ipv4: [UInt8]) -> Bool {
    precondition(ipv4.count == 4, "an IPv4 address has four bytes")
    return Self.kind(ipv4: ipv4).map(contains) ?? false
  }

  /// - Precondition: sixteen bytes.
  func allows(ipv6: [UInt8]) -> Bool {
    precondition(ipv6.count == 16, "an IPv6 address has sixteen bytes")
    return Self.kind(ipv6: ipv6).map(contains) ?? false
  }

  private static func kind(ipv4: [UInt8]) -> AddressPolicy? {
    switch (ipv4[0], ipv4[1]) {
    case (127, _): return .loopback
    case (0, _), (169, 254), (224..., _): return nil
    case (100, 100) where ipv4[2] == 100 && ipv4[3] == 200: return nil
    case (168, 63) where ipv4[2] == 129 && ipv4[3] == 16: return nil
    case (10, _), (172, 16...31), (192, 168), (100, 64...127): return .privateNetworks
    default: return .publicInternet
    }
  }

  private static func kind(ipv6: [UInt8]) -> AddressPolicy? {
    if ipv6.prefix(10).allSatisfy({ $0 == 0 }) {
      if ipv6[10] == 0xFF, ipv6[11] == 0xFF { return kind(ipv4: Array(ipv6[12...])) }
      if ipv6[10] == 0, ipv6[11] == 0 {
        let low = Array(ipv6[12...])
        if low == [0, 0, 0, 1] { return .loopback }
        return low == [0, 0, 0, 0] ? nil : kind(ipv4: low)
      }
    }
    if ipv6.starts(with: [0x00, 0x64, 0xFF, 0x9B]) { return kind(ipv4: Array(ipv6[12...])) }
    if ipv6.starts(with: [0x20, 0x02]) { return kind(ipv4: Array(ipv6[2..<6])) }
    if ipv6.starts(with: [0xFD, 0x00, 0x0E, 0xC2]) { return nil }
    switch ipv6[0] {
    case 0xFC, 0xFD: return .privateNetworks
    case 0xFE where ipv6[1] & 0xC0 == 0x80: return nil
    case 0xFE where ipv6[1] & 0xC0 == 0xC0: return .privateNetworks
    case 0xFF: return nil
    default: return .publicInternet
    }
  }
}
