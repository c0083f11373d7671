extension State {
  /// What leaves by age moves nothing; the log says that it left.
  func decide(_ event: LogPruned) -> Decision {
    precondition(
      event.first.number >= 1 && event.first <= event.last && event.last <= lastSeq,
      "rows that leave are rows of the log")
    return Decision([Draft(nil, .logPruned(event))], reply: .done(event: nextSeq))
  }

  func decide(_ event: PayloadsExpired) -> Decision {
    precondition(event.through <= lastSeq, "payloads that leave are of rows of the log")
    return Decision([Draft(nil, .payloadsExpired(event))], reply: .done(event: nextSeq))
  }

  /// Rows that something still in flight or open began: firings, offers and incidents.
  package var rowsHeld: Set<Seq> {
    var held = Set(firings.keys.map(\.seq))
    held.formUnion(offers.keys.map(\.seq))
    held.formUnion(incidents.keys.map(\.seq))
    return held
  }

  /// Closed cases for which something still runs, and others: their rows must stay.
  package var casesHeld: Set<CaseID> { Set(firings.values.compactMap(\.caseID)) }

  /// Keys of messages of which a token at rest, a firing in flight or an open case may still hold
  /// sealed parts.
  package var messageKeysHeld: Set<Int64> {
    var held = Set(shared.values.compactMap(\.key))
    for found in cases.values { held.formUnion(found.keys.dropFirst()) }
    for firing in firings.values {
      for token in firing.held + firing.copies { if let key = token.key { held.insert(key) } }
    }
    return held
  }
}
