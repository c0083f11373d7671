import CEL
import PetriNet

extension Machine {
  /// Sets the timers of a version that was made current or whose time zones may have changed; those
  /// of schedules that are gone end.
  mutating func setSchedules(of id: DefinitionID, _ step: inout Step) {
    guard let plan = state.index.plans[id], state.current[plan.name] == id else { return }
    for schedule in plan.net.schedules {
      let key = ScheduleKey(workflow: plan.name, schedule: schedule.name)
      let next = schedule.next(after: step.now)
      let known = state.schedules[key]
      // One that is due already is taken first.
      if known != next, known.map({ $0 > step.now }) ?? true {
        let event = ScheduleSet(next: next, schedule: schedule.name, workflow: id)
        log(Draft(nil, .scheduleSet(event)), &step)
      }
      state.note(.scheduled(key))
    }
    let names = plan.net.schedules.map(\.name)
    for key in state.schedules.keys.sorted() where key.workflow == plan.name {
      guard !names.contains(where: { $0.hasSameBytes(as: key.schedule) }) else { continue }
      log(Draft(nil, .scheduleSet(ScheduleSet(schedule: key.schedule, workflow: id))), &step)
    }
    state.absorb()
  }

  /// A schedule is due. Instants that passed meanwhile are folded into the last of them, or skipped
  /// as the net says; so is one that finds no room.
  mutating func take(schedule index: Int, of id: DefinitionID, due: Instant, _ step: inout Step) {
    guard let plan = state.index.plans[id] else { return }
    let schedule = plan.net.schedules[index]
    var last = due
    var missed = 0
    var next = schedule.next(after: last)
    while let following = next, following <= step.now, missed < limits.missedMax {
      missed += 1
      last = following
      next = schedule.next(after: following)
    }
    let then = next ?? Instant(microseconds: .max)
    func skip(_ due: Instant, _ missed: Int, _ next: Instant) -> Draft {
      Draft(
        nil,
        .scheduleSkipped(
          ScheduleSkipped(
            due: due, missed: missed, next: next, schedule: schedule.name, workflow: id)))
    }
    let isLate = last.advanced(by: limits.scheduleLateMicroseconds) <= step.now
    if schedule.skipsMissed, isLate { return _ = log(skip(last, missed + 1, then), &step) }
    if schedule.skipsMissed, missed > 0 {
      log(skip(due, missed, last), &step)
      missed = 0
    }
    do {
      let puts = try state.scheduled(schedule, plan, at: step.now)
      guard state.hasRoom(for: puts, plan) else {
        return _ = log(skip(last, missed + 1, then), &step)
      }
      fire(schedule, plan, puts, (last, missed, then), &step)
    } catch {
      log(skip(last, missed + 1, then), &step)
      let incident = IncidentRaised(code: error.code, position: error.position, workflow: id)
      log(Draft(nil, .incidentRaised(incident)), &step)
    }
  }

  private mutating func fire(
    _ schedule: Schedule, _ plan: VersionPlan, _ puts: [ScheduledPut],
    _ timer: (due: Instant, missed: Int, next: Instant), _ step: inout Step
  ) {
    var made = Made()
    for put in puts where put.place.isShared {
      var token = put.token(plan)
      state.setWaits(&token, put.value, put.place, plan, nil, step.now, &made)
      made.tokens.append(token)
    }
    let event = ScheduleFired(
      due: timer.due, missed: timer.missed == 0 ? nil : timer.missed, next: timer.next,
      schedule: schedule.name, tokens: made.tokens.isEmpty ? nil : made.tokens, workflow: plan.id)
    let incidents = made.incidents(state.nextSeq, nil)
    log(Draft(nil, .scheduleFired(event)), &step)
    for incident in incidents { log(incident, &step) }
    for put in puts where !put.place.isShared {
      let start = CaseStart(
        plan: plan, place: plan.net.places[put.place.index].title, value: put.value,
        ready: put.ready, schedule: schedule.name)
      _ = log(state.decide(start, at: step.now), &step)
    }
  }
}

