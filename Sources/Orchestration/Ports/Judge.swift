package import CEL
package import Engine
package import PetriNet

/// Asks a model one closed question. The port that `LLMJudge` fills, and a script in tests.
package protocol Judge: Sendable {
  /// Begins to ask; returns at once. `report` is called from any thread: any number of times with
  /// calls that did not decide, then at most once with the verdict; after `abandon` or the deadline
  /// further reports are allowed and are recorded as late.
  ///
  /// The judge keeps the question's deadline by itself, but the loop does not rely on it: it ends
  /// the firing by its own clock.
  func ask(_ question: Question, report: @escaping @Sendable (JudgeReport) -> Void)

  /// The firing ended otherwise: transfers under way may be cut.
  func abandon(_ firing: FiringID)

  /// Whether an attempt is under way, and whether a byte of its reply has come: what tells
  /// `timeout.first_byte`, `timeout.slow` and `timeout.total` apart at the deadline.
  func progress(of firing: FiringID) -> JudgeProgress

  /// These endpoints are asked nothing new until this is called again; what is under way ends. What
  /// would go to one of them goes to the next of its alias, or is a fallback (paused).
  func pause(_ endpoints: Set<String>)

  /// How each endpoint does, in the order of the configuration.
  var endpoints: [EndpointStanding] { get }

  /// The service stops: a call whose question has ended is not kept open for a late answer any more.
  /// It is cut, as are those that come to that from now on, and its end is reported.
  func settle()

  /// Calls under way, and questions asked for the record alone, whose ends are not reported yet.
  var unsettled: Int { get }
}

/// A judge without endpoints.
extension Judge {
  package func pause(_ endpoints: Set<String>) {}

  package var endpoints: [EndpointStanding] { [] }
}

/// A judge whose calls end with their questions.
extension Judge {
  package func settle() {}

  package var unsettled: Int { 0 }
}

/// How an endpoint does; counts are since the start. Holds nothing of a case.
package struct EndpointStanding: Sendable, Equatable {
  package enum Breaker: String, Sendable, CaseIterable {
    case closed, open
    /// One call at a time shows whether the endpoint is back.
    case halfOpen = "half_open"
  }

  package var name: String
  package var dialect: String
  package var model: String
  package var isPaused = false
  package var breaker = Breaker.closed
  /// Calls that wait for their turn, and those that are under way.
  package var waiting = 0
  package var running = 0
  /// Calls that ended: `label`, or the reason of the fallback.
  package var endings: [String: Int] = [:]
  /// Turns that were refused before a call was made: `paused`, `breaker_open`, `budget`.
  package var refusals: [String: Int] = [:]
  package var microseconds: Int64 = 0
  package var tokensIn: Int64 = 0
  package var tokensOut: Int64 = 0
  /// Billionths of the currency of its prices.
  package var cost: Int64 = 0
  /// How far its clock is ahead of ours by the last reply with a date; nil = none had one.
  package var skewMicroseconds: Int64?

  package init(name: String, dialect: String, model: String) {
    self.name = name
    self.dialect = dialect
    self.model = model
  }
}

package enum JudgeProgress: Sendable, Equatable {
  /// No attempt is under way.
  case idle
  /// An attempt is under way and no byte of its reply has come.
  case waiting
  /// Bytes have come, and the reply is not whole.
  case receiving
}

/// One question of one firing, all that a judge needs.
package struct Question: Sendable {
  package var firing: FiringID
  /// `firing.id`, which seeds jitter; the same after a restart.
  package var firingText: String
  package var workflow: WorkflowName
  package var transition: TransitionName
  package var prompt: Prompt
  /// In the order of the prompt's fields.
  package var values: [Value]
  /// Aliases to ask; empty = the operator's default.
  package var models: [String]
  /// How many must agree when several are asked; 1 otherwise.
  package var agree: Int
  package var atLeast: Double?
  /// Wall clock.
  package var deadline: Instant

  package init(
    firing: FiringID, firingText: String, workflow: WorkflowName, transition: TransitionName,
    prompt: Prompt, values: [Value], models: [String], agree: Int, atLeast: Double?,
    deadline: Instant
  ) {
    self.firing = firing
    self.firingText = firingText
    self.workflow = workflow
    self.transition = transition
    self.prompt = prompt
    self.values = values
    self.models = models
    self.agree = agree
    self.atLeast = atLeast
    self.deadline = deadline
  }
}

package enum JudgeReport: Sendable {
  /// A call that did not decide: an error that is retried, one vote of several, a late answer.
  case call(CallRecord, FallbackReason?)
  /// The verdict, with the call that decided it.
  case verdict(Verdict, CallRecord?)
}
