package import Orchestration
package import PetriNet
package import Transfer

/// Performs actions that the configuration binds to services, and `http.request`.
///
/// An attempt is one request; whether there is another one is the engine's to say. An attempt that is
/// cancelled while it waits for its turn is not sent; one that has been sent goes on to its deadline.
///
/// Requests are made and replies read on the loop's thread.
package final class HTTPActionPerformer: ActionPerformer {
  package let names: Set<ActionName>
  private let actions: [ActionName: PreparedAction]
  private let services: [String: ServiceLine]
  private let loop: CurlLoop

  /// - Throws: The first thing that is wrong with the bindings.
  package init(
    configuration: HTTPActionsConfiguration, transfer: CurlLoop
  ) throws(HTTPActionsProblem) {
    var services: [String: ServiceLine] = [:]
    for service in configuration.services {
      try service.check()
      services[service.name] = ServiceLine(service, loop: transfer)
    }
    var actions: [ActionName: PreparedAction] = [:]
    for binding in configuration.actions {
      let name = binding.action.text
      guard services[binding.service] != nil else {
        throw .unknownService(action: name, service: binding.service)
      }
      guard actions[binding.action] == nil else { throw .boundTwice(action: name) }
      actions[binding.action] = try PreparedAction(binding)
    }
    loop = transfer
    self.services = services
    self.actions = actions
    let builtIn = configuration.services.contains(where: \.isOpen) ? [OpenRequest.name] : []
    names = Set(actions.keys).union(builtIn)
  }

  package func perform(_ attempt: ActionAttempt) async -> PerformedAttempt {
    let turn = Turn()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        begin(attempt, turn) { continuation.resume(returning: $0) }
      }
    } onCancel: {
      turn.end(admitted: false)
    }
  }

  package func begin(
    _ attempt: ActionAttempt, ended: @escaping @Sendable (PerformedAttempt) -> Void
  ) -> AttemptInHand {
    let turn = Turn()
    begin(attempt, turn, ended)
    return AttemptInHand { turn.end(admitted: false) }
  }

  private func begin(
    _ attempt: ActionAttempt, _ turn: Turn,
    _ ended: @escaping @Sendable (PerformedAttempt) -> Void
  ) {
    loop.perform { [self] in
      do throws(PreparedAction.Unsendable) {
        try send(attempt, turn, ended)
      } catch {
        ended(
          .failed(
            code: "bad_request", retry: false, happened: .no, error: error.why,
            retryAfterMicroseconds: nil))
      }
    }
  }

  private func send(
    _ attempt: ActionAttempt, _ turn: Turn,
    _ ended: @escaping @Sendable (PerformedAttempt) -> Void
  ) throws(PreparedAction.Unsendable) {
    let deadline = Self.deadline(attempt)
    let returns = attempt.action.returns
    if attempt.action.name == OpenRequest.name {
      let open = try OpenRequest(attempt.argument)
      guard let line = services[open.service], line.configuration.isOpen else {
        throw .init(why: "no open service has this name")
      }
      let request = try open.request(attempt, service: line.configuration, deadline: deadline)
      return line.send(request, turn) { result in
        ended(Self.outcome(result, deadline) { OpenRequest.outcome(of: $0, returns: returns) })
      }
    }
    guard let action = actions[attempt.action.name], let line = services[action.binding.service]
    else { throw .init(why: "nothing is bound to this action") }
    let request = try action.request(attempt, service: line.configuration, deadline: deadline)
    line.send(request, turn) { result in
      ended(Self.outcome(result, deadline) { $0.outcome(of: action, returns: returns) })
    }
  }

  private static func outcome(
    _ result: TransferResult?, _ deadline: MonotonicInstant,
    _ read: (ActionReply) -> PerformedAttempt
  ) -> PerformedAttempt {
    guard let result else { return unsent(deadline) }
    return read(ActionReply(result: result, unixSeconds: WallClock.microseconds() / 1_000_000))
  }

  private static func deadline(_ attempt: ActionAttempt) -> MonotonicInstant {
    let left = attempt.deadline.microseconds - WallClock.microseconds()
    return MonotonicInstant.now().advanced(byMicroseconds: left)
  }

  /// Its turn never came.
  private static func unsent(_ deadline: MonotonicInstant) -> PerformedAttempt {
    .failed(
      code: MonotonicInstant.now() < deadline ? "interrupted" : "timeout", retry: true,
      happened: .no, error: "not sent: other requests to the service were under way",
      retryAfterMicroseconds: nil)
  }
}
