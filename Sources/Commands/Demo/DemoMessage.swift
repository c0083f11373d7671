internal import Foundation
internal import PetriNet

/// A message of `Examples/messages.jsonl`: the start value of a case, and what is known of it.
struct DemoMessage: Sendable {
  var workflow: String
  var order: String
  var kind: String
  /// What a careful person would answer.
  var label: Bool
  /// The body of the start.
  var value: JSONText.Node

  static func read(_ path: String) throws -> [DemoMessage] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw Failure(
        .noSuchFile, "F131", "there is no file '\(path)'",
        help: "run `make demo` in the folder of the project")
    }
    return try text.split(separator: "\n").map { line in
      let node = try JSONText.parse(text: String(line))
      guard case .object(let members) = node, let meta = node["$meta"],
        let workflow = meta.text("workflow"), let order = node.text("order"),
        let kind = meta.text("kind"), case .bool(let label)? = meta["label"]
      else { throw Failure(.badFile, "F501", "a line of \(path) is no message") }
      let value = JSONText.Node.object(members.filter { !$0.name.hasPrefix("$") })
      return DemoMessage(
        workflow: workflow, order: order, kind: kind, label: label, value: value)
    }
  }
}