/// A token that a schedule puts; into a start place it opens a case.
struct ScheduledPut: Sendable {
  let place: PlacePlan
  let value: Value
  let ready: Instant?

  func token(_ plan: VersionPlan) -> MadeToken {
    MadeToken(
      place: plan.net.places[place.index].name,
      content: value == .null ? .unit : .value(.value(value)), ready: ready)
  }
}

extension Schedule {
  /// When it is due next.
  func next(after instant: Instant) -> Instant? {
    let seconds = instant.timestamp.seconds
    return clock?.next(after: seconds).map { Instant(microseconds: $0 * 1_000_000) }
  }
}

extension State {
  /// What a schedule puts at `now`.
  func scheduled(
    _ schedule: Schedule, _ plan: VersionPlan, at now: Instant
  ) throws(Failure) -> [ScheduledPut] {
    let frame = Frame(count: Transition.Slots.firstArc + 1)
    frame.slots[Transition.Slots.now] = .timestamp(now.timestamp)
    var puts: [ScheduledPut] = []
    for put in schedule.puts.puts {
      let place = plan.places[put.place]
      let described = plan.net.places[put.place]
      let path = "/schedules/\(schedule.name)/put/\(described.title)"
      var elements: [Value?] = [nil]
      if let each = put.each {
        guard case .list(let values) = try evaluate(each, frame, path) else {
          throw Failure("invalid_argument", at: path, "`each` goes over a list.")
        }
        elements = values
      }
      for element in elements {
        if let element, let slot = put.slot { frame.slots[slot] = element }
        let value = try construct(put.value, described.colour, frame, path)
        if place.isShared, let field = described.key, case .record(let record) = value {
          let key = record.fields[field]
          let isTwice = puts.contains { earlier in
            guard earlier.place.index == place.index, case .record(let other) = earlier.value
            else { return false }
            return other.fields[field] == key
          }
          guard index.keys[place.symbol]?[key] ?? 0 == 0, !isTwice else {
            throw Failure(Failure.duplicateKey, at: path, "The place has a token of this key.")
          }
        }
        let ready = try ready(put.wait, frame, path, now)
        puts.append(ScheduledPut(place: place, value: value, ready: ready > now ? ready : nil))
      }
    }
    return puts
  }

  private func ready(
    _ wait: Put.Wait?, _ frame: Frame, _ path: String, _ now: Instant
  ) throws(Failure) -> Instant {
    switch wait {
    case nil: return now
    case .constant(let microseconds): return now.advanced(by: microseconds)
    case .after(let program), .at(let program):
      switch try evaluate(program, frame, path) {
      case .duration(let span): return now.advanced(by: span.microseconds)
      case .timestamp(let timestamp): return Instant(timestamp)
      default: throw Failure("invalid_argument", at: path)
      }
    }
  }

  func hasRoom(for puts: [ScheduledPut], _ plan: VersionPlan) -> Bool {
    plan.places.allSatisfy { place in
      let count = puts.count { $0.place.index == place.index }
      return count == 0 || hasRoom(for: count, in: place, plan)
    }
  }

  /// Has the clock look at a schedule of the current version at its instant.
  mutating func awaitSchedule(_ key: ScheduleKey) {
    guard let next = schedules[key], let id = current[key.workflow], let plan = index.plans[id],
      let number = plan.net.schedules.firstIndex(where: { $0.name.hasSameBytes(as: key.schedule) })
    else { return }
    index.due.insert(.schedule(id, Int32(number)), at: next)
  }

  func isAwaited(schedule number: Int, of id: DefinitionID, at instant: Instant) -> Bool {
    guard let plan = index.plans[id], current[plan.name] == id else { return false }
    let key = ScheduleKey(workflow: plan.name, schedule: plan.net.schedules[number].name)
    return schedules[key] == instant
  }
}
