package import Engine

/// Events to rows: LOG §1's keys in their order, personal parts cut out.
///
/// Personal fields, texts and wire bytes must carry the place they are sealed at (`Event.sealed`):
/// what is sealed at the row itself is introduced by it, what is sealed elsewhere only named.
package struct EventEncoding: Sendable {
  var writer = BodyWriter()

  package init() {}

  /// The event as it goes into its row.
  package mutating func encode(_ event: LoggedEvent) throws(EncodingProblem) -> EncodedEvent {
    let kind = try write(event)
    return EncodedEvent(
      kind: kind, body: writer.json.bytes, payloads: writer.parts.map(\.payload),
      blobs: writer.blobs)
  }

  /// Leaves body, parts in order and blobs in `writer`.
  mutating func write(_ event: LoggedEvent) throws(EncodingProblem) -> EventKind {
    writer.begin(row: event.seq, hasCase: event.caseID != nil)
    writer.json.beginObject()
    let kind = try writer.body(of: event.event)
    writer.json.endObject()
    try writer.sortParts()
    try Self.check(.bodyBytes, writer.json.bytes.count)
    try Self.check(.payloads, writer.parts.count)
    try Self.check(.seq, Int(event.seq.number))
    for part in writer.parts { try Self.check(.payloadBytes, part.payload.plaintext.count) }
    return kind
  }

  private static func check(_ limit: RowLimit, _ found: Int) throws(EncodingProblem) {
    guard found <= limit.most else { throw .tooLarge(limit, found: found) }
  }
}

extension BodyWriter {
  mutating func body(of event: Event) throws(EncodingProblem) -> EventKind {
    switch event {
    case .caseOpened(let event): try write(event, as: .caseOpened)
    case .startJoined(let event): write(event, as: .startJoined)
    case .caseClosed(let event): try write(event, as: .caseClosed)
    case .caseMigrated(let event): try write(event, as: .caseMigrated)
    case .fired(let event): try write(event, as: .fired)
    case .verdictRequested(let event): try write(event, as: .verdictRequested)
    case .callRecorded(let event): try write(event, as: .callRecorded)
    case .verdictRecorded(let event): try write(event, as: .verdictRecorded)
    case .firingStarted(let event): try write(event, as: .firingStarted)
    case .attemptFailed(let event): try write(event, as: .attemptFailed)
    case .firingCompleted(let event): try write(event, as: .firingCompleted)
    case .lateOutcomeRecorded(let event): try write(event, as: .lateOutcomeRecorded)
    case .childStarted(let event): try write(event, as: .childStarted)
    case .childEnded(let event): try write(event, as: .childEnded)
    case .firingSettled(let event): try write(event, as: .firingSettled)
    case .taskOffered(let event): write(event, as: .taskOffered)
    case .taskClaimed(let event): write(event, as: .taskClaimed)
    case .taskReleased(let event): write(event, as: .taskReleased)
    case .taskWithdrawn(let event): write(event, as: .taskWithdrawn)
    case .taskAnswered(let event): try write(event, as: .taskAnswered)
    case .tokenDeposited(let event): try write(event, as: .tokenDeposited)
    case .messageRepeated(let event): write(event, as: .messageRepeated)
    case .messageExpired(let event): write(event, as: .messageExpired)
    case .tokensWithdrawn(let event): try write(event, as: .tokensWithdrawn)
    case .placeFilled(let event): try write(event, as: .placeFilled)
    case .waitsSet(let event): write(event, as: .waitsSet)
    case .tokenSent(let event): write(event, as: .tokenSent)
    case .tokenReceived(let event): try write(event, as: .tokenReceived)
    default: try operation(event)
    }
  }

  private mutating func operation(_ event: Event) throws(EncodingProblem) -> EventKind {
    switch event {
    case .scheduleSet(let event): write(event, as: .scheduleSet)
    case .scheduleFired(let event): try write(event, as: .scheduleFired)
    case .scheduleSkipped(let event): write(event, as: .scheduleSkipped)
    case .incidentRaised(let event): write(event, as: .incidentRaised)
    case .incidentResolved(let event): try write(event, as: .incidentResolved)
    case .paused(let event): try write(event, as: .paused)
    case .resumed(let event): try write(event, as: .resumed)
    case .labelRecorded(let event): try write(event, as: .labelRecorded)
    case .commandRefused(let event): write(event, as: .commandRefused)
    case .commandQuarantined(let event): write(event, as: .commandQuarantined)
    case .definitionRegistered(let event): write(event, as: .definitionRegistered)
    case .definitionActivated(let event): try write(event, as: .definitionActivated)
    default: record(event)
    }
  }

  /// The log's own kinds.
  private mutating func record(_ event: Event) -> EventKind {
    switch event {
    case .ownerStarted(let event): write(event, as: .ownerStarted)
    case .requestSlotOpened(let event): write(event, as: .requestSlotOpened)
    case .requestSlotClosed(let event): write(event, as: .requestSlotClosed)
    case .erasureRequested(let event): write(event, as: .erasureRequested)
    case .erasureCompleted(let event): write(event, as: .erasureCompleted)
    case .keysRotated(let event): write(event, as: .keysRotated)
    case .payloadsExpired(let event): write(event, as: .payloadsExpired)
    case .logPruned(let event): write(event, as: .logPruned)
    case .snapshotTaken(let event): write(event, as: .snapshotTaken)
    case .signingKeyChanged(let event): write(event, as: .signingKeyChanged)
    case .restored(let event): write(event, as: .restored)
    default: preconditionFailure("every kind of event has an encoding")
    }
  }
}
