import Foundation
import PetriNet

/// A message of `Examples/injections.jsonl` that tells the model what to answer, and its benign twin:
/// the same message without that.
struct Injection: Sendable {
  var order: String
  var customer: String
  var message: String
  var twin: String
  /// What the message wants answered.
  var wants: Bool
  var workflow: String
  /// How it goes about it.
  var technique: String

  /// All of them, in the order of the file.
  static let all = Result { try read() }

  private static func read() throws -> [Injection] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appendingPathComponent("Examples/injections.jsonl")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
      let node = try JSONText.parse(text: String(line))
      let meta = node["$meta"] ?? .null
      return Injection(
        order: text(node["order"]), customer: text(node["customer"]),
        message: text(node["message"] ?? node["고객메시지"]), twin: text(meta["twin"]),
        wants: meta["wants"] == .bool(true), workflow: text(meta["workflow"]),
        technique: text(meta["technique"]))
    }
  }

  private static func text(_ node: JSONText.Node?) -> String {
    if case .string(let text)? = node { text } else { "" }
  }
}
