internal import Crypto
package import PetriNet

/// What a verdict depends on beside its input: the identity of a guard version, one for each prompt
/// and alias (CONFIG §1).
package struct GuardIdentity: Equatable, Sendable {
  /// Canonical JSON.
  package let text: [UInt8]
  /// H("petrel/guard/1" 00 ‖ text), 32 bytes.
  package let hash: [UInt8]

  /// - Parameter endpoints: those of the alias, in order.
  package init(prompt: Prompt, endpoints: [EndpointConfiguration]) {
    let node = JSONText.Node.object([
      .init(
        "alias",
        .list(
          endpoints.map { endpoint in
            .object([
              .init("dialect", .string(endpoint.dialectText)),
              .init("max_tokens", .number(JSONNumber(Int64(endpoint.tokensMax)))),
              .init("model", .string(endpoint.model)),
              .init("parameters", Self.sorted(endpoint.parameters)),
            ])
          })),
      .init("fields", .list(prompt.fields.map(Self.field))),
      .init("labels", .list(prompt.offeredLabels.map(JSONText.Node.string))),
      .init("prompt", .string(String(decoding: prompt.text, as: UTF8.self))),
      .init("rendering", .number(JSONNumber(Int64(PromptRendering.version)))),
      .init("schema", Self.sorted(String(decoding: prompt.schemaJSON, as: UTF8.self))),
    ])
    text = Array(node.text.utf8)
    hash = Array(SHA256.hash(data: Array("petrel/guard/1\0".utf8) + text))
  }

  private static func field(_ field: Prompt.Field) -> JSONText.Node {
    .object([
      .init("cut", .number(JSONNumber(Int64(field.cut)))),
      .init("name", .string(field.name)),
      .init("personal", .bool(field.isPersonal)),
      .init("trusted", .bool(field.isTrusted)),
      .init("type", .string(field.colour.expectationText)),
    ])
  }

  /// With keys in the order of their bytes, at every depth; text that is no JSON is a string.
  private static func sorted(_ text: String) -> JSONText.Node {
    (try? JSONText.parse(text: text)).map(sorted) ?? .string(text)
  }

  private static func sorted(_ node: JSONText.Node) -> JSONText.Node {
    switch node {
    case .list(let items): .list(items.map(sorted))
    case .object(let members):
      .object(
        members.map { .init($0.name, sorted($0.value)) }
          .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    default: node
    }
  }
}

extension EndpointConfiguration {
  /// SHA-256 of all that decides whether its constraint is enforced, in hexadecimal: where it is, what
  /// it speaks, which model it asks and how. Holds no key and no header.
  package var constraintIdentity: String {
    let parts = [url, proxy ?? "", dialectText, model, parameters, "\(tokensMax)"]
    let text = parts.map { "\($0.utf8.count):\($0)" }.joined(separator: ",")
    let digest = SHA256.hash(data: Array("petrel/constraint/1\0".utf8) + Array(text.utf8))
    return String(
      decoding: digest.flatMap { [JSONWriter.hex[Int($0 >> 4)], JSONWriter.hex[Int($0 & 15)]] },
      as: UTF8.self)
  }

  /// The dialect with its version and deviations, where there are any.
  fileprivate var dialectText: String {
    var text = dialect
    if let version { text += "/\(version)" }
    let usual = Deviations()
    guard deviations != usual else { return text }
    let parts = [
      "path=\(deviations.path)", "limit=\(deviations.limitKey)",
      "schema=\(deviations.schema.rawValue)", "system=\(deviations.instructions.rawValue)",
      "bare=\(deviations.answersBare)", "ends=\(deviations.ends.joined(separator: ","))",
    ]
    return text + ";" + parts.joined(separator: ";")
  }
}
