import Testing

@testable import Transfer

@Test(
  arguments: [
    ([8, 8, 8, 8], .publicInternet), ([127, 0, 0, 1], .loopback), ([127, 9, 9, 9], .loopback),
    ([10, 1, 2, 3], .privateNetworks), ([172, 16, 0, 1], .privateNetworks),
    ([172, 31, 255, 255], .privateNetworks), ([172, 32, 0, 1], .publicInternet),
    ([192, 168, 1, 1], .privateNetworks), ([100, 64, 0, 1], .privateNetworks),
    ([169, 254, 169, 254], nil), ([100, 100, 100, 200], nil), ([0, 0, 0, 0], nil),
    ([224, 0, 0, 1], nil), ([255, 255, 255, 255], nil), ([168, 63, 129, 16], nil),
  ] as [([UInt8], AddressPolicy?)])
func `an IPv4 address is of one kind or of none`(_ bytes: [UInt8], _ kind: AddressPolicy?) {
  let kinds: [AddressPolicy] = [.loopback, .privateNetworks, .publicInternet]

  let allowed = kinds.filter { $0.allows(ipv4: bytes) }

  #expect(allowed == (kind.map { [$0] } ?? []))
}

@Test(
  arguments: [
    ("20010db8000000000000000000000001", .publicInternet),
    ("00000000000000000000000000000001", .loopback),
    ("00000000000000000000000000000000", nil), ("fe800000000000000000000000000001", nil),
    ("fd000ec2000000000000000000000254", nil),
    ("fd010000000000000000000000000001", .privateNetworks),
    ("fc000000000000000000000000000001", .privateNetworks),
    ("00000000000000000000ffff7f000001", .loopback), ("00000000000000000000ffffa9fea9fe", nil),
    ("00000000000000000000ffff0a000001", .privateNetworks),
    ("0064ff9b0000000000000000a9fea9fe", nil), ("2002a9fea9fe00000000000000000001", nil),
    ("ff020000000000000000000000000001", nil),
  ] as [(String, AddressPolicy?)])
func `an IPv6 address is of one kind or of none, embedded IPv4 seen through`(
  _ hex: String, _ kind: AddressPolicy?
) {
  let digits = Array(hex)
  let bytes = stride(from: 0, to: 32, by: 2).map { index in
    UInt8(String(digits[index..<(index + 2)]), radix: 16) ?? 0
  }
  let kinds: [AddressPolicy] = [.loopback, .privateNetworks, .publicInternet]

  let allowed = kinds.filter { $0.allows(ipv6: bytes) }

  #expect(allowed == (kind.map { [$0] } ?? []))
}

@Test(arguments: [
  ("http://127.0.0.1:8080/v1", true), ("https://LOCALHOST/x", true), ("http://[::1]:1/", true),
  ("http://127.1.2.3", true), ("http://127.0.0.1.example.com/", false),
  ("http://localhost.example.com", false), ("http://user@127.0.0.1/", false),
  ("http://example.com/127.0.0.1", false), ("http://0127.0.0.1/", false),
])
func `a URL says loopback by its host alone`(_ url: String, _ expected: Bool) {
  #expect(AddressPolicy.namesLoopback(url: url) == expected)
}
