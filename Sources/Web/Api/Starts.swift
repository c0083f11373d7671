import CEL
import Engine
import Orchestration
import PetriNet

/// `POST /v1/workflows/{w}/cases` and `cases:batch`.
enum Starts {
  static func start(_ call: Call) async throws(Problem) -> Answer {
    let node: JSONText.Node = call.body.isEmpty ? .null : try call.json()
    let key = try call.requiredRequestKey(body: node)
    let view = try await Workflows.current(call)
    let command = try command(
      node, at: "", place: call.query.name("start"), net: view.net, by: call.by)
    let reply = try await call.api.submit(command, key: key)
    return try answer(reply, workflow: view.net.name)
  }

  /// Answers 200 with a result for each item, in order: one commit, and a refused item stops no
  /// other.
  static func batch(_ call: Call) async throws(Problem) -> Answer {
    let items = try BatchItems(call)
    let view = try await Workflows.current(call)
    return try await items.answer(call) { item, pointer throws(Problem) in
      let body = try Body(item, at: pointer, allowed: ["key", "value", "start"])
      guard let key = try body.text("key") else {
        throw Problem(.missingIdempotencyKey, "Each item has a 'key' of its own.")
      }
      let command = try command(
        body["value"] ?? .null, at: "\(pointer)/value",
        place: try body.text("start").map(\.inFormC), net: view.net, by: call.by)
      return Submission(command, key: try call.requestKey(key, body: item))
    } success: { reply throws(Problem) in
      try members(reply, workflow: view.net.name)
    }
  }

  private static func command(
    _ node: JSONText.Node, at pointer: String, place: String?, net: Net, by: Subject
  ) throws(Problem) -> Command {
    let starts = net.places.filter { $0.kind == .start }.map(\.title)
    guard let colour = net.caseRules.input, !starts.isEmpty else {
      throw Problem(.noSuchPlace, "The workflow '\(net.name.text)' has no start place.")
    }
    if let place {
      guard starts.contains(where: { $0.utf8.elementsEqual(place.utf8) }) else {
        throw Problem(
          .noSuchPlace,
          "There is no start place '\(VisibleText.visible(place))': "
            + "\(starts.joined(separator: ", ")).")
      }
    } else if starts.count > 1 {
      throw .parameter("start", expected: "one of \(starts.joined(separator: ", "))")
    }
    let read = ValueReading.value(of: node, in: colour)
    guard let value = read.value else { throw .value(read.problems, at: pointer) }
    return .start(
      StartCase(workflow: net.name, place: place ?? starts[0], value: value, by: by))
  }

  private static func answer(
    _ reply: Submitted, workflow: WorkflowName
  ) throws(Problem) -> Answer {
    let (status, members) = try members(reply, workflow: workflow)
    guard case .started(let id, _, _) = reply.reply else { return .json(.object(members)) }
    return .json(
      .object(members), status: status,
      headers: [(.location, "/v1/cases/\(APIName.text(id))")] + reply.replayHeaders)
  }

  private static func members(
    _ reply: Submitted, workflow: WorkflowName
  ) throws(Problem) -> (status: Int, [JSONText.Member]) {
    guard case .started(let id, let event, let joined) = reply.reply else {
      throw reply.unexpected("a start")
    }
    return (
      joined ? 200 : 201,
      [
        .init("case", .id(id)), .init("event", .seq(event)),
        .init("workflow", .string(workflow.text)), .init("joined", .bool(joined)),
      ]
    )
  }
}

/// The items of a batch, each answered by itself.
struct BatchItems {
  private let nodes: [JSONText.Node]

  /// - Throws: `body-too-large` for more items than a batch may have.
  init(_ call: Call) throws(Problem) {
    nodes = try call.fields(["items"]).list("items")
    let max = call.api.configuration.limits.batchItems
    guard nodes.count <= max else {
      throw Problem(.bodyTooLarge, "A batch has at most \(max) items, this one \(nodes.count).")
    }
  }

  /// - Parameters:
  ///   - command: what an item asks for; a problem is that item's answer.
  ///   - success: status and members of an item that was taken.
  func answer(
    _ call: Call,
    command: (JSONText.Node, _ pointer: String) throws(Problem) -> Submission,
    success: (Submitted) throws(Problem) -> (status: Int, [JSONText.Member])
  ) async throws(Problem) -> Answer {
    var results: [JSONText.Node] = Array(repeating: .null, count: nodes.count)
    var commands: [Submission] = []
    var positions: [Int] = []
    for (index, node) in nodes.enumerated() {
      do {
        commands.append(try command(node, "/items/\(index)"))
        positions.append(index)
      } catch {
        results[index] = Self.failed(error)
      }
    }
    for (index, result) in zip(positions, await call.api.submit(commands)) {
      switch result {
      case .success(let reply):
        let (status, members) = try success(reply)
        results[index] = .object(
          [.init("status", .integer(status))] + members
            + (reply.isReplay ? [.init("replayed", .bool(true))] : []))
      case .failure(let problem): results[index] = Self.failed(problem)
      }
    }
    return .json(.object([.init("items", .list(results))]))
  }

  private static func failed(_ problem: Problem) -> JSONText.Node {
    .object([
      .init("status", .integer(problem.type.status)), .init("problem", problem.item),
    ])
  }
}
