internal import Engine
package import Orchestration

/// Counts the votes of several aliases on one question; touched on the loop's thread only.
///
/// Decides as soon as enough agree, or as soon as enough no longer can.
///
/// Unchecked: see above.
package final class Ballot: @unchecked Sendable {
  private let agree: Int
  private let needed: Int
  private let voters: Int
  private var votes: [String: Int] = [:]
  private var ended = 0
  private var isDecided = false
  private let report: @Sendable (JudgeReport) -> Void

  /// - Parameters:
  ///   - needed: So many must agree.
  ///   - atLeast: The share of the voters that must agree, 0 to 1; below it the verdict is not sure
  ///     enough, though `needed` agree.
  package init(
    voters: Int, needed: Int, atLeast: Double? = nil,
    report: @escaping @Sendable (JudgeReport) -> Void
  ) {
    self.voters = voters
    agree = min(max(1, needed), voters)
    let share = atLeast.map { Int(($0 * Double(voters)).rounded(.up)) } ?? 0
    self.needed = min(max(agree, share), voters)
    self.report = report
  }

  /// Takes what one alias reports.
  ///
  /// - Returns: Whether the question has just been decided.
  package func take(_ report: JudgeReport) -> Bool {
    guard case .verdict(let verdict, let call) = report else {
      self.report(report)
      return false
    }
    guard !isDecided else {
      guard let call else { return false }
      if case .fallback(let reason) = verdict {
        self.report(.call(call, reason))
      } else {
        self.report(.call(call, nil))
      }
      return false
    }
    ended += 1
    var record = call
    var reason: FallbackReason?
    switch verdict {
    case .fallback(let why): reason = why
    case .label(let label):
      votes[label, default: 0] += 1
      record?.source = .votes
      if votes[label, default: 0] >= needed {
        isDecided = true
        record?.confidence = Double(needed) / Double(voters)
        self.report(.verdict(verdict, record))
        return true
      }
    }
    let possible = (votes.values.max() ?? 0) + (voters - ended)
    if possible < needed {
      isDecided = true
      let why: FallbackReason = possible < agree ? .disagreement : .lowConfidence
      self.report(.verdict(.fallback(why), record))
      return true
    }
    if let record { self.report(.call(record, reason)) }
    return false
  }
}
