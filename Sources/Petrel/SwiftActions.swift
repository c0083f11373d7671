package import Orchestration
package import PetriNet

/// Swift functions as the performer of the actions that a workflow declares.
package struct SwiftActions: ActionPerformer {
  private let actions: [ActionName: Action]

  /// - Throws: `ActionMismatch` for a name given twice.
  package init(_ actions: [Action]) throws(ActionMismatch) {
    var byName: [ActionName: Action] = [:]
    for action in actions {
      let name = ActionName(action.name.inFormC)
      guard byName[name] == nil else {
        throw ActionMismatch(problems: ["the action '\(action.name)' is given twice"])
      }
      byName[name] = action
    }
    self.actions = byName
  }

  package var names: Set<ActionName> { Set(actions.keys) }

  /// Compares every function with its declaration, where there is one.
  ///
  /// - Throws: All that does not fit, each sentence with both sides.
  package func check(against declarations: [ActionDeclaration]) throws(ActionMismatch) {
    var problems: [String] = []
    for declaration in declarations {
      guard let action = actions[declaration.name] else { continue }
      let name = declaration.name.text
      if let mismatch = action.input.mismatchAsInput(of: declaration.takes) {
        problems.append(
          "the action '\(name)' takes \(declaration.takes), the Swift function \(action.inputType) "
            + "\(action.input.text): \(mismatch)")
      }
      if let mismatch = action.output.mismatchAsOutput(for: declaration.returns) {
        problems.append(
          "the action '\(name)' returns \(declaration.returns), the Swift function "
            + "\(action.outputType) \(action.output.text): \(mismatch)")
      }
    }
    guard problems.isEmpty else { throw ActionMismatch(problems: problems) }
  }

  package func perform(_ attempt: ActionAttempt) async -> PerformedAttempt {
    guard let action = actions[attempt.action.name] else {
      return .failed(
        code: "unbound", retry: false, happened: .no, error: nil, retryAfterMicroseconds: nil)
    }
    let argument = ValueWriting.node(of: attempt.argument, in: attempt.action.takes).text
    let context = ActionContext(attempt)
    do {
      let reply = try await action.run(Array(argument.utf8), context)
      return Self.value(of: reply, returning: attempt.action.returns)
    } catch let error as ActionError {
      return .failed(
        code: error.code, retry: error.retry, happened: error.happened == .no ? .no : .maybe,
        error: error.detail, retryAfterMicroseconds: nil)
    } catch let error as UnreadableInput {
      return .failed(
        code: "bad_request", retry: false, happened: .no, error: error.problem,
        retryAfterMicroseconds: nil)
    } catch is CancellationError {
      return .failed(
        code: "timeout", retry: true, happened: .maybe, error: nil, retryAfterMicroseconds: nil)
    } catch {
      return .failed(
        code: "thrown", retry: false, happened: .maybe, error: "\(type(of: error))",
        retryAfterMicroseconds: nil)
    }
  }

  /// What a function returned, checked against the declaration.
  private static func value(of reply: [UInt8], returning colour: ColourSet) -> PerformedAttempt {
    let problem: String
    do {
      let read = ValueReading.value(of: try JSONText.parse(reply), in: colour)
      if let value = read.value { return .ok(value) }
      problem = read.problems.map(\.message).joined(separator: "; ")
    } catch let error {
      problem = error.message
    }
    return .failed(
      code: "bad_reply", retry: false, happened: .maybe, error: problem,
      retryAfterMicroseconds: nil)
  }
}

/// Swift functions and the workflow disagree; nothing is registered.
package struct ActionMismatch: Error, Equatable, Sendable {
  /// One sentence each, naming both sides.
  package var problems: [String]
}

extension ActionContext {
  init(_ attempt: ActionAttempt) {
    self.init(
      idempotencyKey: attempt.idempotencyKey, attempt: attempt.attempt,
      deadline: Double(attempt.deadline.microseconds) / 1_000_000,
      caseID: attempt.caseID.map { "c\($0.seq.number)" }, workflow: attempt.workflow.text)
  }
}
