import CEL
import PetriNet
import Workflows

@testable import Engine

/// One random net under one random script of commands, run by the machine and by the naive engine.
struct NaiveComparison {
  struct Difference: Error, CustomStringConvertible {
    var description: String
  }

  static let limits: Limits = {
    var limits = Limits()
    limits.stepsAtOneInstantMax = 16
    limits.incidentsMax = 4
    return limits
  }()

  /// More tokens than this end a script: what looks at every combination would take too long.
  private static let tokensMax = 28

  /// The files of a seed's nets: the workflow, the one it calls or none, a later version or none.
  let workflow: String
  let child: String?
  let later: String?
  let commandsMax: Int
  private(set) var naive = NaiveEngine(limits: limits)
  private var nets: NaiveNets
  private var random: RandomRunTests.Generator
  var machine = Machine(limits: limits)
  private var folded = Machine(limits: limits)
  var loaded: [DefinitionID: Net] = [:]
  var rows: [LoggedEvent] = []
  private var values: [TokenID: Value] = [:]
  private var lines: [String] = []
  private var now = Instant(microseconds: 1_000_000_000)
  let vault = Vault()
  private let laterFeatures: [String: Set<Construct>]
  /// Also begins from snapshots, at rows that this chooses.
  var snapshots: SnapshotCheck?

  init(seed: UInt64, commandsMax: Int = 16) {
    self.commandsMax = commandsMax
    random = RandomRunTests.Generator(state: seed &* 0x9E37_79B9)
    var nets = NaiveNets(.init(state: seed))
    let calls = seed % 3 == 0
    child = calls ? nets.childText() : nil
    workflow = nets.text(callee: calls)
    naive.tally.has(nets.features, "w", version: 0)
    self.nets = nets
    later = seed % 4 == 1 ? nets.laterText() : nil
    laterFeatures = later == nil ? [:] : nets.features
  }

  /// Runs the script; nil if the net is none that loads.
  ///
  /// - Throws: `Difference` at the first row that differs.
  mutating func run() throws -> Int? {
    guard let nets = Self.compile([child, workflow].compactMap(\.self)) else { return nil }
    try machine.open(nets: [:], read: vault.read)
    try take(.startOwner(.init(binary: "test", incarnation: [1, 2, 3, 4, 5, 6, 7, 8])))
    let judge = Register.Definition(
      kind: .judgeGuard, name: "kind", hash: Array(repeating: 9, count: 32))
    try take(.register(.init([judge])))
    for net in nets { try register(net, UInt8(net.name.text.utf8.count)) }
    let upgradeAt = later == nil ? -1 : 4 + random.pick(6)
    for number in 0..<commandsMax {
      if number == upgradeAt { try upgrade() }
      try step()
      if random.pick(3) == 0 { try rebuild() }
      if isCrowded { break }
    }
    if !isCrowded { try pass(8) }
    try rebuild()
    return lines.count
  }

  private var isCrowded: Bool {
    naive.tokens.count > Self.tokensMax || naive.rows.count > 400 || naive.isFull
  }

  private mutating func register(_ net: Net, _ hash: UInt8) throws {
    // A question is asked only under a guard: it is in force before the version is there.
    let id = DefinitionID(machine.state.nextSeq)
    try take(
      .useGuards(
        (loaded.keys + [id]).map {
          GuardInForce(workflow: $0, prompt: "kind", models: [], guardID: DefinitionID(Seq(2)))
        }))
    loaded[id] = net
    try take(
      .register(
        .init([
          .init(
            kind: .workflow, name: net.name.text, hash: Array(repeating: hash, count: 32),
            net: net)
        ])))
  }

  /// A later version beside the first: both look at the same shared places.
  private mutating func upgrade() throws {
    guard let later, let net = Self.compile([child, later].compactMap(\.self))?.last else { return }
    naive.tally.has(laterFeatures, "w", version: 1)
    try register(net, 200)
  }

  /// Folds the log from its texts: the state is the live one, and so is every index, as all that
  /// follows is decided by the rebuilt machine.
  mutating func rebuild() throws {
    var again = Machine(limits: Self.limits)
    for row in rows { again.fold(vault.texts(row)) }
    try again.open(nets: loaded, read: vault.read)
    guard again.state.text == machine.state.text else { throw difference("the fold differs") }
    guard IndexText.text(of: again.state) == IndexText.text(of: machine.state) else {
      throw difference(
        "the index differs\n\(IndexText.text(of: again.state))\n---\n\(IndexText.text(of: machine.state))"
      )
    }
    again.state.index.guards = machine.state.index.guards
    machine = try snapshots?.machine(after: self) ?? again
  }

