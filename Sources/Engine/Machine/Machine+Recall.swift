package import PetriNet

/// A key that "the same again" is answered from, out of a row that is not folded.
package enum RecalledKey: Sendable {
  /// A case that closed, with its version when it was opened and its business key.
  case closedCase(CaseID, of: DefinitionID, key: String, closed: Instant)
  /// A row with a deposit that has a message key; its values are texts.
  case message(LoggedEvent)
}

extension Machine {
  /// How long keys of closed cases and of messages are answered from under these nets, in microseconds;
  /// 0 if none has any.
  package static func keysKeptMicroseconds(by nets: some Collection<Net>) -> Int64 {
    var kept: Int64 = 0
    for net in nets {
      if net.caseRules.key != nil { kept = max(kept, net.caseRules.keepMicroseconds) }
      for place in net.places where place.key != nil {
        if case .message(let keep) = place.kind { kept = max(kept, keep) }
      }
    }
    return kept
  }

  /// Takes keys of rows before those that were folded: what a fold of them would have left beside the
  /// state. To be told after `fold` and before `open`.
  ///
  /// - Parameter keys: in the order of their rows.
  package mutating func recall(_ keys: [RecalledKey]) {
    precondition(!state.index.isOpen, "keys are recalled before the state is opened")
    var earlier = RecentKeys()
    for recalled in keys {
      switch recalled {
      case .closedCase(let caseID, let version, let key, let closed):
        let key = BusinessKey(workflow: state.workflowName(version), key: key)
        earlier.close(key, caseID, at: closed)
      case .message(let row):
        guard case .tokenDeposited(let event) = row.event, let key = event.messageKey,
          let token = event.tokens.first
        else { continue }
        var content: Cargo?
        if case .value(let cargo) = token.content { content = cargo }
        earlier.deposit(
          key, RecentKeys.Message(first: row.seq, at: row.at, content: content, key: event.key),
          in: token.place)
      }
    }
    earlier.follow(state.recent)
    state.recent = earlier
  }
}
