import PetriNet

/// `/health/live` and `/health/ready`.
enum HealthChecks {
  static let turnMicrosecondsMax: Int64 = 5_000_000
  static let commitMicrosecondsMax: Int64 = 1_000_000

  /// 200 while the loop has turned within 5 s; else 503, and a restart may help.
  static func live(_ call: Call) async throws(Problem) -> Answer {
    let health = call.api.engine.health()
    let turns = health.sinceTurnMicroseconds <= turnMicrosecondsMax
    return answer(turns, [("turned", turns)])
  }

  /// 200 when the log is folded and writable, commits take less than a second, and the service is
  /// not stopping.
  static func ready(_ call: Call) async throws(Problem) -> Answer {
    let health = call.api.engine.health()
    let checks = [
      ("turned", health.sinceTurnMicroseconds <= turnMicrosecondsMax),
      ("folded", health.isFolded), ("writable", health.isWritable),
      (
        "commits",
        health.lastCommitMicroseconds.map { $0 < commitMicrosecondsMax } ?? true
      ),
      ("taking_work", !health.isDraining),
    ]
    return answer(checks.allSatisfy { $0.1 }, checks)
  }

  private static func answer(_ isWell: Bool, _ checks: [(String, Bool)]) -> Answer {
    .json(
      .object([
        .init("status", .string(isWell ? "ok" : "no")),
        .init("checks", .object(checks.map { .init($0.0, .bool($0.1)) })),
      ]),
      status: isWell ? 200 : 503)
  }
}