  func difference(_ what: String) -> Difference {
    Difference(description: "\(lines.joined(separator: "\n"))\n\(what)")
  }

  static func compile(_ texts: [String]) -> [Net]? {
    let (prompt, _) = PromptReader.read([UInt8](NaiveNets.prompt.utf8), path: "kind.md")
    guard let prompt else { return nil }
    var nets: [Net] = []
    for text in texts {
      let loader = NetLoader(files: FileSource(["w.yaml": text]))
      guard let source = loader.source(at: "w.yaml") else { return nil }
      let context = CompilationContext(workflows: nets.map(\.interface))
      guard
        let compiled = try? NetCompiler.compile(source, prompts: [prompt], context: context)
      else { return nil }
      nets.append(compiled.net)
    }
    return nets
  }

  // MARK: The script

  private mutating func step() throws {
    let state = machine.state
    switch random.pick(15) {
    case 0...3: try start()
    case 4, 14:
      try take(.depositMessage(.init(workflow: .init("w"), place: "msg", value: item())))
    case 5:
      let place = random.pick(2) == 0 ? "pool" : "spare"
      try take(
        .deposit(
          .init(
            workflow: .init("w"), place: place, value: item(), by: .init("local:ops"), why: "?")))
    case 6: try pass(Int64(random.pick(3)))
    case 7: try pass(Int64([1, 2, 5, 30, 70][random.pick(5)]))
    case 8:
      now = now.advanced(by: Int64([0, 1, 2, 3, 25, 150][random.pick(6)]) * 1_000_000)
      try take(.tick)
    case 9, 10, 11:
      let firings = state.firings.values.sorted { $0.id < $1.id }
      if firings.isEmpty { try start() } else { try end(firings[random.pick(firings.count)]) }
    case 12:
      guard let offer = state.offers.keys.sorted().first else { return try start() }
      try take(
        .answer(
          .init(
            task: offer, outcome: random.pick(2) == 0 ? "yes" : "no", by: .init("local:ada"))))
    default: try operate()
    }
  }

  private mutating func start() throws {
    try take(.start(.init(workflow: .init("w"), value: item())))
  }

  private mutating func item() -> Value {
    ["k": .int(Int64(random.pick(3))), "v": .int(Int64(random.pick(4)))]
  }

  private mutating func end(_ firing: Firing) throws {
    let by = Subject("local:ops")
    if case .unsettled = firing.phase {
      let names = ["ok", "failed", "done", "cancelled", "cat", "yes", "fallback", "unknown"]
      let ways: [SettleFiring.How] = [.drop, .retry, .choose(names[random.pick(names.count)])]
      try take(.settle(.init(firing: firing.id, how: ways[random.pick(3)], by: by)))
      return
    }
    switch firing.kind {
    case .judge:
      let verdicts: [Verdict] = [.label("cat"), .label("dog"), .fallback(.refusal)]
      try take(
        .recordVerdict(
          .init(firing: firing.id, caseID: firing.caseID, verdict: verdicts[random.pick(3)])))
    case .action:
      let outcome: AttemptOutcome =
        random.pick(3) == 0
        ? .failed(code: "busy", retry: false, happened: random.pick(2) == 0 ? .maybe : .no)
        : .ok(.record(Record(type: Self.result, fields: [.int(3)])))
      try take(
        .endAttempt(.init(firing: firing.id, caseID: firing.caseID, attempt: 1, outcome: outcome)))
    case .call, .task: try start()
    }
  }

  private static let result = RecordType(name: "", fields: [.init("n", .int)])

