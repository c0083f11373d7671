internal import Engine
internal import Orchestration
internal import Transfer

/// One question on its way through the endpoints of one alias.
///
/// Unchecked: touched on the loop's thread only; `progress` alone is read from elsewhere.
final class Inquiry: @unchecked Sendable {
  let question: Question
  let preparation: PreparedGuard
  let route: Route
  let deadline: MonotonicInstant
  let progress: ProgressCell
  /// Whether it is asked for the record alone: one attempt, and nobody waits for it.
  let isShadow: Bool
  let report: @Sendable (JudgeReport) -> Void

  /// Whether its verdict is still awaited.
  var isOpen = true
  /// Under way and awaited; more than one where a call is hedged.
  var calls: [Call] = []
  /// Whether a second call was begun because the first took long.
  var isHedged = false
  /// Attempts begun, over all endpoints.
  var attempts = 0
  /// Attempts begun at the present endpoint.
  var attemptsHere = 0
  /// What its fallback is when the clock decides; set at the deadline.
  var reasonAtDeadline = FallbackReason.timeoutTotal
  private var index = 0

  init(
    question: Question, preparation: PreparedGuard, route: Route, deadline: MonotonicInstant,
    progress: ProgressCell, isShadow: Bool = false,
    report: @escaping @Sendable (JudgeReport) -> Void
  ) {
    self.question = question
    self.preparation = preparation
    self.route = route
    self.deadline = deadline
    self.progress = progress
    self.isShadow = isShadow
    self.report = report
  }

  var line: EndpointLine { route.lines[index] }

  /// Where a second call goes: to the next endpoint, or the same if there is none.
  var hedgeLine: EndpointLine { route.lines[min(index + 1, route.lines.count - 1)] }

  /// Turns to the next endpoint; false if there is none.
  func failOver() -> Bool {
    guard index + 1 < route.lines.count else { return false }
    index += 1
    attemptsHere = 0
    return true
  }
}

/// Where the questions to one alias go.
struct Route: Sendable {
  /// In order of fail-over; never empty.
  var lines: [EndpointLine]
  /// Asked too; what they say moves nothing.
  var shadows: [EndpointLine] = []
  /// After so long without an answer a second call is made.
  var hedgeMilliseconds: Int64?
}

/// A place in an endpoint's line.
struct Turn: Sendable {
  let inquiry: Inquiry
  var isHedge = false
}
