internal import Engine

extension BodyWriter {
  mutating func write(_ event: OwnerStarted, as kind: EventKind) -> EventKind {
    text("binary", event.binary)
    hexadecimal("incarnation", event.incarnation)
    return kind
  }

  mutating func write(_ event: RequestSlotOpened, as kind: EventKind) -> EventKind {
    int("key", event.key)
    int("slot", event.slot)
    return kind
  }

  mutating func write(_ event: RequestSlotClosed, as kind: EventKind) -> EventKind {
    int("key", event.key)
    int("slot", event.slot)
    return kind
  }

  mutating func write(_ event: ErasureRequested, as kind: EventKind) -> EventKind {
    text("by", event.by.text)
    ints(event.keys)
    text("reason", event.reason)
    request(event.request)
    return kind
  }

  mutating func write(_ event: ErasureCompleted, as kind: EventKind) -> EventKind {
    seq("erasure", event.erasure)
    return kind
  }

  mutating func write(_ event: KeysRotated, as kind: EventKind) -> EventKind {
    text("by", event.by.text)
    text("kek", event.kek)
    return kind
  }

  mutating func write(_ event: PayloadsExpired, as kind: EventKind) -> EventKind {
    text("role", event.role)
    seq("through", event.through)
    return kind
  }

  mutating func write(_ event: LogPruned, as kind: EventKind) -> EventKind {
    instant("closed_before", event.closedBefore)
    seq("first", event.first)
    seq("last", event.last)
    int("rows", event.rows)
    return kind
  }

  mutating func write(_ event: SnapshotTaken, as kind: EventKind) -> EventKind {
    seq("seq", event.seq)
    hexadecimal("state_hash", event.stateHash)
    return kind
  }

  mutating func write(_ event: SigningKeyChanged, as kind: EventKind) -> EventKind {
    text("new", event.new)
    text("old", event.old)
    return kind
  }

  mutating func write(_ event: Restored, as kind: EventKind) -> EventKind {
    text("anchor", event.anchor)
    int("lost", event.lost)
    return kind
  }
}
