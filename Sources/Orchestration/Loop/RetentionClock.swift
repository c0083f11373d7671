import Engine

/// When a pass of retention begins, and which one is under way.
struct RetentionClock {
  let retention: Retention
  private(set) var plan: RetirementPlan?
  private var next = Instant(microseconds: .min)
  private var passes = 0

  init(_ retention: Retention) { self.retention = retention }

  var isUnderWay: Bool { plan != nil }

  /// The plan of the pass under way, or of one that is due now.
  mutating func plan(at now: Instant, _ state: State) -> RetirementPlan? {
    if let plan { return plan }
    guard now >= next else { return nil }
    next = now.advanced(by: Retention.passMicroseconds)
    passes += 1
    let holds = retention.casesMicroseconds != nil
    plan = RetirementPlan(
      number: passes, now: now, retention: retention, rowsHeld: holds ? state.rowsHeld : [],
      casesHeld: holds ? state.casesHeld : [], keysHeld: holds ? state.messageKeysHeld : [])
    return plan
  }

  mutating func end() { plan = nil }
}
