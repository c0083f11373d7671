package import Engine

/// Rows back to events. Values come as canonical text (`Cargo.text`); sealed texts and wire bytes
/// come empty, with their seal.
package enum EventDecoding {
  /// Why a row cannot be read: it says more, or something else, than this version knows.
  package enum Problem: Error, Equatable, Sendable {
    /// A kind, or a version of it, that this binary does not know.
    case unknownKind(String, version: Int)
    case body(CanonicalProblem)
  }

  /// The event of a row.
  package static func event(
    kind: String, version: Int, body: [UInt8], at: Instant, caseID: CaseID?
  ) throws(Problem) -> Event {
    guard let known = EventKind(rawValue: kind), version == EventKind.version else {
      throw .unknownKind(kind, version: version)
    }
    var reader = BodyReader(json: CanonicalReader(body), at: at, hasCase: caseID != nil)
    do throws(CanonicalProblem) {
      let event = try reader.event(known)
      try reader.json.end()
      return event
    } catch {
      throw .body(error)
    }
  }
}

extension BodyReader {
  fileprivate mutating func event(_ kind: EventKind) throws(CanonicalProblem) -> Event {
    switch kind {
    case .caseOpened: .caseOpened(try whole())
    case .startJoined: .startJoined(try whole())
    case .caseClosed: .caseClosed(try whole())
    case .caseMigrated: .caseMigrated(try whole())
    case .fired: .fired(try whole())
    case .verdictRequested: .verdictRequested(try whole())
    case .callRecorded: .callRecorded(try whole())
    case .verdictRecorded: .verdictRecorded(try whole())
    case .firingStarted: .firingStarted(try whole())
    case .attemptFailed: .attemptFailed(try whole())
    case .firingCompleted: .firingCompleted(try whole())
    case .lateOutcomeRecorded: .lateOutcomeRecorded(try whole())
    case .childStarted: .childStarted(try whole())
    case .childEnded: .childEnded(try whole())
    case .firingSettled: .firingSettled(try whole())
    case .taskOffered: .taskOffered(try whole())
    case .taskClaimed: .taskClaimed(try whole())
    case .taskReleased: .taskReleased(try whole())
    case .taskWithdrawn: .taskWithdrawn(try whole())
    case .taskAnswered: .taskAnswered(try whole())
    case .tokenDeposited: .tokenDeposited(try whole())
    case .messageRepeated: .messageRepeated(try whole())
    case .messageExpired: .messageExpired(try whole())
    case .tokensWithdrawn: .tokensWithdrawn(try whole())
    case .placeFilled: .placeFilled(try whole())
    case .waitsSet: .waitsSet(try whole())
    case .tokenSent: .tokenSent(try whole())
    case .tokenReceived: .tokenReceived(try whole())
    default: try operation(kind)
    }
  }

  private mutating func operation(_ kind: EventKind) throws(CanonicalProblem) -> Event {
    switch kind {
    case .scheduleSet: .scheduleSet(try whole())
    case .scheduleFired: .scheduleFired(try whole())
    case .scheduleSkipped: .scheduleSkipped(try whole())
    case .incidentRaised: .incidentRaised(try whole())
    case .incidentResolved: .incidentResolved(try whole())
    case .paused: .paused(try whole())
    case .resumed: .resumed(try whole())
    case .labelRecorded: .labelRecorded(try whole())
    case .commandRefused: .commandRefused(try whole())
    case .commandQuarantined: .commandQuarantined(try whole())
    case .definitionRegistered: .definitionRegistered(try whole())
    case .definitionActivated: .definitionActivated(try whole())
    case .ownerStarted: .ownerStarted(try whole())
    case .requestSlotOpened: .requestSlotOpened(try whole())
    case .requestSlotClosed: .requestSlotClosed(try whole())
    case .erasureRequested: .erasureRequested(try whole())
    case .erasureCompleted: .erasureCompleted(try whole())
    case .keysRotated: .keysRotated(try whole())
    case .payloadsExpired: .payloadsExpired(try whole())
    case .logPruned: .logPruned(try whole())
    case .snapshotTaken: .snapshotTaken(try whole())
    case .signingKeyChanged: .signingKeyChanged(try whole())
    case .restored: .restored(try whole())
    default: preconditionFailure("every kind of event has a reading")
    }
  }

  /// The whole body as one payload of an event.
  private mutating func whole<Body: BodyReadable>() throws(CanonicalProblem) -> Body {
    let (at, hasCase) = (at, hasCase)
    return try json.object { (json) throws(CanonicalProblem) in
      var reader = BodyReader(json: json, at: at, hasCase: hasCase)
      defer { json = reader.json }
      return try Body(&reader)
    }
  }
}
