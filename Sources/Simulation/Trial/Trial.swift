internal import CEL
internal import Engine
internal import LLMJudge
internal import Orchestration
internal import PetriNet
internal import Record
internal import Workflows

/// One marking on a virtual clock: the loop of the service over a log in memory, with scripted
/// models, actions and people.
///
/// From instant to instant: what is due in the engine or planned by the script comes next, nothing
/// waits.
final class Trial {
  /// Firings of one trial at most.
  static let firingsMax = 1_000_000

  private enum Item {
    case start(Int)
    case message(Int)
    case deed(Int)
    case call(ScriptedJudge.CallPlan)
    /// From a model or an action: lost when the process ends.
    case report(Command)
    case answer(TaskID, TransitionName)
  }

  let test: TestCase
  let net: Net
  let began: Instant
  private(set) var now: Instant
  private(set) var core: LoopCore
  private(set) var history: History
  private(set) var actions: ScriptedActions
  private(set) var refusals: [RefusedInput] = []
  /// What stopped the run before its end.
  private(set) var problems: [Finding] = []
  /// When something was last decided.
  private(set) var lastDecided: Instant
  let opening: LoopOpening
  let log: MemoryLog
  private var agenda = Agenda<Item>()
  private var judge: ScriptedJudge
  private var people: ScriptedPeople

  init(_ test: TestCase, of file: TestFile, net: Net, seed: UInt64) throws {
    self.test = test
    self.net = net
    began = Instant(file.now)
    now = began
    lastDecided = began
    let bytes = TrialSeed.bytes(seed, test.name.value)
    let log = MemoryLog(keys: MemoryKeys(.seeded(bytes)))
    self.log = log
    opening = TrialOpening.opening(net: net, log: log, seed: bytes)
    judge = ScriptedJudge(scripts: test.scripts, defaults: file.defaults)
    actions = ScriptedActions(scripts: test.scripts, defaults: file.defaults)
    people = ScriptedPeople(scripts: test.scripts, defaults: file.defaults)
    history = History(net: net, began: began)
    let opened = try opening.open(at: began)
    let effects = opened.effects
    core = opened.takeCore()
    try perform(effects)
    try fill(file.shared)
    for (index, start) in test.starts.enumerated() {
      agenda.plan(.start(index), at: began.advanced(by: start.atMicroseconds))
    }
    for (index, message) in test.messages.enumerated() {
      agenda.plan(.message(index), at: began.advanced(by: message.atMicroseconds))
    }
    for (index, deed) in test.deeds.enumerated() {
      agenda.plan(.deed(index), at: began.advanced(by: deed.atMicroseconds))
    }
  }

  /// Runs until nothing more can happen, or the given time has passed.
  func run() throws {
    var end: Instant?
    if case .elapsed(let microseconds) = test.until { end = began.advanced(by: microseconds) }
    while problems.isEmpty {
      let due = [core.machine.nextDue(), agenda.next].compactMap(\.self).min()
      guard let due, end.map({ due <= $0 }) ?? true else { break }
      now = max(now, due)
      try step()
      if history.firings > Self.firingsMax {
        problems.append(
          Finding(
            "F505", "the case '\(test.name.value)' does not end", at: test.name.mark,
            found: "more than \(Self.firingsMax) firings", expected: "an end, or until: D"))
      }
    }
    if let end, problems.isEmpty {
      now = max(now, end)
      take(.tick)
      try commit()
    }
  }

  private func step() throws {
    var isTold = false
    while problems.isEmpty, let item = agenda.take(until: now) {
      isTold = true
      try take(item)
    }
    if !isTold { take(.tick) }
    try commit()
  }

  private func take(_ item: Item) throws {
    switch item {
    case .start(let index): try start(test.starts[index], index)
    case .message(let index): message(test.messages[index], index)
    case .deed(let index): try act(test.deeds[index], index)
    case .call(let call): plan(judge.call(call, at: now))
    case .report(let command): take(command)
    case .answer(let task, let transition): answer(task, transition)
    }
  }

  @discardableResult private func take(_ command: Command) -> Reply {
    let lookups = Lookups { [judge] in judge.silence(of: $0) }
    return core.take(command, at: now, lookups: lookups)
  }

  /// Ends the group: its rows are in the log, its effects are performed.
  private func commit() throws {
    let (_, effects, _) = try core.commit()
    try perform(effects)
  }

