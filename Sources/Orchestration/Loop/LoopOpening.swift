package import Engine
package import PetriNet

/// How a log is opened, folded and owned; done at the start, and again after a failed commit.
package struct LoopOpening: Sendable {
  /// A definition to be in force: its stored text, and the net of a workflow.
  package struct Definition: Sendable {
    package var text: DefinitionText
    package var net: Net?

    package init(text: DefinitionText, net: Net? = nil) {
      self.text = text
      self.net = net
    }
  }

  /// Which guard stands behind a question, by the definitions' names and hashes.
  package struct GuardBinding: Sendable {
    package var workflowHash: [UInt8]
    package var prompt: String
    package var models: [String]
    package var guardHash: [UInt8]

    package init(workflowHash: [UInt8], prompt: String, models: [String], guardHash: [UInt8]) {
      self.workflowHash = workflowHash
      self.prompt = prompt
      self.models = models
      self.guardHash = guardHash
    }
  }

  package var openStore: @Sendable () throws(StoreError) -> any EventStore
  /// Makes the net of a version that is only in the log.
  package var compile: @Sendable (StoredDefinition, [StoredDefinition]) throws -> Net
  /// In dependency order: prompts, guards and libraries before the workflows.
  package var definitions: [Definition]
  package var guards: [GuardBinding]
  package var binary: String
  /// 8 random bytes, made by the caller.
  package var incarnation: @Sendable () -> [UInt8]
  package var limits: Limits
  package var group: GroupLimits
  package var snapshots: SnapshotLimits
  /// What leaves by age; nil: everything is kept.
  package var retention: Retention?

  package init(
    openStore: @escaping @Sendable () throws(StoreError) -> any EventStore,
    compile: @escaping @Sendable (StoredDefinition, [StoredDefinition]) throws -> Net,
    definitions: [Definition], guards: [GuardBinding] = [], binary: String,
    incarnation: @escaping @Sendable () -> [UInt8], limits: Limits = .standard,
    group: GroupLimits = GroupLimits(), snapshots: SnapshotLimits = SnapshotLimits()
  ) {
    self.openStore = openStore
    self.compile = compile
    self.definitions = definitions
    self.guards = guards
    self.binary = binary
    self.incarnation = incarnation
    self.limits = limits
    self.group = group
    self.snapshots = snapshots
  }

  /// An opened log: the core, and what is to be performed.
  package struct Opened: ~Copyable {
    package var core: LoopCore
    package var effects: [Effect]
    package var head: Seq
    package var rowsFolded: Int
    /// The last row of the snapshot that it began with; nil: there was none.
    package var restored: Seq?

    /// The core, taken out; for callers outside this target.
    package consuming func takeCore() -> LoopCore { core }
  }

  /// Loads the newest snapshot, folds the rows behind it and takes the log over: `ownerStarted`, the definitions, and what was outstanding.
  ///
  /// - Throws: `StoreError`, or what `compile` throws for a version whose cases are still open.
  package func open(at now: Instant) throws -> Opened {
    var folded = try fold()
    do {
      let started = StartOwner(binary: binary, incarnation: incarnation())
      _ = folded.core.take(.startOwner(started), at: now, lookups: Lookups())
      register(in: &folded.core, at: now)
      let (head, effects, _) = try folded.core.commit()
      folded.effects = effects
      folded.head = head
      return folded
    } catch {
      folded.core.store.close()
      throw error
    }
  }

  /// Folds the log again after a failed commit: the owner is the same, so nothing is written;
  /// `effects` are all without an outcome, under way or not.
  ///
  /// A small write is tried before the log is read: while the disk is full nothing else is done.
  func reopen() throws -> Opened {
    var folded = try fold(isProbed: true)
    useGuards(in: &folded.core, at: Instant(microseconds: 0))
    folded.effects = outstanding(in: folded.core.machine.state)
    return folded
  }

  private func fold(isProbed: Bool = false) throws -> Opened {
    let store = try openStore()
    do {
      if isProbed { try store.probe() }
      let restored = try store.restore()
      let restoredAt = restored?.lastSeq
      var machine =
        restored.map { Machine(restored: $0, limits: limits) }
        ?? Machine(shard: store.identity.shard, limits: limits)
      var rows = 0
      try store.fold { event in
        machine.fold(event)
        rows += 1
      }
      let nets = try nets(for: machine, in: store)
      let kept = Machine.keysKeptMicroseconds(by: nets.values)
      if restoredAt != nil, kept > 0 {
        machine.recall(try store.keys(since: machine.state.lastAt.advanced(by: -kept)))
      }
      try machine.open(nets: nets) { colour, text, _ in try store.value(of: text, in: colour) }
      let head = machine.state.lastSeq
      // After a failure the next snapshot waits as if one had been taken: it may have been the cause.
      let lastSnapshot = isProbed ? head : restoredAt ?? Seq(0)
      let core = LoopCore(
        machine: machine, store: store, limits: group, snapshots: snapshots,
        lastSnapshot: lastSnapshot, retention: retention)
      return Opened(
        core: core, effects: [], head: head, rowsFolded: rows, restored: restoredAt)
    } catch {
      store.close()
      throw error
    }
  }

  /// Nets of the versions that are current or have open cases.
  private func nets(
    for machine: Machine, in store: any EventStore
  ) throws -> [DefinitionID: Net] {
    let stored = try store.definitions()
    var nets: [DefinitionID: Net] = [:]
    var wanted = machine.versionsInUse
    while !wanted.isEmpty {
      var isFound = false
      for id in wanted {
        guard let definition = stored.first(where: { $0.id == id }) else { continue }
        let known = definitions.first {
          $0.text.kind == .workflow && $0.text.hash == definition.hash
        }
        nets[id] = try known?.net ?? compile(definition, stored)
        isFound = true
      }
      wanted = isFound ? machine.versionsCalled(by: nets) : []
    }
    return nets
  }

  private func register(in core: inout LoopCore, at now: Instant) {
    let command = Register(
      definitions.map {
        Register.Definition(
          kind: $0.text.kind, name: $0.text.name, hash: $0.text.hash, net: $0.net)
      }, by: .engine)
    _ = core.take(
      .register(command), at: now, lookups: Lookups(), texts: definitions.map(\.text))
    useGuards(in: &core, at: now)
  }

  private func useGuards(in core: inout LoopCore, at now: Instant) {
    let inForce = guards.compactMap { binding -> GuardInForce? in
      guard let workflow = core.machine.definition(.workflow, hash: binding.workflowHash),
        let judgeGuard = core.machine.definition(.judgeGuard, hash: binding.guardHash)
      else { return nil }
      return GuardInForce(
        workflow: workflow, prompt: binding.prompt, models: binding.models, guardID: judgeGuard)
    }
    _ = core.take(.useGuards(inForce), at: now, lookups: Lookups())
  }
}
