package import Orchestration

/// Why a submission came to nothing, as the API says it.
package struct RefusalText: Sendable, Equatable {
  /// Stable: C212 for a key that another request used.
  package var code: String
  package var sentence: String

  /// Nil where it came to something.
  package init?(_ result: SubmissionResult) {
    let problem: Problem?
    switch result {
    case .success(let reply): problem = RefusalProblem.problem(for: reply)
    case .failure(let error): problem = Problem(error)
    }
    guard let problem else { return nil }
    code = problem.type.code
    sentence = problem.detail
  }
}