  private func perform(_ effects: [Effect]) throws {
    let news = try history.read(log, core.store)
    if !news.isEmpty { lastDecided = now }
    for logged in news {
      if case .taskOffered(let offer) = logged.event {
        offered(TaskID(logged.seq), offer.transition, at: logged.at)
      }
    }
    for effect in effects {
      switch effect {
      case .judge(let inquiry):
        for call in judge.ask(inquiry) { plan(judge.call(call, at: now)) }
      case .abandonJudge(let firing): judge.abandon(firing)
      case .act(let attempt):
        do {
          let (at, report) = try actions.perform(attempt, at: now)
          agenda.plan(.report(report), at: at)
        } catch {
          tell(error.items)
        }
      case .abandonAction: break
      }
    }
  }

  private func plan(_ plans: [(at: Instant, plan: ScriptedJudge.Plan)]) {
    for (at, plan) in plans {
      switch plan {
      case .call(let call): agenda.plan(.call(call), at: at)
      case .report(let command): agenda.plan(.report(command), at: at)
      }
    }
  }

  /// Findings without a place stand at the case.
  private func tell(_ findings: [Finding]) {
    for var finding in findings {
      if finding.mark.line == 0 { finding.mark = test.name.mark }
      problems.append(finding)
    }
  }
}

// MARK: What comes from outside

extension Trial {
  private func fill(_ shared: [(place: Located<String>, values: [TestValue])]) throws {
    for (place, values) in shared {
      guard let index = net.place(titled: place.value) else { continue }
      for given in values {
        guard let value = value(given, of: net.places[index]) else { continue }
        let deposit = DepositToken(
          workflow: net.name, place: place.value, value: value, by: .local, why: "shared")
        note(take(.deposit(deposit)), path: "shared.\(place.value)", at: place.mark)
      }
    }
    try commit()
  }

  private func start(_ start: TestCase.Start, _ index: Int) throws {
    let path = test.starts.count > 1 ? "start.\(index)" : "start"
    let starts = net.starts.map { net.places[$0] }
    let named = start.place.flatMap { name in
      starts.first { $0.title.utf8.elementsEqual(name.value.utf8) }
    }
    guard let place = start.place == nil ? starts.first : named else {
      return refuse(path, .noSuchPlace, at: start.value.mark)
    }
    let (value, findings) = start.value.value(in: place.colour)
    guard let value else {
      guard test.expectation.error != nil else { return tell(findings) }
      return refuse(path, .valueNotInColourSet, at: start.value.mark)
    }
    let command = Command.start(
      StartCase(workflow: net.name, place: start.place?.value, value: value, by: .local))
    guard let key = start.key else {
      return note(take(command), path: path, at: start.value.mark)
    }
    let request = RequestKey(
      route: "start", by: .local, key: Array(key.utf8), body: Array(start.value.json.text.utf8))
    let lookups = Lookups { [judge] in judge.silence(of: $0) }
    switch try core.take(Submission(command, key: request), at: now, lookups: lookups) {
    case .success(let submitted): note(submitted.reply, path: path, at: start.value.mark)
    case .failure: refuse(path, .keyReused, at: start.value.mark)
    }
  }

  private func message(_ message: TestCase.Message, _ index: Int) {
    let path = "messages.\(index)"
    guard let place = net.place(titled: message.place.value) else {
      return refuse(path, .noSuchPlace, at: message.place.mark)
    }
    let (value, findings) = message.value.value(in: net.places[place].colour)
    guard let value else {
      guard test.expectation.error != nil else { return tell(findings) }
      return refuse(path, .valueNotInColourSet, at: message.value.mark)
    }
    let command = DepositMessage(
      workflow: net.name, place: message.place.value, value: value, by: .local)
    note(take(.depositMessage(command)), path: path, at: message.place.mark)
  }

  private func value(_ given: TestValue, of place: Place) -> Value? {
    let (value, findings) = given.value(in: place.colour)
    if value == nil { tell(findings) }
    return value
  }

  private func note(_ reply: Reply, path: String, at mark: SourceMark) {
    switch reply {
    case .refused(let refusal, _): refuse(path, refusal.reason, at: mark)
    case .placeFull: refuse(path, .placeFull, at: mark)
    default: break
    }
  }

  private func refuse(_ path: String, _ reason: RefusalReason, at mark: SourceMark) {
    refusals.append(RefusedInput(path: path, reason: reason, mark: mark, at: now))
  }
}

// MARK: Persons

extension Trial {
  private func offered(_ task: TaskID, _ transition: TransitionName, at offered: Instant) {
    guard let answer = people.next(for: task, of: transition) else { return }
    agenda.plan(
      .answer(task, transition), at: max(now, offered.advanced(by: answer.afterMicroseconds)))
  }

