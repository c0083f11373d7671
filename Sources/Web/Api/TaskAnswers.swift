import CEL
import Engine
import Orchestration
import PetriNet

/// `POST /v1/tasks/{t}:answer`.
enum TaskAnswers {
  static let noteScalarsMax = 4_000

  /// `If-Match` is required: who answers must have seen what is answered.
  static func answer(_ call: Call) async throws(Problem) -> Answer {
    let node: JSONText.Node = call.body.isEmpty ? .object([]) : try call.json()
    let body = try Body(node, allowed: ["outcome", "form", "note"])
    let key = try call.requestKey(body: node)
    var command: Command?
    let first = try await call.api.unlessRepeated(key) { () async throws(Problem) in
      command = .answer(try await read(body, call))
    }
    if let first { return try answer(first) }
    guard let command else { throw Problem(.internalError, "an answer was not read") }
    return try answer(try await call.api.submit(command, key: key))
  }

  private static func read(_ body: Body, _ call: Call) async throws(Problem) -> AnswerTask {
    let task = try await Tasks.present(call)
    try Preconditions.require(task.tag, in: call, current: Tasks.node(task, call))
    let name = try body.requiredText("outcome").inFormC
    guard let outcome = task.outcomes.first(where: { $0.name.utf8.elementsEqual(name.utf8) })
    else {
      let names = task.outcomes.map(\.name)
      throw Problem(
        .noSuchOutcome,
        "There is no outcome '\(VisibleText.visible(name))' of '\(task.transition.text)'.",
        errors: [
          .init(
            pointer: "#/outcome", code: ProblemType.noSuchOutcome.code,
            found: "another outcome", expected: "one of \(names.joined(separator: ", "))",
            nearest: Nearest.name(to: name, among: names))
        ])
    }
    let note = try body.text("note")
    if let note, note.unicodeScalars.count > noteScalarsMax || note.utf8.contains(0) {
      throw .member(
        "note", found: "a string of \(note.unicodeScalars.count)",
        expected: "a string of at most \(noteScalarsMax) characters")
    }
    return AnswerTask(
      task: task.id, outcome: outcome.name, form: try form(body["form"], of: outcome),
      note: note, by: call.by)
  }

  private static func form(
    _ node: JSONText.Node?, of outcome: TaskView.Outcome
  ) throws(Problem) -> Value? {
    guard let colour = outcome.form else {
      guard let node, node != .null, node != .object([]) else { return nil }
      throw .member("form", found: "a form", expected: "none: this outcome asks nothing")
    }
    let read = ValueReading.value(of: node ?? .object([]), in: .record(colour))
    guard let value = read.value else { throw .value(read.problems, at: "/form") }
    return value
  }

  private static func answer(_ reply: Submitted) throws(Problem) -> Answer {
    guard case .answered(let firing, let event) = reply.reply else {
      throw reply.unexpected("an answer")
    }
    return .json(
      .object([.init("event", .seq(event)), .init("firing", .id(firing))]),
      headers: reply.replayHeaders)
  }
}
