internal import Transfer

/// The limits of one key, or of whatever else several endpoints share, and which these are.
///
/// Unchecked: touched on the loop's thread only, once its endpoints are made.
final class Quota: @unchecked Sendable {
  private struct Member {
    weak var line: EndpointLine?
  }

  let gauge: SharedGauge
  private var members: [Member] = []

  init(_ configuration: QuotaConfiguration) {
    gauge = SharedGauge(
      .init(
        concurrency: configuration.concurrency, requestsAMinute: configuration.requestsAMinute,
        tokensAMinute: configuration.tokensAMinute, budgetADay: configuration.budgetADay))
  }

  func add(_ line: EndpointLine) { members.append(Member(line: line)) }

  /// Those that share it, in the order in which they take what is free.
  var lines: [EndpointLine] { gauge.inTurn(members.count).compactMap { members[$0].line } }

  /// A call of this endpoint has begun.
  func note(_ line: EndpointLine) {
    gauge.last = members.firstIndex { $0.line === line } ?? 0
  }
}
