import Engine
import Orchestration
import PetriNet

/// `/v1/workflows`.
enum Workflows {
  static func list(_ call: Call) async throws(Problem) -> Answer {
    let page = try Page(call.query, of: "workflows")
    let all = try await call.api.look { engine async throws(SubmissionError) in
      try await engine.workflows()
    }
    let rest = all.filter { view in
      page.after.map { $0.utf8.lexicographicallyPrecedes(view.net.name.text.utf8) } ?? true
    }
    return page.answer(
      Array(rest.prefix(page.limit + 1)), in: call, key: { $0.net.name.text }, node: summary)
  }

  static func one(_ call: Call) async throws(Problem) -> Answer {
    let view = try await current(call)
    let node = whole(view)
    let state = [view.isPaused ? "paused" : ""] + view.pausedTransitions.map(\.text)
    let suffix = APIName.encoded(state.joined(separator: ","))
    let tag = "\(hex(view.hash))-\(view.openCases)\(suffix.isEmpty ? "" : "-\(suffix)")"
    return Preconditions.answer(node, tag: tag, to: call)
  }

  static func version(_ call: Call) async throws(Problem) -> Answer {
    let name = call.workflow
    _ = try await current(call)
    let wanted = call.name("v")
    let versions = try await call.api.look { engine async throws(SubmissionError) in
      try await engine.versions(of: name)
    }
    guard let view = versions.last(where: { hex($0.hash).utf8.elementsEqual(wanted.utf8) }) else {
      throw Problem(.noSuchVersion, "A version is named by the 64 hex digits of its hash.")
    }
    return Preconditions.answer(
      definition(view), tag: hex(view.hash), to: call, isImmutable: true)
  }

  static func marking(_ call: Call) async throws(Problem) -> Answer {
    let name = call.workflow
    let found = try await call.api.look { engine async throws(SubmissionError) in
      try await engine.marking(of: name)
    }
    guard let marking = found else { throw noSuch(name) }
    func counts(_ counts: [MarkingView.Count]) -> JSONText.Node {
      .object(counts.map { .init($0.name, .integer($0.count)) })
    }
    let node = JSONText.Node.object([
      .init("workflow", .string(name.text)), .init("seq", .seq(marking.seq)),
      .init("places", counts(marking.places)), .init("in_flight", counts(marking.inFlight)),
      .init("tasks", counts(marking.tasks)),
    ])
    return Preconditions.answer(node, tag: "\(marking.seq.number)", to: call)
  }

  /// The current version of the path's workflow.
  static func current(_ call: Call) async throws(Problem) -> WorkflowView {
    let name = call.workflow
    let found = try await call.api.look { engine async throws(SubmissionError) in
      try await engine.workflow(name)
    }
    guard let view = found else { throw noSuch(name) }
    return view
  }

  static func noSuch(_ name: WorkflowName) -> Problem {
    Problem(.noSuchWorkflow, "There is no workflow '\(VisibleText.visible(name.text))'.")
  }

  static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".unicodeScalars)
    var text = String.UnicodeScalarView()
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(text)
  }

  private static func summary(_ view: WorkflowView) -> JSONText.Node {
    .object(summaryMembers(view))
  }

  private static func summaryMembers(_ view: WorkflowView) -> [JSONText.Member] {
    [
      .init("name", .string(view.net.name.text)), .init("version", .string(hex(view.hash))),
      .init("open_cases", .integer(view.openCases)), .init("paused", .bool(view.isPaused)),
      .init("paused_transitions", .texts(view.pausedTransitions.map(\.text))),
    ]
  }

  private static func whole(_ view: WorkflowView) -> JSONText.Node {
    .object(summaryMembers(view) + NetJSON.members(of: view.net))
  }

  /// What never changes of a version.
  private static func definition(_ view: WorkflowView) -> JSONText.Node {
    .object(
      [
        .init("name", .string(view.net.name.text)), .init("version", .string(hex(view.hash))),
        .init("event", .seq(view.definition.seq)),
      ] + NetJSON.members(of: view.net))
  }
}
