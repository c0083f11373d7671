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
  private static let firingsTold = 5_000

  enum Item {
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
  var core: LoopCore
  var history: History
  private(set) var actions: ScriptedActions
  var refusals: [RefusedInput] = []
  /// What stopped the run before its end.
  var problems: [Finding] = []
  /// When something was last decided.
  private(set) var lastDecided: Instant
  let opening: LoopOpening
  let log: MemoryLog
  var agenda = Agenda<Item>()
  var judge: ScriptedJudge
  var people: ScriptedPeople

  init(
    _ test: TestCase, of file: TestFile, net: Net, called: [Net] = [], seed: UInt64
  ) throws {
    self.test = test
    self.net = net
    began = Instant(file.now)
    now = began
    lastDecided = began
    let bytes = TrialSeed.bytes(seed, test.name.value)
    let log = MemoryLog(keys: MemoryKeys(.seeded(bytes)))
    self.log = log
    opening = TrialOpening.opening(net: net, called: called, log: log, seed: bytes)
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
  ///
  /// - Parameter progress: Takes the number of firings, each time so many more have been.
  func run(progress: (Int) -> Void = { _ in }) throws {
    var told = 0
    var end: Instant?
    if case .elapsed(let microseconds) = test.until { end = began.advanced(by: microseconds) }
    while problems.isEmpty {
      let due = [core.machine.nextDue(), agenda.next].compactMap(\.self).min()
      guard let due, end.map({ due <= $0 }) ?? true else { break }
      now = max(now, due)
      try step()
      if history.firings - told >= Self.firingsTold {
        told = history.firings
        progress(told)
      }
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

  @discardableResult func take(_ command: Command) -> Reply {
    let lookups = Lookups { [judge] in judge.silence(of: $0) }
    return core.take(command, at: now, lookups: lookups)
  }

  /// Ends the group: its rows are in the log, its effects are performed.
  func commit() throws {
    let (_, effects, _) = try core.commit()
    try perform(effects)
  }

  func perform(_ effects: [Effect]) throws {
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
  func tell(_ findings: [Finding]) {
    for var finding in findings {
      if finding.mark.line == 0 { finding.mark = test.name.mark }
      problems.append(finding)
    }
  }
}

extension Instant {
  init(_ timestamp: Timestamp) {
    self.init(
      microseconds: timestamp.seconds * 1_000_000 + Int64(timestamp.nanoseconds) / 1_000)
  }
}
