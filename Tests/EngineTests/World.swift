import CEL
import PetriNet
import Testing
import Workflows

@testable import Engine

/// A machine with its log: every command is also folded from text, and both states must be equal.
final class World {
  /// Instants in tests are seconds from here.
  static let epoch = Instant(microseconds: 1_000_000_000_000)

  private(set) var machine: Machine
  private(set) var log: [LoggedEvent] = []
  private(set) var effects: [Effect] = []
  private(set) var reply = Reply.done(event: nil)
  private(set) var now = World.epoch
  private(set) var nets: [DefinitionID: Net] = [:]
  var silence = FallbackReason.timeoutTotal
  let vault = Vault()
  private let limits: Limits
  private var folded: Machine
  private var mark = 0

  /// Loads a workflow without prompts as version `hash`, or the given files.
  convenience init(_ yaml: String, limits: Limits = .standard) throws {
    self.init(limits: limits)
    try load(yaml)
    forget()
  }

  init(limits: Limits = .standard) {
    self.limits = limits
    machine = Machine(limits: limits)
    folded = Machine(limits: limits)
    try? machine.open(nets: [:], read: vault.read)
    take(.startOwner(StartOwner(binary: "test", incarnation: [1, 2, 3, 4, 5, 6, 7, 8])))
  }

  // MARK: Time and commands

  func wait(_ seconds: Double) {
    now = now.advanced(by: Int64(seconds * 1_000_000))
  }

  /// Lets the clock pass to `seconds` from now, stopping wherever something is due.
  func pass(_ seconds: Double) {
    let end = now.advanced(by: Int64(seconds * 1_000_000))
    while let due = machine.nextDue(), due <= end {
      now = max(now, due)
      take(.tick)
    }
    now = end
  }

  @discardableResult
  func take(_ command: Command) -> Handled {
    let silence = silence
    let handled = machine.handle(command, at: now, lookups: Lookups { _ in silence })
    log += handled.events
    effects = handled.effects
    reply = handled.reply
    for row in handled.events { folded.fold(vault.texts(row)) }
    #expect(folded.state.text == machine.state.text)
    #expect(leftEnabled == [])
    return handled
  }

  /// What is enabled although the machine said that nothing is: every transition is searched in every
  /// case, without the index of what changed.
  private var leftEnabled: [String] {
    let state = machine.state
    let horizon = Horizon(instant: state.lastAt, now: state.lastAt, last: state.lastSeq)
    var found: [String] = []
    func look(_ plan: VersionPlan, _ transition: TransitionPlan, _ scope: SearchScope) {
      let name = transition.transition.name.text
      do {
        guard let candidate = try state.firstBinding(of: transition, plan, in: scope, horizon)
        else { return }
        found.append("\(name) \(candidate.tokens.map(RowText.id))")
      } catch {
        found.append("\(name) raises")
      }
    }
    for plan in state.index.planOrder {
      for transition in plan.transitions where !transition.bindsCase && !transition.isTask {
        look(plan, transition, .everywhere)
      }
      for open in state.cases.values where open.workflow == plan.id {
        for transition in plan.transitions where transition.bindsCase {
          guard transition.isTask else {
            look(plan, transition, .inCase(state.cases.position(of: open.id)))
            continue
          }
          let offered = state.index.offered[state.index.site(plan, transition)] ?? []
          for token in open.marking.tokens
          where token.place == transition.trigger.symbol && !offered.contains(token.id) {
            look(plan, transition, .offer(token, state.cases.position(of: open.id)))
          }
        }
      }
    }
    return found
  }

  func forget() { mark = log.count }

  /// What was logged since the last look, one line a row.
  var trail: [String] {
    defer { forget() }
    return log[mark...].map { RowText.line($0) }
  }

  /// Compares what was logged since the last look with `expected`, one line a row.
  func logged(_ expected: String, _ location: SourceLocation = #_sourceLocation) {
    #expect(trail.joined(separator: "\n") == expected, sourceLocation: location)
  }

  var marking: [String] {
    let state = machine.state
    let tokens =
      state.cases.keys.sorted().flatMap { state.cases[$0]?.marking.tokens ?? [] }
      + state.shared.keys.sorted().compactMap { state.shared[$0] }
    return tokens.map { "\(state.places[$0.place].text)=\(RowText.text($0.value))" }
  }

  // MARK: Restarts

  /// Folds the log as after a kill, opens it and goes on with that machine.
  func restart() throws {
    let index = IndexText.text(of: machine.state)
    var again = Machine(limits: limits)
    for row in log { again.fold(vault.texts(row)) }
    try again.open(nets: nets, read: vault.read)
    #expect(again.state.text == machine.state.text)
    #expect(IndexText.text(of: again.state) == index)
    again.state.index.guards = machine.state.index.guards
    machine = again
    take(.startOwner(StartOwner(binary: "test", incarnation: [9, 9, 9, 9, 9, 9, 9, 9])))
  }

