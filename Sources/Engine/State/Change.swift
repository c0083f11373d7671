import PetriNet

/// What `apply` did to the state, for the index that is derived from it.
enum Change: Sendable {
  /// A token is at rest: a new one, or one given back.
  case put(TokenID, PlaceSymbol, CaseID?, isNew: Bool)
  /// A token of a case is no longer at rest; with the case's version then.
  case left(Token, CaseID, DefinitionID)
  /// A shared token is no longer at rest; with its position in the table until now.
  case leftShared(Token, slot: Int32)
  /// A token at rest was given instants that arcs wait for.
  case waits(TokenID, CaseID?)
  /// A token that was at rest or held is no more.
  case gone(Token)
  case began(FiringID)
  /// A firing left, or was let go (then it goes on counting for its limit).
  indirect case ended(Firing)
  case letGo(FiringID)
  /// An attempt failed and another follows.
  case retried(FiringID)
  case offered(TaskID)
  indirect case offerLeft(Offer)
  case caseOpened(CaseID)
  case caseClosed(DefinitionID)
  /// A case went to another version.
  case migrated(from: DefinitionID, to: DefinitionID)
  /// A firing in flight went to another version; as it was before.
  indirect case moved(Firing)
  /// An incident was raised; false: it was resolved.
  indirect case incident(Incident, isOpen: Bool)
  /// A schedule has a new instant.
  case scheduled(ScheduleKey)
  /// What is paused, current or set aside changed.
  case everything
}
