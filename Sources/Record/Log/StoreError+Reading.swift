package import Engine
package import Orchestration

extension StoreError {
  /// The store failed before and waits to be closed.
  package static var broken: StoreError {
    StoreError(.failed, code: "S110", "the log is closed after a failure; open it anew")
  }

  /// Another owner wrote a row that this one thought was its own.
  package static func fenced(_ seq: Int64) -> StoreError {
    StoreError(
      .fenced, code: "S113",
      "row \(seq) is in the log already: another process has written to it; this one must stop")
  }

  /// A row that could be read but not applied; never skipped.
  package static func unfolded(_ seq: Seq, _ kind: String, _ error: any Error) -> StoreError {
    if let error = error as? StoreError { return error }
    return StoreError(
      .unreadable, code: "S105", "row \(seq.number) (\(kind)) cannot be folded: \(error)")
  }

  /// Runs `body` and tells what is wrong with the text of a value as a refusal.
  package static func reading<Result>(_ body: () throws -> Result) throws(StoreError) -> Result {
    do {
      return try body()
    } catch let error as StoreError {
      throw error
    } catch let problem as CanonicalProblem {
      throw StoreError(
        .unreadable, code: "S106",
        "the text of a value cannot be read at byte \(problem.offset): \(problem.message)")
    } catch {
      throw StoreError(.unreadable, code: "S106", "the text of a value cannot be read: \(error)")
    }
  }
}
