import PetriNet

/// Takes one row into the state. Reads no value and evaluates no expression: what is logged has
/// happened, so a contradiction is a bug of the writer.
///
/// - Precondition: rows come in order, without gaps.
package func apply(_ row: LoggedEvent, to state: inout State) {
  precondition(row.seq.number == state.lastSeq.number + 1, "rows are applied in order")
  state.lastSeq = row.seq
  state.lastAt = row.at
  state.epoch = row.epoch
  switch row.event {
  case .caseOpened(let event): state.apply(event, row)
  case .startJoined(let event): state.apply(event, row)
  case .caseClosed(let event): state.apply(event, row)
  case .caseMigrated(let event): state.apply(event, row)
  case .fired(let event): state.apply(event, row)
  case .verdictRequested(let event): state.apply(event, row)
  case .callRecorded(let event):
    if let label = event.call.label { state.firings[event.firing]?.votes.append(label) }
  case .verdictRecorded(let event): state.apply(event, row)
  case .firingStarted(let event): state.apply(event, row)
  case .attemptFailed(let event): state.apply(event)
  case .firingCompleted(let event): state.apply(event, row)
  case .lateOutcomeRecorded(let event): state.endLetGo(event.firing)
  case .childStarted(let event): state.apply(event, row)
  case .childEnded(let event): state.apply(event, row)
  case .firingSettled(let event): state.apply(event, row)
  case .taskOffered(let event): state.apply(event, row)
  case .taskClaimed(let event):
    state.offers[event.task]?.holder = event.holder ?? event.by
    state.offers[event.task]?.until = event.until
  case .taskReleased(let event):
    state.offers[event.task]?.holder = nil
    state.offers[event.task]?.until = nil
  case .taskWithdrawn(let event): state.removeOffer(event.task)
  case .taskAnswered(let event): state.apply(event, row)
  case .tokenDeposited(let event): state.apply(event, row)
  case .messageExpired(let event): state.remove(event.withdrawn, of: nil)
  case .tokensWithdrawn(let event): state.remove(event.withdrawn, of: nil)
  case .tokenSent(let event): state.remove(event.sent, of: nil)
  case .tokenReceived(let event): state.put(event.tokens, row, from: [])
  case .placeFilled(let event):
    state.filled.insert(event.place)
    state.put(event.tokens, row, from: [])
  case .waitsSet(let event): state.apply(event, row)
  case .scheduleSet, .scheduleFired, .scheduleSkipped, .definitionRegistered,
    .definitionActivated, .ownerStarted, .requestSlotOpened, .requestSlotClosed,
    .erasureRequested, .erasureCompleted:
    state.applyRegister(row)
  case .incidentRaised(let event): state.apply(event, row)
  case .incidentResolved(let event): state.apply(event)
  case .paused(let event): state.setPause(event, to: true)
  case .resumed(let event): state.setPause(event, to: false)
  case .messageRepeated, .labelRecorded, .commandRefused, .commandQuarantined, .keysRotated,
    .payloadsExpired, .logPruned, .snapshotTaken, .signingKeyChanged, .restored:
    break
  }
}
