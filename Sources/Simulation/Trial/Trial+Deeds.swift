internal import CEL
internal import Engine
internal import Orchestration
internal import PetriNet
internal import Workflows

/// What an operator does while the case runs.
extension Trial {
  func act(_ deed: TestCase.Deed, _ index: Int) throws {
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

  /// Every open case of the trial; called cases end with their callers.
  private func end(_ path: String, _ mark: SourceMark, _ command: (CaseID) -> Command) {
    let open = core.machine.state.cases.keys.sorted()
    if open.isEmpty { refuse(path, .caseClosed, at: mark) }
    for id in open where core.machine.state.cases[id] != nil {
      note(take(command(id)), path: path, at: mark)
    }
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
