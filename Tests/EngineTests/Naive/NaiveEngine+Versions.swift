import CEL
import PetriNet

@testable import Engine

// MARK: Versions and schedules

extension NaiveEngine {
  mutating func register(_ command: Register) {
    for definition in command.definitions {
      let seq = log(
        nil,
        .definitionRegistered(
          .init(
            by: command.by, hash: definition.hash, kind: definition.kind, name: definition.name)))
      guard let net = definition.net else { continue }
      let id = DefinitionID(seq)
      let earlier = tokens + firings.flatMap(\.held)
      versions.append((id, net))
      current[net.name] = id
      for place in net.places {
        guard case .shared(let initial) = place.kind, !filled.contains(place.name) else { continue }
        filled.append(place.name)
        put(nil, initial.map { (place.name, $0, nil) }, version: id) { made in
          .placeFilled(.init(place: place.name, tokens: made, workflow: id))
        }
      }
      setWaits(of: earlier.filter(\.place.isOwned).sorted { $0.id < $1.id }, id)
      setTimers(of: id)
    }
  }

  /// Shared tokens that were there before a version are given the instants its arcs wait for.
  private mutating func setWaits(of earlier: [Token], _ version: DefinitionID) {
    let net = net(version)
    var added: [AddedWaits] = []
    var failed: [Raised] = []
    for token in earlier {
      var waits: [ArcWait] = []
      for (number, transition) in net.transitions.enumerated() {
        for arc in transition.inputs where net.places[arc.place].name == token.place {
          guard let program = arc.wait?.program else { continue }
          do {
            let ready = try wait(
              program, arc, transition, (token.place, token.value, token.available), nil)
            waits.append(
              ArcWait(arc: name(of: arc, transition, version, isShared: true), ready: ready))
          } catch {
            failed.append(
              Raised(
                caseID: nil, version: version, transition: number, tokens: [token.id],
                code: error.code))
          }
        }
      }
      if !waits.isEmpty { added.append(AddedWaits(token: token.id, waits: waits)) }
    }
    if !added.isEmpty {
      tally.use(.waitsOfLaterVersion)
      log(nil, .waitsSet(.init(added: added, workflow: version)))
    }
    for added in added {
      for wait in added.waits {
        for index in tokens.indices where tokens[index].id == added.token {
          tokens[index].waits[wait.arc] = wait.ready
        }
        for firing in firings.indices {
          for index in firings[firing].held.indices
          where firings[firing].held[index].id == added.token {
            firings[firing].held[index].waits[wait.arc] = wait.ready
          }
        }
      }
    }
    for raised in failed {
      tally.use(.incidentOfWait)
      raise(raised)
    }
  }

  /// A workflow's timers are those of its current version.
  private mutating func setTimers(of version: DefinitionID) {
    let net = net(version)
    for schedule in net.schedules {
      let next = after(now, schedule.cron)
      if let index = timers.firstIndex(where: {
        $0.workflow == net.name && $0.name == schedule.name
      }) {
        timers[index].version = version
        if timers[index].next == next { continue }
        timers[index].next = next
      } else {
        timers.append(
          Timer(workflow: net.name, name: schedule.name, version: version, next: next))
      }
      log(nil, .scheduleSet(.init(next: next, schedule: schedule.name, workflow: version)))
    }
    for timer in timers where timer.workflow == net.name {
      guard !net.schedules.contains(where: { $0.name == timer.name }) else { continue }
      timers.removeAll { $0.workflow == net.name && $0.name == timer.name }
      log(nil, .scheduleSet(.init(schedule: timer.name, workflow: version)))
    }
  }

  /// The next instant of the two patterns that random nets have: each minute, each second minute.
  private func after(_ instant: Instant, _ cron: String) -> Instant {
    let period: Int64 = (cron.hasPrefix("*/2") ? 120 : 60) * 1_000_000
    return Instant(microseconds: (instant.microseconds / period + 1) * period)
  }

  func dueTimers(at instant: Instant) -> [Timer] { timers.filter { $0.next == instant } }

  /// A schedule is due; instants missed since are folded into the last, or skipped.
  mutating func take(_ timer: Timer) {
    let net = net(timer.version)
    guard let schedule = net.schedules.first(where: { $0.name == timer.name }),
      let due = timer.next
    else { return }
    var last = due
    var missed = 0
    while after(last, schedule.cron) <= now {
      last = after(last, schedule.cron)
      missed += 1
    }
    let next = after(last, schedule.cron)
    if let index = timers.firstIndex(where: {
      $0.workflow == timer.workflow && $0.name == timer.name
    }) {
      timers[index].next = next
    }
    func skipped(_ due: Instant, _ missed: Int, _ next: Instant) -> Event {
      .scheduleSkipped(
        .init(
          due: due, missed: missed, next: next, schedule: timer.name, workflow: timer.version))
    }
    let isSkipping = schedule.skipsMissed
    if isSkipping, last.advanced(by: 60_000_000) <= now {
      tally.use(.scheduleSkipped)
      log(nil, skipped(last, missed + 1, next))
      return
    }
    if isSkipping, missed > 0 {
      tally.use(.scheduleSkipped)
      log(nil, skipped(due, missed, last))
      missed = 0
    }
    do throws(Failed) {
      let puts = try puts(of: schedule, net)
      for place in net.places {
        let count = puts.count { $0.place == place.name }
        guard let capacity = place.capacity, count > 0 else { continue }
        if self.count(in: place, net.name) + count > capacity {
          tally.use(.scheduleSkipped)
          log(nil, skipped(last, missed + 1, next))
          return
        }
      }
      tally.use(.scheduleFired)
      put(nil, puts.filter(\.place.isOwned), version: timer.version) { made in
        .scheduleFired(
          .init(
            due: last, missed: missed == 0 ? nil : missed, next: next, schedule: timer.name,
            tokens: made.isEmpty ? nil : made, workflow: timer.version))
      }
      for put in puts where !put.place.isOwned {
        start(
          net.name, put.value, by: nil, parent: nil, version: timer.version, schedule: timer.name)
      }
    } catch {
      tally.use(.scheduleSkipped)
      log(nil, skipped(last, missed + 1, next))
      let seq = log(nil, .incidentRaised(.init(code: error.code, workflow: timer.version)))
      incidents.append(
        Incident(
          id: IncidentID(seq), caseID: nil, version: timer.version, transition: nil, tokens: [],
          firing: nil))
    }
  }

  private func puts(of schedule: Schedule, _ net: Net) throws(Failed) -> [Made] {
    let frame = Frame(count: Transition.Slots.firstArc + 1)
    frame.slots[Transition.Slots.now] = .timestamp(now.timestamp)
    var puts: [Made] = []
    for put in schedule.puts.puts {
      let place = net.places[put.place]
      let value = try construct(put.value, place.colour, frame)
      if !place.isOfCase, let field = place.key, case .record(let record) = value,
        live(record.fields[field], in: place) > 0
      {
        tally.use(.key)
        throw Failed(code: "duplicate_key")
      }
      puts.append((place.name, value, nil))
    }
    return puts
  }
}
