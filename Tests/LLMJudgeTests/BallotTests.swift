import Engine
import LLMJudge
import Orchestration
import Synchronization
import Testing

@Suite struct BallotTests {
  private final class Reports: Sendable {
    let verdicts = Mutex<[Verdict]>([])
    let confidences = Mutex<[Double?]>([])

    func add(_ report: JudgeReport) {
      guard case .verdict(let verdict, let call) = report else { return }
      verdicts.withLock { $0.append(verdict) }
      confidences.withLock { $0.append(call?.confidence) }
    }
  }

  private static func call() -> CallRecord {
    CallRecord(
      attempt: 1, endpoint: "e", requested: "m", started: Instant(microseconds: 0),
      ended: Instant(microseconds: 1))
  }

  private static func verdict(_ labels: [String], agree: Int, atLeast: Double?) -> Verdict? {
    let reports = Reports()
    let ballot = Ballot(voters: 3, needed: agree, atLeast: atLeast) { reports.add($0) }
    for label in labels { _ = ballot.take(.verdict(.label(label), call())) }
    return reports.verdicts.withLock { $0.count == 1 ? $0[0] : nil }
  }

  @Test(
    arguments: [
      (["yes", "yes"], 2, nil, Verdict.label("yes")),
      (["yes", "yes", "yes"], 2, 0.9, .label("yes")),
      (["yes", "yes", "no"], 2, 0.9, .fallback(.lowConfidence)),
      (["yes", "no", "yes"], 2, 0.6, .label("yes")),
      (["yes", "no", "other"], 2, 0.6, .fallback(.disagreement)),
      (["yes", "no", "yes"], 3, nil, .fallback(.disagreement)),
    ] as [([String], Int, Double?, Verdict)])
  func `votes decide, and the share that agrees is the confidence`(
    _ labels: [String], _ agree: Int, _ atLeast: Double?, _ expected: Verdict
  ) {
    #expect(Self.verdict(labels, agree: agree, atLeast: atLeast) == expected)
  }
}
