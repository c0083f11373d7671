internal import PetriNet
internal import Workflows

/// The model that the demo asks in place of its stand-in: `MODEL_URL`, `MODEL_NAME`, `MODEL_KEY`.
struct DemoModel {
  let url: String
  private let name: String
  private let hasKey: Bool

  /// - Returns: nil without `MODEL_URL`.
  /// - Throws: `Failure` if the model has no name, so that a server would refuse every question, or
  ///   its address is none. What stands there is not repeated: it may hold a password.
  static func named(in environment: [String: String]) throws -> DemoModel? {
    guard let url = environment["MODEL_URL"], !url.isEmpty else { return nil }
    guard WebAddress.isOne(url) else {
      throw Failure(
        .wrongCall, "C101", "MODEL_URL is no address of an endpoint",
        help: "MODEL_URL=https://HOST/v1, without a user, a query or a fragment; the key goes into "
          + "MODEL_KEY")
    }
    guard let name = environment["MODEL_NAME"], !name.isEmpty else {
      throw Failure(
        .wrongCall, "C101", "MODEL_URL is set and MODEL_NAME is not",
        help: "MODEL_NAME=… names the model as \(url) knows it; MODEL_KEY=… if it asks for one")
    }
    return DemoModel(url: url, name: name, hasKey: !(environment["MODEL_KEY"] ?? "").isEmpty)
  }

  /// What goes over the project's petrel.yaml. The address was chosen by whoever set it, so one
  /// inside the own network, or without TLS, is as good as any, and so is a model that is held to no
  /// schema.
  var configuration: String {
    let key = hasKey ? ", key: {env: MODEL_KEY}" : ""
    return """
      endpoints:
        real: {url: \(quoted(url)), dialect: openai-chat, model: \(quoted(name)), returns: any, \
      plain: true, private: true, unenforced: "the demo takes any model"\(key)}
      models: {real: real}
      model: real

      """
  }

  private func quoted(_ text: String) -> String { JSONText.Node.string(text).text }
}