  private mutating func operate() throws {
    let state = machine.state
    let by = Subject("local:ops")
    let cases = state.cases.keys.sorted()
    let shared = state.shared.keys.sorted()
    switch random.pick(8) {
    case 2 where !shared.isEmpty:
      try take(.withdraw(.init(token: shared[random.pick(shared.count)], by: by, why: "?")))
    case 3:
      try take(.pause(.init(target: .workflow(.init("w")), by: by)))
      try start()
      try take(.resume(.init(target: .workflow(.init("w")), by: by)))
    case 0 where !cases.isEmpty:
      try take(.terminate(.init(caseID: chosen(cases), by: by)))
    case 1 where !cases.isEmpty:
      try take(.cancel(.init(caseID: chosen(cases), by: by)))
    default:
      let open = state.incidents.values.filter { $0.firing == nil }.map(\.id).sorted()
      guard !open.isEmpty else { return try start() }
      try take(
        .resolveIncident(
          .init(
            incident: open[random.pick(open.count)], how: random.pick(2) == 0 ? .retry : .ignore,
            by: by)))
    }
  }

  /// One of some cases, mostly one that waits for another.
  private mutating func chosen(_ cases: [CaseID]) -> CaseID {
    let waiting = cases.filter { caseID in
      naive.firings.contains { $0.binding.caseID == caseID && $0.child != nil }
    }
    let among = waiting.isEmpty || random.pick(4) == 0 ? cases : waiting
    return among[random.pick(among.count)]
  }

  private mutating func pass(_ seconds: Int64) throws {
    let end = now.advanced(by: seconds * 1_000_000)
    while !isCrowded, let due = machine.nextDue(), due <= end {
      now = max(now, due)
      try take(.tick)
    }
    now = end
  }

  // MARK: Comparing

  private mutating func take(_ command: Command) throws {
    let handled = machine.handle(command, at: now)
    rows += handled.events
    let ours = handled.events.map { line($0) }
    naive.rowsMax = naive.rows.count + 150
    naive.tokensMax = 2 * Self.tokensMax
    let theirs = naive.take(command, at: now).map { line($0) }
    lines += ours
    guard ours != theirs, !(naive.isFull && ours.starts(with: theirs)) else { return }
    let same = zip(ours, theirs).prefix { $0 == $1 }.count
    throw Difference(
      description: """
        \(lines.dropLast(ours.count).joined(separator: "\n"))
        --- at \(now.microseconds)
        \(ours.prefix(same).joined(separator: "\n"))
        machine: \(ours.dropFirst(same).first ?? "nothing")
        naive:   \(theirs.dropFirst(same).first ?? "nothing")
        """)
  }

  /// A row as a line: values in full, without what only the machine says.
  private mutating func line(_ row: LoggedEvent) -> String {
    var row = row
    func resolved(_ tokens: [MadeToken]) -> [MadeToken] {
      tokens.enumerated().map { index, token in
        var token = token
        if case .same(let origin) = token.content {
          token.content = values[origin].map { .value(.value($0)) } ?? .unit
        }
        if case .value(.value(let value)) = token.content {
          values[TokenID(row.seq, Int32(index))] = value
        }
        token.waits.sort { $0.arc < $1.arc }
        return token
      }
    }
    switch row.event {
    case .caseOpened(var event):
      event.tokens = resolved(event.tokens)
      row.event = .caseOpened(event)
    case .fired(var event):
      event.tokens = resolved(event.tokens)
      row.event = .fired(event)
    case .verdictRecorded(var event):
      event.tokens = event.tokens.map(resolved)
      row.event = .verdictRecorded(event)
    case .firingCompleted(var event):
      event.tokens = event.tokens.map(resolved)
      event.result = nil
      row.event = .firingCompleted(event)
    case .lateOutcomeRecorded(var event):
      event.result = nil
      row.event = .lateOutcomeRecorded(event)
    case .childEnded(var event):
      event.tokens = event.tokens.map(resolved)
      event.result = nil
      row.event = .childEnded(event)
    case .taskAnswered(var event):
      event.tokens = event.tokens.map(resolved)
      row.event = .taskAnswered(event)
    case .tokenDeposited(var event):
      event.tokens = resolved(event.tokens)
      row.event = .tokenDeposited(event)
    case .placeFilled(var event):
      event.tokens = resolved(event.tokens)
      row.event = .placeFilled(event)
    case .firingSettled(var event):
      event.tokens = event.tokens.map(resolved)
      row.event = .firingSettled(event)
    case .scheduleFired(var event):
      event.tokens = event.tokens.map(resolved)
      row.event = .scheduleFired(event)
    case .incidentRaised(var event):
      event.position = event.transition?.text
      row.event = .incidentRaised(event)
    default: break
    }
    return "\(row.at.microseconds / 1_000_000 - 1_000) \(RowText.line(row))"
  }
}
