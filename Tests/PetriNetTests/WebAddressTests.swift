import PetriNet
import Testing

/// Which texts a configuration takes for the address of an endpoint or a service.
@Suite struct WebAddressTests {
  @Test(arguments: [
    "http://a", "https://a.example/v1", "http://127.0.0.1:8080", "http://[::1]", "http://[::1]:1/x",
    "https://a:65535/", "http://localhost/a%20b",
  ])
  func `a scheme, a host, perhaps a port and a path are an address`(_ text: String) {
    #expect(WebAddress.isOne(text))
  }

  @Test(arguments: [
    "", "a", "http://", "https:///v1", "http:///", "ftp://a", "HTTP://a", "http://a b",
    "http://a?b", "http://a#b", "http://u:p@a", "http://a\\b", "http://a:", "http://a:0",
    "http://a:65536", "http://a:8x", "http://:80", "http://[::1", "http://[::1]x", "http://\u{E9}",
    "https://a\u{301}", "http://a\n",
  ])
  func `anything else is none`(_ text: String) {
    #expect(!WebAddress.isOne(text))
  }
}