  // MARK: Loading

  /// Registers a workflow; its judges get one guard a prompt.
  @discardableResult
  func load(_ yaml: String, prompts: [String: String] = [:], version: UInt8 = 1) throws
    -> DefinitionID
  {
    var texts = ["workflow.yaml": yaml]
    for (name, text) in prompts { texts["\(name).md"] = text }
    let loader = NetLoader(files: FileSource(texts))
    let source = try #require(loader.source(at: "workflow.yaml"), "\(loader.findings)")
    var parsed: [Prompt] = []
    for (name, text) in prompts {
      let (prompt, findings) = PromptReader.read([UInt8](text.utf8), path: "\(name).md")
      parsed.append(try #require(prompt, "\(findings)"))
    }
    let net: Net
    do {
      net = try NetCompiler.compile(source, prompts: parsed).net
    } catch {
      Issue.record("\(error)")
      throw error
    }
    return register(net, version: version)
  }

  @discardableResult
  func register(_ net: Net, version: UInt8 = 1) -> DefinitionID {
    var definitions = [
      Register.Definition(
        kind: .workflow, name: net.name.text, hash: Array(repeating: version, count: 32), net: net)
    ]
    for prompt in net.prompts {
      let hash = Array((Array(prompt.name.utf8) + Array(repeating: 77, count: 32)).prefix(32))
      definitions.append(.init(kind: .judgeGuard, name: prompt.name, hash: hash))
    }
    take(.register(Register(definitions, by: .local)))
    guard case .registered(let registered) = reply, let id = registered.first?.definition else {
      preconditionFailure("a workflow is registered")
    }
    nets[id] = net
    if let guardID = registered.dropFirst().first?.definition {
      let inForce = net.prompts.flatMap { prompt in
        [[], ["fast"], ["slow"], ["fast", "slow"]].map {
          GuardInForce(workflow: id, prompt: prompt.name, models: $0, guardID: guardID)
        }
      }
      take(.useGuards(inForce))
    }
    return id
  }
}

// MARK: Short forms

extension World {
  var workflow: WorkflowName {
    machine.state.current.keys.sorted().first ?? WorkflowName("none")
  }

  @discardableResult
  func start(_ value: Value = .null, at place: String? = nil) -> CaseID {
    take(
      .start(StartCase(workflow: workflow, place: place, value: value, by: Subject("local:kim"))))
    if case .started(let id, _, _) = reply { return id }
    return CaseID(Seq(0))
  }

  func message(_ place: String, _ value: Value) {
    take(.depositMessage(DepositMessage(workflow: workflow, place: place, value: value)))
  }

  func deposit(_ place: String, _ value: Value) {
    take(
      .deposit(
        DepositToken(
          workflow: workflow, place: place, value: value, by: Subject("local:ops"), why: "test")))
  }

  /// The questions and attempts of the last command.
  var inquiries: [Inquiry] {
    effects.compactMap { if case .judge(let inquiry) = $0 { inquiry } else { nil } }
  }

  var attempts: [Attempt] {
    effects.compactMap { if case .act(let attempt) = $0 { attempt } else { nil } }
  }

  func firing(_ transition: String) -> FiringID {
    let state = machine.state
    let found = state.firings.values.filter {
      state.transitions[$0.transition].text == transition
    }.map(\.id).min()
    return found ?? FiringID(Seq(0))
  }

  func verdict(_ transition: String, _ verdict: Verdict) {
    let id = firing(transition)
    let caseID = machine.state.firings[id]?.caseID
    take(.recordVerdict(RecordVerdict(firing: id, caseID: caseID, verdict: verdict)))
  }

  func end(_ transition: String, _ outcome: AttemptOutcome) {
    let id = firing(transition)
    let firing = machine.state.firings[id]
    take(
      .endAttempt(
        EndAttempt(
          firing: id, caseID: firing?.caseID, attempt: firing?.attempt ?? 1, outcome: outcome)))
  }

  func task(_ transition: String) -> TaskID {
    let state = machine.state
    let found = state.offers.values.filter {
      state.transitions[$0.transition].text == transition
    }.map(\.id).min()
    return found ?? TaskID(Seq(0))
  }

  func answer(
    _ transition: String, _ outcome: String, _ form: Value? = nil, by: String = "local:ada"
  ) {
    take(
      .answer(
        AnswerTask(task: task(transition), outcome: outcome, form: form, by: Subject(by))))
  }
}
