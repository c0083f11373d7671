/// The kinds of rows, by the names that stand in the log.
package enum EventKind: String, CaseIterable, Sendable {
  case caseOpened, startJoined, caseClosed, caseMigrated
  case fired, verdictRequested, callRecorded, verdictRecorded
  case firingStarted, attemptFailed, firingCompleted, lateOutcomeRecorded
  case childStarted, childEnded, firingSettled
  case taskOffered, taskClaimed, taskReleased, taskWithdrawn, taskAnswered
  case tokenDeposited, messageRepeated, messageExpired, tokensWithdrawn, placeFilled, waitsSet
  case scheduleSet, scheduleFired, scheduleSkipped
  case incidentRaised, incidentResolved, paused, resumed, labelRecorded
  case commandRefused, commandQuarantined
  case definitionRegistered, definitionActivated, ownerStarted
  case requestSlotOpened, requestSlotClosed
  case erasureRequested, erasureCompleted, keysRotated, payloadsExpired, logPruned, snapshotTaken
  case signingKeyChanged, restored, tokenSent, tokenReceived

  /// The version that this binary writes; the only one there is so far.
  package static let version = 1
}

/// What a payload is.
package enum PayloadRole: String, Sendable {
  /// The personal fields of one record, as a canonical JSON object.
  case value
  /// The body of a request to a model, as sent.
  case request
  /// The body of a model's reply.
  case reply
  /// What a person or another system wrote, as UTF-8.
  case text
}
