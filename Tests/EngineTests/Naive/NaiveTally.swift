/// What random nets are made of.
enum Construct: String, CaseIterable {
  // Counted as used whenever a transition that has it fires.
  case guarded, guardOfList, readsInput, caseIsLate, eachOfList, whereSingle, joinTwo, joinThree,
    joinStar, read, priority, countNumber, countRange
  case countAll, countExpression, afterConstant, afterComputed, at, putAfter, putAt, each, copy
  case keyedCount, keyedUnless
  case plain, choose, judge, action, task, call, callResult, message, shared, laterVersion
  // Counted as used whenever it decides something.
  case unless, unlessSeesLater, limit, limitPer, capacity, order, key, initial
  case cancelArc, cancelAbort, messageExpired, messageRepeated, caseJoined, caseRefused
  case caseKeyKept, casePlaceCancelled, caseCancelled, caseTerminated, childCancelled, callRefused
  case incident, incidentOfWait, incidentRetried, incidentIgnored, incidentGone, halted, runaway
  case pausedWorkflow, unsettled, settledByRetry, settledByChoice, settledByDrop, lateOutcome
  case unknownOutcome, offerWithdrawn, tokenWithdrawn, scheduleFired
  case scheduleSkipped, contestedPlace, waitsOfLaterVersion
}

/// How many random nets have a construct, and how often it decided what was logged.
final class NaiveTally {
  private(set) var nets: [Construct: Int] = [:]
  private(set) var uses: [Construct: Int] = [:]
  private(set) var netCount = 0
  private(set) var rowCount = 0
  /// By workflow, version from 0, transition: what the transition has.
  private var features: [String: Set<Construct>] = [:]
  private var own: Set<Construct> = []
  private var used: [Construct: Int] = [:]

  /// What a version of a workflow has; "" stands for the file as a whole.
  func has(_ described: [String: Set<Construct>], _ workflow: String, version: Int) {
    for (transition, constructs) in described {
      features["\(workflow)/\(version)/\(transition)"] = constructs
      own.formUnion(constructs)
    }
  }

  func use(_ construct: Construct) { used[construct, default: 0] += 1 }

  func fires(_ workflow: String, version: Int, _ transition: String) {
    for construct in features["\(workflow)/\(version)/\(transition)"] ?? [] { use(construct) }
    if version > 0 { use(.laterVersion) }
  }

  /// Adds what one net did, whose rows were equal.
  func add(_ run: NaiveTally, rows: Int) {
    netCount += 1
    rowCount += rows
    for construct in run.own { nets[construct, default: 0] += 1 }
    for (construct, count) in run.used {
      uses[construct, default: 0] += count
      if !run.own.contains(construct) { nets[construct, default: 0] += 1 }
    }
  }

  var text: String {
    let lines = Construct.allCases.map {
      "\($0.rawValue): in \(nets[$0] ?? 0) nets, decided \(uses[$0] ?? 0) times"
    }
    return "\(netCount) random nets, \(rowCount) rows equal\n" + lines.joined(separator: "\n")
  }

  /// Constructs that too few of the nets reach.
  func missing(perTenThousand: Int) -> [Construct] {
    Construct.allCases.filter { (uses[$0] ?? 0) * 10_000 < perTenThousand * netCount }
  }
}
