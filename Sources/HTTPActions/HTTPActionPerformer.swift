package import Orchestration
package import PetriNet
package import Transfer

/// Performs actions that the configuration binds to services, and `http.request`.
///
/// An attempt is one request; whether there is another one is the engine's to say. An attempt whose
/// task is cancelled while it waits for its turn is not sent; one that has been sent goes on to its
/// deadline.
package final class HTTPActionPerformer: ActionPerformer {
  package let names: Set<ActionName>
  private let actions: [ActionName: PreparedAction]
  private let services: [String: ServiceLine]

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
    self.services = services
    self.actions = actions
    let builtIn = configuration.services.contains(where: \.isOpen) ? [OpenRequest.name] : []
    names = Set(actions.keys).union(builtIn)
  }

  package func perform(_ attempt: ActionAttempt) async -> PerformedAttempt {
    do throws(PreparedAction.Unsendable) {
      if attempt.action.name == OpenRequest.name { return try await performOpen(attempt) }
      guard let action = actions[attempt.action.name], let line = services[action.binding.service]
      else { throw .init(why: "nothing is bound to this action") }
      let deadline = Self.deadline(attempt)
      let request = try action.request(attempt, service: line.configuration, deadline: deadline)
      guard let reply = await reply(line, request) else { return Self.unsent(deadline) }
      return reply.outcome(of: action, returns: attempt.action.returns)
    } catch {
      return .failed(
        code: "bad_request", retry: false, happened: .no, error: error.why,
        retryAfterMicroseconds: nil)
    }
  }

  private func performOpen(
    _ attempt: ActionAttempt
  ) async throws(PreparedAction.Unsendable) -> PerformedAttempt {
    let open = try OpenRequest(attempt.argument)
    guard let line = services[open.service], line.configuration.isOpen else {
      throw .init(why: "no open service has this name")
    }
    let deadline = Self.deadline(attempt)
    let request = try open.request(attempt, service: line.configuration, deadline: deadline)
    guard let reply = await reply(line, request) else { return Self.unsent(deadline) }
    return OpenRequest.outcome(of: reply, returns: attempt.action.returns)
  }

  private func reply(_ line: ServiceLine, _ request: TransferRequest) async -> ActionReply? {
    await line.send(request).map { result in
      ActionReply(result: result, unixSeconds: WallClock.microseconds() / 1_000_000)
    }
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
