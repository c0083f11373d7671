internal import Engine
internal import LLMJudge
internal import Orchestration
internal import PetriNet
internal import Transfer
internal import Workflows

/// Whether the guards of a project may start: an endpoint that ignores the constraint answers what it
/// likes, and is used only where petrel.yaml accepts that by name (`unenforced`).
struct GuardAdmission: Sendable {
  enum Standing: Sendable, Equatable {
    /// When it was asked, µs since 1970.
    case enforced(Int64)
    /// Why the configuration takes it, asked or not.
    case accepted(String)
    case ignored(FallbackReason)
    /// It gave no answer that would tell.
    case untold(FallbackReason)
  }

  /// How long the start waits for answers.
  private static let waitMicroseconds: Int64 = 5_000_000

  /// Of the endpoints that guards ask, by their names.
  private(set) var standings: [String: Standing] = [:]
  /// Those that did not tell.
  private var silent: [EndpointConfiguration] = []

  /// Asks the endpoints that the guards of a project ask and that have not been asked of late.
  ///
  /// - Parameter judges: The project's, its secrets read.
  /// - Throws: C409 naming each guard that an endpoint without a constraint would answer.
  static func admit(
    _ project: Project, _ judges: JudgeConfiguration, database: String
  ) async throws -> GuardAdmission {
    let uses = Self.uses(of: project.workspace.workflows, judges)
    var admission = GuardAdmission()
    var reasons: [String: String] = [:]
    for endpoint in project.configuration.endpoints {
      reasons[endpoint.name.value] = endpoint.unenforced
    }
    var asked: [EndpointConfiguration] = []
    var proofs = ConstraintProofs(database: database)
    let now = MonotonicClock().now()
    for endpoint in judges.endpoints where uses[endpoint.name] != nil {
      if let reason = reasons[endpoint.name] {
        admission.standings[endpoint.name] = .accepted(reason)
      } else if let instant = proofs.instant(of: endpoint, at: now.microseconds) {
        admission.standings[endpoint.name] = .enforced(instant)
      } else {
        asked.append(endpoint)
      }
    }
    guard !asked.isEmpty else { return admission }
    for (endpoint, found) in try await findings(of: asked) {
      proofs.note(endpoint, found, at: now.microseconds)
      admission.standings[endpoint.name] =
        switch found {
        case .enforced: .enforced(now.microseconds)
        case .ignored(let reason): .ignored(reason)
        case .untold(let reason): .untold(reason)
        }
      if case .untold = found { admission.silent.append(endpoint) }
    }
    proofs.write(at: now.microseconds)
    try admission.requireConstraints(uses)
    admission.tellUnknown()
    return admission
  }

  /// What the start of a service says of an endpoint; nil where no guard asks it.
  func text(of endpoint: String) -> String? {
    switch standings[endpoint] {
    case .enforced: "constraint enforced"
    case .accepted(let reason): "constraint not required: \(reason)"
    case .ignored(let reason): "constraint ignored (\(reason.rawValue))"
    case .untold(let reason): "constraint not known yet (\(reason.rawValue))"
    case nil: nil
    }
  }

  private func requireConstraints(_ uses: [String: [String]]) throws {
    var sentences: [String] = []
    var first: String?
    for (name, standing) in standings.sorted(by: { $0.key < $1.key }) {
      guard case .ignored(let reason) = standing else { continue }
      first = first ?? name
      for judge in uses[name] ?? [] {
        sentences.append(
          "the endpoint '\(name)' ignores the constraint, an answer was none of the labels "
            + "(\(reason.rawValue)): \(judge) does not start")
      }
    }
    guard let first else { return }
    throw Failure(
      .configuration, "C409", sentences.joined(separator: "\n"),
      help: "petrel doctor \(first) shows more; where it is to be used all the same, give the "
        + "reason in petrel.yaml: endpoints: {\(first): {unenforced: \"why\"}}")
  }

  private func tellUnknown() {
    for (name, standing) in standings.sorted(by: { $0.key < $1.key }) {
      guard case .untold(let reason) = standing else { continue }
      Console.note(
        "the endpoint '\(name)' did not tell whether it keeps to the constraint "
          + "(\(reason.rawValue)); petrel doctor \(name) asks it again")
    }
  }

