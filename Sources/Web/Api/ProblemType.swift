import Engine

/// Every kind of refusal the API answers with: the last part of `type` in problem+json.
///
/// A code is never reused; each type has a page under `/problems/`.
enum ProblemType: String, CaseIterable, Sendable {
  case malformed
  case unknownField = "unknown-field"
  case missingIdempotencyKey = "missing-idempotency-key"
  case mediaType = "media-type"
  case bodyTooLarge = "body-too-large"
  case methodNotAllowed = "method-not-allowed"
  case cursorInvalid = "cursor-invalid"
  case personInvalid = "person-invalid"
  case fourEyes = "four-eyes"
  case foreignHost = "foreign-host"
  case crossSite = "cross-site"
  case noSuchRoute = "no-such-route"
  case noSuchWorkflow = "no-such-workflow"
  case noSuchVersion = "no-such-version"
  case noSuchPlace = "no-such-place"
  case noSuchTransition = "no-such-transition"
  case noSuchEndpoint = "no-such-endpoint"
  case noSuchToken = "no-such-token"
  case noSuchCase = "no-such-case"
  case pruned
  case noSuchTask = "no-such-task"
  case noSuchIncident = "no-such-incident"
  case noSuchVerdict = "no-such-verdict"
  case noSuchProblem = "no-such-problem"
  case caseExists = "case-exists"
  case caseClosed = "case-closed"
  case casesOpen = "cases-open"
  case taskWithdrawn = "task-withdrawn"
  case taskHeld = "task-held"
  case incidentResolved = "incident-resolved"
  case duplicateKey = "duplicate-key"
  case tokenHeld = "token-held"
  case casePlace = "case-place"
  case requestUndecided = "request-undecided"
  case paused
  case versionChanged = "version-changed"
  case ifMatchMissing = "if-match-missing"
  case valueNotInColourSet = "value-not-in-colour-set"
  case noSuchOutcome = "no-such-outcome"
  case raised
  case idempotencyKeyReused = "idempotency-key-reused"
  case answerPruned = "answer-pruned"
  case keyReused = "key-reused"
  case queryInvalid = "query-invalid"
  case quarantined
  case notBuilt = "not-built"
  case placeFull = "place-full"
  case inboxFull = "inbox-full"
  case draining
  case storeUnavailable = "store-unavailable"
  case streamLimit = "stream-limit"
  case internalError = "internal-error"

  /// The status of HTTP.
  var status: Int { row.status }
  /// `T203`.
  var code: String { row.code }
  /// One sentence without a full stop, the same for every occurrence.
  var title: String { row.title }

  private var row: (status: Int, code: String, title: String) {
    switch self {
    case .malformed: (400, "C202", "The request is not well formed")
    case .unknownField: (400, "C201", "The request has a field or parameter that is not known")
    case .missingIdempotencyKey: (400, "C203", "The request needs an Idempotency-Key")
    case .personInvalid: (400, "A101", "Petrel-Person is not a name in percent-encoded UTF-8")
    case .cursorInvalid: (400, "C301", "The cursor is not one that this list gave")
    case .mediaType: (415, "C204", "The body is not JSON")
    case .bodyTooLarge: (413, refusal(.tooLarge), "The request is larger than its limit")
    case .methodNotAllowed: (405, "C206", "The path does not know this method")
    case .fourEyes: (403, refusal(.fourEyes), "Another person has to answer this task")
    case .foreignHost: (403, "A302", "The request names a host that this service is not")
    case .crossSite: (403, "A303", "The request comes from another site")
    case .noSuchRoute: (404, "C207", "There is nothing under this path")
    case .noSuchProblem: (404, "C208", "There is no such type of problem")
    case .noSuchVerdict: (404, refusal(.noSuchFiring), "There is no such verdict")
    case .paused: (409, refusal(.paused), "What should start is paused")
    case .requestUndecided: (409, "C211", "The first request with this key is not decided yet")
    case .versionChanged: (412, "C209", "The resource has changed since it was read")
    case .ifMatchMissing: (428, "C210", "The request needs If-Match")
    case .queryInvalid: (422, "C302", "The query is not valid")
    case .idempotencyKeyReused:
      (422, "C212", "The Idempotency-Key was used with another request")
    case .answerPruned:
      (410, "C218", "The request was taken before, and its answer has left the log")
    case .quarantined: (422, "C213", "The request was put aside because it stopped the service")
    case .notBuilt: (422, refusal(.notYetRun), "This version cannot do that yet")
    case .inboxFull: (503, "C215", "Too many requests are waiting")
    case .draining: (503, "C216", "The service is stopping")
    case .streamLimit: (503, "C217", "Too many streams are open")
    case .storeUnavailable: (503, "S201", "The log cannot be written or read now")
    case .internalError: (500, "X001", "The service made a mistake")
    default: netRow
    }
  }

  /// Those about cases, tasks, places and incidents.
  private var netRow: (status: Int, code: String, title: String) {
    switch self {
    case .noSuchCase: (404, refusal(.noSuchCase), "There is no such case")
    case .pruned: (410, "T111", "It has left the log by its age")
    case .caseExists: (409, refusal(.caseExists), "An open or recent case has this key")
    case .caseClosed: (409, refusal(.caseClosed), "The case is closed")
    case .noSuchWorkflow: (404, refusal(.noSuchWorkflow), "There is no such workflow")
    case .noSuchVersion: (404, "T107", "There is no such version of the workflow")
    case .noSuchTransition: (404, "T108", "There is no such transition")
    case .noSuchEndpoint: (404, "T109", "There is no such endpoint")
    case .casesOpen: (409, "T110", "Cases about the person are still open")
    case .noSuchTask: (404, refusal(.noSuchTask), "There is no such task")
    case .taskWithdrawn: (409, refusal(.taskWithdrawn), "The task is no longer offered")
    case .valueNotInColourSet:
      (422, refusal(.valueNotInColourSet), "The value does not fit its type")
    case .taskHeld: (409, refusal(.taskHeld), "Another person holds the task")
    case .noSuchOutcome: (422, refusal(.noSuchOutcome), "The outcome does not exist")
    case .noSuchPlace: (404, refusal(.noSuchPlace), "There is no such place")
    case .placeFull: (429, refusal(.placeFull), "The place is full")
    case .duplicateKey: (409, refusal(.duplicateKey), "The place holds a token with this key")
    case .tokenHeld: (409, refusal(.tokenHeld), "A firing holds the token")
    case .casePlace:
      (409, refusal(.casePlace), "Nothing is deposited into the place of a case from outside")
    case .keyReused: (422, refusal(.keyReused), "The message key was used with another value")
    case .noSuchToken: (404, refusal(.noSuchToken), "There is no such token in the place")
    case .noSuchIncident: (404, refusal(.noSuchIncident), "There is no such incident")
    case .incidentResolved: (409, refusal(.incidentResolved), "The incident is resolved")
    case .raised:
      (422, refusal(.raised), "An expression of the workflow raised an error for this value")
    default: (500, "X001", "The service made a mistake")
    }
  }

  /// The engine's own code, so that it is written in one place.
  private func refusal(_ reason: RefusalReason) -> String { reason.code }

  /// Seconds after which the same request may be sent again; nil where waiting does not help.
  var retryAfterSeconds: Int? {
    switch self {
    case .inboxFull, .placeFull, .requestUndecided: 1
    case .storeUnavailable, .streamLimit: 5
    case .draining: 10
    default: nil
    }
  }
}
