import CEL
import PetriNet

extension State {
  /// Computes the waits that arcs have for a token: they depend on it and, in a case, on `input` and
  /// `case`. One that raises is left out and told in `made`; the token still enters.
  func setWaits(
    _ token: inout MadeToken, _ value: Value, _ place: PlacePlan, _ plan: VersionPlan,
    _ found: @autoclosure () -> CaseState?, _ now: Instant, _ made: inout Made
  ) {
    let available = token.ready ?? now
    if place.isShared {
      for plan in index.planOrder where isInUse(plan) {
        guard let number = plan.index(of: place.symbol) else { continue }
        setWaits(
          &token.waits, plan.computedWaits[number], plan, value, nil, available,
          made.tokens.count, &made)
      }
    } else if !plan.computedWaits[place.index].isEmpty {
      setWaits(
        &token.waits, plan.computedWaits[place.index], plan, value, found(), available,
        made.tokens.count, &made)
    }
  }

  /// Whether a version still runs: it is current, or a case of it is open.
  func isInUse(_ plan: VersionPlan) -> Bool {
    current[plan.name] == plan.id || index.openCases[plan.id] ?? 0 > 0
  }

  private func setWaits(
    _ waits: inout [ArcWait], _ arcs: [VersionPlan.ComputedWait], _ plan: VersionPlan,
    _ value: Value, _ found: CaseState?, _ available: Instant, _ index: Int, _ made: inout Made
  ) {
    for arc in arcs {
      do {
        let ready = try ready(arc, value, found, available)
        waits.append(ArcWait(arc: arc.arc, ready: ready))
      } catch {
        made.failedWaits.append(
          .init(index: index, plan: plan, transition: arc.transition, failure: error))
      }
    }
  }

  func ready(
    _ arc: VersionPlan.ComputedWait, _ value: Value, _ found: CaseState?, _ available: Instant
  ) throws(Failure) -> Instant {
    let frame = Frame(count: arc.transition.transition.slotCount)
    frame.slots[arc.slot] = value
    if let found {
      frame.slots[Transition.Slots.input] = found.inputValue
      frame.slots[Transition.Slots.caseRecord] = caseRecord(found)
    }
    let path = "/transitions/\(arc.transition.transition.name.text)/in"
    switch arc.wait {
    case .constant(let microseconds): return available.advanced(by: microseconds)
    case .after(let program):
      guard case .duration(let span) = try evaluate(program, frame, "\(path)/after") else {
        throw Failure("invalid_argument", at: "\(path)/after")
      }
      return available.advanced(by: span.microseconds)
    case .at(let program):
      guard case .timestamp(let timestamp) = try evaluate(program, frame, "\(path)/at") else {
        throw Failure("invalid_argument", at: "\(path)/at")
      }
      return Instant(timestamp)
    }
  }
}
