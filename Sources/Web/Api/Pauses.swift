import Engine
import Orchestration
import PetriNet

/// `:pause` and `:resume` of workflows and transitions: nothing new starts, what is in flight ends.
enum Pauses {
  static func pauseWorkflow(_ call: Call) async throws(Problem) -> Answer {
    try await set(call) { .pause(SetPause(target: .workflow($0), by: call.by, why: $1)) }
  }

  static func resumeWorkflow(_ call: Call) async throws(Problem) -> Answer {
    try await set(call) { .resume(SetPause(target: .workflow($0), by: call.by, why: $1)) }
  }

  static func pauseTransition(_ call: Call) async throws(Problem) -> Answer {
    let transition = TransitionName(call.name("t"))
    return try await set(call, transition) {
      .pause(SetPause(target: .transition($0, transition), by: call.by, why: $1))
    }
  }

  static func resumeTransition(_ call: Call) async throws(Problem) -> Answer {
    let transition = TransitionName(call.name("t"))
    return try await set(call, transition) {
      .resume(SetPause(target: .transition($0, transition), by: call.by, why: $1))
    }
  }

  /// Already so: 200 without an event.
  private static func set(
    _ call: Call, _ transition: TransitionName? = nil,
    _ command: (WorkflowName, String) -> Command
  ) async throws(Problem) -> Answer {
    let body = try call.fields(["reason"])
    let view = try await Workflows.current(call)
    let reason = try body.requiredText("reason")
    if let transition {
      guard view.net.transitions.contains(where: { $0.name == transition }) else {
        throw Problem(
          .noSuchTransition,
          "There is no transition '\(VisibleText.visible(transition.text))'.")
      }
    }
    let reply = try await call.api.submit(command(view.net.name, reason))
    guard case .done(let event) = reply.reply else { throw reply.unexpected("a pause") }
    return .json(.fields([("event", event.map { .seq($0) })]))
  }
}
