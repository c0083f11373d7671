package import Engine

/// Takes commands in groups: decide, apply, append, one transaction a group (LOG §7).
///
/// Has no thread, clock or effects of its own, so that the service, `petrel test` and the fault
/// tests run the same code. After an error the machine is ahead of the disk: throw the core away.
package struct LoopCore: ~Copyable {
  package private(set) var machine: Machine
  package let store: any EventStore
  private let limits: GroupLimits
  /// What the group being gathered holds; `bytes` are those of rows and payloads, about.
  private var events: [LoggedEvent] = []
  package private(set) var bytes = 0
  private var commands = 0
  /// So many of them the store writes already.
  private var prepared = 0
  private var definitions: [StoredDefinition] = []
  private var effects: [Effect] = []
  /// Requests of this group by their identity, with the index of the answer.
  private var requests: [[UInt8]: RequestInGroup] = [:]
  private var slot: Int64?
  /// Rows that leave in the commit of the group.
  private var retiring: RetiringRows?
  private var retention: RetentionClock?
  /// The machine holds values that were erased: fold the log again.
  package private(set) var isStale = false
  let snapshotLimits: SnapshotLimits?
  /// The last row of the snapshot that was begun last.
  var lastSnapshot: Seq

  private struct RequestInGroup {
    var bytes: [UInt8]
    var reply: Reply
  }

  /// - Precondition: the machine is the fold of the store.
  ///
  /// - Parameters:
  ///   - snapshots: when they are taken; by themselves never if there is none.
  ///   - lastSnapshot: the last row of the newest one.
  package init(
    machine: consuming Machine, store: any EventStore, limits: GroupLimits,
    snapshots: SnapshotLimits? = nil, lastSnapshot: Seq = Seq(0), retention: Retention? = nil
  ) {
    self.machine = machine
    self.store = store
    self.limits = limits
    snapshotLimits = snapshots
    self.lastSnapshot = lastSnapshot
    self.retention = retention.map { RetentionClock($0) }
  }

  /// Whether the group should be committed before more is taken in.
  package var isFull: Bool {
    commands >= limits.commandsMax || events.count >= limits.eventsMax || bytes >= limits.bytesMax
  }

  /// Decides one command; its events and effects join the group.
  ///
  /// - Parameter texts: of the definitions that the command registers, by kind, name and hash.
  package mutating func take(
    _ command: Command, at now: Instant, lookups: Lookups, texts: [DefinitionText] = []
  ) -> Reply {
    let handled = machine.handle(command, at: now, lookups: lookups)
    commands += 1
    if !texts.isEmpty { keepTexts(of: handled.events, from: texts) }
    for event in handled.events { bytes += event.bytesAbout }
    events += handled.events
    effects += handled.effects
    if events.count - prepared >= limits.eventsPrepared {
      store.prepare(Array(events[prepared...]))
      prepared = events.count
    }
    return handled.reply
  }

  /// Decides a submission, or answers it as its first use was answered.
  package mutating func take(
    _ submission: Submission, at now: Instant, lookups: Lookups
  ) throws(StoreError) -> SubmissionResult {
    guard let key = submission.key else {
      return .success(Submitted(take(submission.command, at: now, lookups: lookups)))
    }
    try openSlot(at: now, lookups: lookups)
    guard let identified = try store.identify(key, at: engineTime(now)) else {
      throw StoreError(.failed, code: "S201", "the key of this request slot is not at hand")
    }
    switch identified.seen {
    case .same(let row): return .success(Submitted(Reply(repeating: row), isReplay: true))
    case .otherBody: return .failure(.keyReused)
    case .pruned: return .failure(.answerPruned)
    case nil: break
    }
    let identity = identified.identity
    let name = Array(identity.bytes.prefix(16))
    if let first = requests[name] {
      guard first.bytes == identity.bytes else { return .failure(.keyReused) }
      return .success(Submitted(first.reply, isReplay: true))
    }
    let reply = take(submission.command.identified(as: identity), at: now, lookups: lookups)
    if case .placeFull = reply { return .success(Submitted(reply)) }
    requests[name] = RequestInGroup(bytes: identity.bytes, reply: reply)
    return .success(Submitted(reply))
  }

  /// Writes the group; on return its events are on disk and its effects may be performed.
  package mutating func commit() throws(StoreError) -> (head: Seq, effects: [Effect], rows: Int) {
    var rows = events.count
    if rows > 0 {
      let group = AppendGroup(events: events, definitions: definitions, retiring: retiring)
      retiring = nil
      try store.append(group)
    } else if isTakingSnapshot {
      try store.advanceSnapshot()
    } else {
      try store.settle()
    }
    if !machine.state.erasures.isEmpty { rows += try finishErasures() }
    let effects = self.effects
    forgetEvents()
    requests.removeAll(keepingCapacity: true)
    self.effects = []
    commands = 0
    beginDueSnapshot()
    return (machine.state.lastSeq, effects, rows)
  }

  /// Performs the erasures whose rows are on disk, and says so in rows of their own.
  private mutating func finishErasures() throws(StoreError) -> Int {
    forgetEvents()
    for (erasure, keys) in machine.state.erasures.sorted(by: { $0.key < $1.key }) {
      try store.erase(keys)
      if machine.state.mayHold(Set(keys)) { isStale = true }
      _ = take(.completeErasure(erasure), at: machine.state.lastAt, lookups: Lookups())
    }
    let rows = events.count
    try store.append(AppendGroup(events: events, definitions: definitions))
    return rows
  }

  /// Whether a pass of retention is under way.
  package var isRetiring: Bool { retention?.isUnderWay ?? false }

  /// Does one slice of what retention asks for; a pass begins at the first call and every hour.
  ///
  /// Does nothing where something was gathered since the last commit.
  ///
  /// - Returns: What the slice gathered is to be committed.
  package mutating func retire(at now: Instant, lookups: Lookups) throws(StoreError) -> Bool {
    guard events.isEmpty, let plan = retention?.plan(at: now, machine.state) else { return false }
    switch try store.retire(plan) {
    case .rows(let rows):
      let event = LogPruned(
        closedBefore: rows.closedBefore, first: rows.first, last: rows.last, rows: rows.count)
      retiring = rows
      _ = take(.prune(event), at: now, lookups: lookups)
      return true
    case .payloads(let role, let through):
      let event = PayloadsExpired(role: role, through: through)
      _ = take(.expire(event), at: now, lookups: lookups)
      return true
    case .more: return false
    case .done:
      retention?.end()
      return false
    }
  }

  /// The events gathered since the last commit.
  package var gathered: [LoggedEvent] { events }

  /// Every six hours a new key hashes the idempotency keys; it is on disk before it is used, and
  /// shredded once no look-up reaches its slot any more (LOG §3).
  private mutating func openSlot(at now: Instant, lookups: Lookups) throws(StoreError) {
    let wanted = RequestIdentity.slot(of: engineTime(now))
    guard slot != wanted else { return }
    if machine.state.slots[wanted] == nil {
      _ = take(.openRequestSlot(wanted), at: now, lookups: lookups)
    }
    for old in machine.state.slots.keys.sorted() where old <= wanted - RequestIdentity.slotsLookedAt
    {
      _ = take(.closeRequestSlot(old), at: now, lookups: lookups)
    }
    // The rows so far go to disk, with the key; effects and request keys stay with the group.
    if !events.isEmpty {
      try store.append(AppendGroup(events: events, definitions: definitions))
      forgetEvents()
    }
    slot = wanted
  }

  private mutating func forgetEvents() {
    events.removeAll(keepingCapacity: true)
    definitions.removeAll()
    prepared = 0
    bytes = 0
  }

  private func engineTime(_ now: Instant) -> Instant { max(now, machine.state.lastAt) }

  private mutating func keepTexts(of events: [LoggedEvent], from texts: [DefinitionText]) {
    for logged in events {
      guard case .definitionRegistered(let event) = logged.event,
        let text = texts.first(where: {
          $0.kind == event.kind && $0.name == event.name && $0.hash == event.hash
        })
      else { continue }
      definitions.append(
        StoredDefinition(
          id: DefinitionID(logged.seq), kind: event.kind, name: event.name, hash: event.hash,
          text: text.text))
    }
  }
}

/// How much one transaction takes (`limits` of petrel.yaml). What is submitted together is taken
/// together; the submission or result that reaches a limit is the group's last.
package struct GroupLimits: Sendable, Equatable {
  package var commandsMax: Int
  package var eventsMax: Int
  /// Of rows and payloads together, about.
  package var bytesMax: Int
  /// The store is told of events in so large parts before the group is whole; smaller groups go to
  /// it at once, because handing them to another thread costs more than it gives.
  package var eventsPrepared: Int

  package init(
    commandsMax: Int = 1_000, eventsMax: Int = 8_192, bytesMax: Int = 4 << 20,
    eventsPrepared: Int = 96
  ) {
    self.commandsMax = commandsMax
    self.eventsMax = eventsMax
    self.bytesMax = bytesMax
    self.eventsPrepared = eventsPrepared
  }
}

/// A definition as it will be stored.
package struct DefinitionText: Sendable, Equatable {
  package var kind: DefinitionKind
  package var name: String
  /// 32 bytes.
  package var hash: [UInt8]
  package var text: [UInt8]

  package init(kind: DefinitionKind, name: String, hash: [UInt8], text: [UInt8]) {
    self.kind = kind
    self.name = name
    self.hash = hash
    self.text = text
  }
}
