import CEL
import PetriNet

extension State {
  func decide(_ command: DepositMessage, at now: Instant) -> Decision {
    let deposit = Deposit(
      by: command.by, request: command.request, why: nil, isMessage: true, now: now)
    return self.deposit(command.value, command.workflow, command.place, deposit)
  }

  func decide(_ command: DepositToken, at now: Instant) -> Decision {
    let deposit = Deposit(
      by: command.by, request: command.request, why: command.why, isMessage: false, now: now)
    return self.deposit(command.value, command.workflow, command.place, deposit)
  }

  private struct Deposit {
    let by: Subject?
    let request: RequestIdentity?
    let why: String?
    let isMessage: Bool
    let now: Instant
  }

  private func deposit(
    _ given: Value, _ workflow: WorkflowName, _ title: String, _ deposit: Deposit
  ) -> Decision {
    func refuse(
      _ reason: RefusalReason, _ problems: [AdmissionProblem] = [], of: Seq? = nil
    ) -> Decision {
      self.refuse(
        Refusal(.deposit, reason, of: of, name: title, problems: problems), by: deposit.by,
        request: deposit.request)
    }
    guard let plan = currentPlan(workflow) else { return refuse(.noSuchWorkflow) }
    guard let place = plan.place(titled: title) else { return refuse(.noSuchPlace) }
    let described = plan.net.places[place.index]
    guard place.isShared else { return refuse(.casePlace) }
    var keep: Int64?
    if case .message(let microseconds) = described.kind { keep = microseconds }
    guard keep != nil || !deposit.isMessage else { return refuse(.noSuchPlace) }
    let value = described.colour.coerced(given).unsealed
    guard described.colour.contains(value) else {
      return refuse(.valueNotInColourSet, described.colour.admits(value))
    }
    var size = RowSize()
    size.add(value, described.colour)
    guard size.fits(index.limits) else { return refuse(.tooLarge) }
    let key = fieldValue(described.key, of: value)
    if let key, let keep {
      let since = deposit.now.advanced(by: -keep)
      if let first = recent.message(key, in: described.name, since: since) {
        guard content(of: first) == value else { return refuse(.keyReused, of: first.first) }
        let event = MessageRepeated(by: deposit.by, first: first.first, request: deposit.request)
        return Decision(
          [Draft(nil, .messageRepeated(event))],
          reply: .deposited(TokenID(first.first, 0), event: nextSeq, repeated: true))
      }
    } else if let key, index.keys[place.symbol]?[key] ?? 0 > 0 {
      return refuse(.duplicateKey)
    }
    guard !isFull(place, plan) else { return Decision(reply: .placeFull(described.name)) }
    return put(value, key, keep != nil, place, plan, deposit)
  }

  private func put(
    _ value: Value, _ key: Value?, _ isMessagePlace: Bool, _ place: PlacePlan, _ plan: VersionPlan,
    _ deposit: Deposit
  ) -> Decision {
    let described = plan.net.places[place.index]
    var made = Made()
    var token = MadeToken(
      place: described.name, content: value == .null ? .unit : .value(.value(value)))
    setWaits(&token, value, place, plan, nil, deposit.now, &made)
    made.tokens.append(token)
    let event = TokenDeposited(
      by: deposit.by, key: described.colour.holdsPersonal ? nextKey : nil,
      messageKey: isMessagePlace ? key.map(Cargo.value) : nil, request: deposit.request,
      tokens: made.tokens, why: deposit.why.map { SealedText($0) })
    return Decision(
      [Draft(nil, .tokenDeposited(event))] + made.incidents(nextSeq, nil),
      reply: .deposited(TokenID(nextSeq, 0), event: nextSeq, repeated: false))
  }

  private func fieldValue(_ field: Int?, of value: Value) -> Value? {
    guard let field, case .record(let record) = value else { return nil }
    return record.fields[field]
  }

  private func content(of message: RecentKeys.Message) -> Value {
    if case .value(let value)? = message.content { return value }
    return .null
  }

  func decide(_ command: WithdrawToken) -> Decision {
    let id = command.token
    guard shared[id] != nil else {
      let holder = firings.values.filter { $0.held.contains { $0.id == id } }.map(\.id).min()
      let reason: RefusalReason = holder == nil ? .noSuchToken : .tokenHeld
      return refuse(
        Refusal(
          .withdraw, reason, of: holder?.seq, name: "\(id.seq.number).\(id.index)"),
        by: command.by, request: command.request)
    }
    let event = TokensWithdrawn(
      by: command.by, request: command.request, why: SealedText(command.why), withdrawn: [id])
    return Decision([Draft(nil, .tokensWithdrawn(event))], reply: .done(event: nextSeq))
  }
}