  /// The judges that may ask an endpoint, by its name.
  private static func uses(
    of workflows: [Workspace.Workflow], _ judges: JudgeConfiguration
  ) -> [String: [String]] {
    var uses: [String: [String]] = [:]
    for workflow in workflows {
      for transition in workflow.net.transitions {
        guard case .judge(let work) = transition.work else { continue }
        let judge = "'\(transition.name.text)' in \(workflow.path)"
        let lists = Definitions.aliases(work.model, judges)
        let aliases = lists.flatMap { $0.isEmpty ? [nil] : $0.map(Optional.some) }
        for name in aliases.flatMap({ judges.model($0)?.endpoints ?? [] })
        where uses[name]?.contains(judge) != true {
          uses[name, default: []].append(judge)
        }
      }
    }
    return uses
  }

  /// What each is found to do, all asked at once.
  private static func findings(
    of endpoints: [EndpointConfiguration]
  ) async throws -> [(EndpointConfiguration, EndpointFindings.Constraint)] {
    let transfer = CurlLoop()
    defer { transfer.stop() }
    let deadline = Instant(microseconds: MonotonicClock().now().microseconds)
      .advanced(by: waitMicroseconds)
    return try await withThrowingTaskGroup(
      of: (EndpointConfiguration, EndpointFindings.Constraint).self
    ) { group in
      for endpoint in endpoints {
        group.addTask {
          let probe = EndpointProbe(endpoint, transfer: transfer, deadline: deadline)
          do throws(JudgeConfigurationProblem) {
            return (endpoint, try await probe.constraint())
          } catch {
            throw Failure(.configuration, "C402", "the endpoint '\(endpoint.name)': \(error)")
          }
        }
      }
      var found: [(EndpointConfiguration, EndpointFindings.Constraint)] = []
      for try await item in group { found.append(item) }
      return found
    }
  }
}

extension GuardAdmission {
  private static let askedAgainFirst = Duration.seconds(5)
  private static let askedAgainMost = Duration.seconds(320)

  /// Asks those that did not tell again and again, until they do. One that then ignores the
  /// constraint is paused, so that the guards on it fall back; the log has why.
  func watch(_ orchestrator: Orchestrator, database: String) async {
    var left = silent
    var wait = Self.askedAgainFirst
    while !left.isEmpty {
      try? await Task.sleep(for: wait)
      guard !Task.isCancelled, !orchestrator.isDraining else { return }
      wait = min(wait * 2, Self.askedAgainMost)
      guard let found = try? await Self.findings(of: left) else { return }
      var proofs = ConstraintProofs(database: database)
      let now = MonotonicClock().now().microseconds
      for (endpoint, constraint) in found {
        if case .untold = constraint { continue }
        left.removeAll { $0.name == endpoint.name }
        proofs.note(endpoint, constraint, at: now)
        if case .ignored(let reason) = constraint {
          await Self.pause(endpoint.name, reason, orchestrator)
        }
      }
      proofs.write(at: now)
    }
  }

  /// Notes what an operator found out about an endpoint while the service runs. One that guards ask
  /// and that ignores the constraint is paused, unless the configuration accepts that.
  func take(
    _ constraint: EndpointFindings.Constraint, of endpoint: EndpointConfiguration,
    isAccepted: Bool, _ orchestrator: Orchestrator, database: String
  ) async {
    var proofs = ConstraintProofs(database: database)
    let now = MonotonicClock().now().microseconds
    proofs.note(endpoint, constraint, at: now)
    proofs.write(at: now)
    guard case .ignored(let reason) = constraint, !isAccepted, standings[endpoint.name] != nil
    else { return }
    await Self.pause(endpoint.name, reason, orchestrator)
  }

  private static func pause(
    _ endpoint: String, _ reason: FallbackReason, _ orchestrator: Orchestrator
  ) async {
    let why = "it ignores the constraint (\(reason.rawValue))"
    let pause = SetPause(target: .endpoint(endpoint), by: .engine, why: why)
    guard (try? await orchestrator.submit(.pause(pause))) != nil else { return }
    Console.note(
      "the endpoint '\(endpoint)' is paused: \(why); petrel resume --endpoint \(endpoint) asks it "
        + "all the same")
  }
}
