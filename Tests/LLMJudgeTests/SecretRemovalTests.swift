import Testing

@testable import LLMJudge

/// Keys that an endpoint sends back.
@Suite struct SecretRemovalTests {
  private static let removal: SecretRemoval = {
    var endpoint = EndpointConfiguration(
      name: "e", url: "http://127.0.0.1:1", dialect: "compatible", model: "m")
    endpoint.key = "Tok canary/REV7/x"
    endpoint.secrets = ["canary/REV7/x"]
    return SecretRemoval(endpoint)
  }()

  @Test(arguments: [
    ("bad key Tok canary/REV7/x!", "bad key [secret]!"),
    ("bad key canary/REV7/x", "bad key [secret]"),
    (#"{"e":"canary\/REV7\/x"}"#, #"{"e":"[secret]"}"#),
    (#"{"e":"canary\u002FREV7\u002fx"}"#, #"{"e":"[secret]"}"#),
    (#"{"e":"\u0063anary/REV7/x"}"#, #"{"e":"[secret]"}"#),
    (#"{"e":"canary\/REV8\/x"}"#, #"{"e":"canary\/REV8\/x"}"#),
    ("canary/REV7/", "canary/REV7/"),
  ])
  func `a key is taken out, whole, without its prefix and with JSON's escapes`(
    said: String, kept: String
  ) {
    #expect(Self.removal.removing(from: said) == kept)
  }
}