  private func answer(_ task: TaskID, _ transition: TransitionName) {
    guard let answer = people.take(task), let index = net.transition(named: transition),
      case .task(let work) = net.transitions[index].work
    else { return }
    var form: Value?
    if let given = answer.form {
      let colour = work.forms.first { $0.outcome.utf8.elementsEqual(answer.outcome.value.utf8) }
      guard let colour = colour?.colour else {
        return tell([
          Finding(
            "F504", "the outcome '\(answer.outcome.value)' asks nothing", at: given.mark,
            found: "a form", expected: "no form")
        ])
      }
      let (value, findings) = given.value(in: .record(colour))
      guard let value else { return tell(findings) }
      form = value
    }
    let command = AnswerTask(
      task: task, outcome: answer.outcome.value, form: form,
      by: answer.by.map { Subject($0) } ?? .local)
    let reply = take(.answer(command))
    // A person who may not answer leaves the task to the next one of the script.
    guard case .refused(let refusal, _) = reply else { return }
    history.add("refused", "\(transition.text): \(refusal.reason.rawValue)", at: now)
    if refusal.reason == .fourEyes || refusal.reason == .taskHeld,
      let offered = core.machine.state.offers[task]?.offered,
      let next = people.another(for: task, of: transition)
    {
      agenda.plan(
        .answer(task, transition), at: max(now, offered.advanced(by: next.afterMicroseconds)))
    }
  }
}

// MARK: Operators

extension Trial {
  private func act(_ deed: TestCase.Deed, _ index: Int) throws {
    let path = "do.\(index)"
    let by = deed.by.map { Subject($0) } ?? .local
    let mark = test.name.mark
    switch deed.kind {
    case .cancel(let why):
      end(path, mark) { .cancel(EndCase(caseID: $0, by: by, why: why)) }
    case .terminate(let why):
      end(path, mark) { .terminate(EndCase(caseID: $0, by: by, why: why)) }
    case .deposit(let place, let given):
      guard let found = net.place(titled: place.value),
        let value = value(given, of: net.places[found])
      else { return }
      let command = DepositToken(
        workflow: net.name, place: place.value, value: value, by: by, why: "test")
      note(take(.deposit(command)), path: path, at: place.mark)
    case .withdraw(let place, let given):
      withdraw(place, given, by: by, path)
    case .pause(let transition): pause(transition, by) { .pause($0) }
    case .resume(let transition): pause(transition, by) { .resume($0) }
    case .restart: try restart()
    }
  }

  /// Every open case of the trial.
  private func end(_ path: String, _ mark: SourceMark, _ command: (CaseID) -> Command) {
    let open = core.machine.state.cases.keys.sorted()
    if open.isEmpty { refuse(path, .caseClosed, at: mark) }
    for id in open { note(take(command(id)), path: path, at: mark) }
  }

  private func withdraw(
    _ place: Located<String>, _ given: TestValue, by: Subject, _ path: String
  ) {
    guard let found = net.place(titled: place.value),
      let value = value(given, of: net.places[found])
    else { return }
    let state = core.machine.state
    let symbol = state.places.find(net.places[found].name)
    let token = state.shared.values.filter { $0.place == symbol && $0.value == value }
      .map(\.id).min()
    guard let token else { return refuse(path, .noSuchToken, at: place.mark) }
    let command = WithdrawToken(token: token, by: by, why: "test")
    note(take(.withdraw(command)), path: path, at: place.mark)
  }

  private func pause(
    _ transition: Located<String>?, _ by: Subject, _ command: (SetPause) -> Command
  ) {
    let target: SetPause.Target =
      transition.map { .transition(net.name, TransitionName($0.value)) } ?? .workflow(net.name)
    _ = take(command(SetPause(target: target, by: by)))
  }

  /// The process ends between two commits and starts again: what was under way is lost, the log is
  /// folded anew.
  private func restart() throws {
    try commit()
    agenda.keep { item in
      switch item {
      case .call, .report: false
      case .start, .message, .deed, .answer: true
      }
    }
    judge.forgetAll()
    core.store.close()
    let opened = try opening.open(at: now)
    let effects = opened.effects
    core = opened.takeCore()
    history.add("restarted", "the log is folded anew", at: now)
    try perform(effects)
  }
}

extension Instant {
  init(_ timestamp: Timestamp) {
    self.init(
      microseconds: timestamp.seconds * 1_000_000 + Int64(timestamp.nanoseconds) / 1_000)
  }
}
