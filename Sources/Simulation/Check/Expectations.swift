internal import CEL
internal import Engine
internal import PetriNet
internal import Workflows

/// Compares what a trial came to with what its case expects; only what is named is compared.
struct Expectations {
  let trial: Trial
  private var mismatches: [Mismatch] = []

  private var expected: TestExpectation { trial.test.expectation }
  private var outcome: TrialOutcome

  static func mismatches(of trial: Trial) -> [Mismatch] {
    var checks = Expectations(trial)
    checks.checkRefusals()
    checks.checkEnds()
    checks.checkPlaces()
    checks.checkFirings()
    checks.checkEffects()
    checks.checkIncidents()
    return checks.mismatches
  }

  private init(_ trial: Trial) {
    self.trial = trial
    outcome = TrialOutcome(trial)
  }

  private mutating func fail(_ expected: String, _ found: String, at mark: SourceMark) {
    mismatches.append(Mismatch(expected: expected, found: found, mark: mark))
  }

  // MARK: Refusals

  private mutating func checkRefusals() {
    guard let error = expected.error else {
      for refusal in trial.refusals {
        fail(
          "\(refusal.path) to be taken", "refused, \(Self.text(refusal.reason))",
          at: refusal.mark)
      }
      return
    }
    let isMet = trial.refusals.contains { refusal in
      (error.path.map { Self.names($0, refusal.path) } ?? true)
        && (error.code.map { Self.means($0, refusal.reason) } ?? true)
    }
    guard !isMet else { return }
    let path = error.path ?? "a start or message"
    fail(
      "\(path) to be refused" + (error.code.map { " with \($0)" } ?? ""),
      trial.refusals.isEmpty
        ? "nothing was refused"
        : trial.refusals.map { "\($0.path): \(Self.text($0.reason))" }.joined(separator: ", "),
      at: expected.mark)
  }

  /// `start` means every start.
  private static func names(_ wanted: String, _ path: String) -> Bool {
    path.utf8.elementsEqual(wanted.utf8) || path.hasPrefix("\(wanted).")
  }

  private static func means(_ code: String, _ reason: RefusalReason) -> Bool {
    [reason.code, reason.rawValue].contains { $0.utf8.elementsEqual(code.utf8) }
  }

  private static func text(_ reason: RefusalReason) -> String {
    "\(reason.code) (\(reason.rawValue))"
  }

  // MARK: Ends

  private mutating func checkEnds() {
    let ends = trial.test.isMany ? outcome.ends : Array(outcome.ends.prefix(1))
    if let end = expected.end {
      let isMet = !ends.isEmpty && ends.allSatisfy { $0.text.utf8.elementsEqual(end.value.utf8) }
      if !isMet { fail("the case to end in: \(end.value)", outcome.text, at: end.mark) }
    }
    if let at = expected.atMicroseconds {
      let found = ends.compactMap(\.at).last.map { $0.microseconds - trial.began.microseconds }
      if found != at {
        fail(
          "the end at \(VirtualTime.clock(at))",
          found.map { "at \(VirtualTime.clock($0))" } ?? outcome.text, at: expected.mark)
      }
    }
    if let result = expected.result { check(result, ends) }
  }

  private mutating func check(_ result: TestValue, _ ends: [TrialOutcome.End]) {
    let tokens = ends.flatMap(\.tokens)
    let wanted: [JSONText.Node]
    let isList = tokens.count > 1 || tokens.contains { isManyEnd($0.place) }
    if case .list(let items) = result.json, trial.test.isMany || isList {
      wanted = items
    } else {
      wanted = [result.json]
    }
    let isMet =
      wanted.count == tokens.count
      && zip(wanted, tokens).allSatisfy { outcome.fits($0, $1.value, at: $1.place) }
    guard !isMet else { return }
    let found =
      tokens.isEmpty
      ? outcome.text : tokens.map { outcome.text($0.value, at: $0.place) }.joined(separator: ", ")
    fail("the result \(result.json.text)", found, at: result.mark)
  }

  private func isManyEnd(_ name: PlaceName) -> Bool {
    trial.net.place(named: name).map { trial.net.places[$0].kind == .end(many: true) } ?? false
  }

  // MARK: Places

  private mutating func checkPlaces() {
    for item in expected.places {
      guard let index = trial.net.place(titled: item.place.value) else { continue }
      let place = trial.net.places[index]
      let found = outcome.values(in: place)
      switch item.content {
      case .count(let count):
        if found.count != count {
          fail(
            "\(Self.tokens(count)) in \(place.title)",
            "\(Self.tokens(found.count)); \(outcome.text)", at: item.place.mark)
        }
      case .values(let wanted):
        let isMet =
          wanted.count == found.count
          && zip(wanted, found).allSatisfy { outcome.fits($0.json, $1, at: place.name) }
        if !isMet {
          fail(
            "in \(place.title): [\(wanted.map(\.json.text).joined(separator: ", "))]",
            "[\(found.map { outcome.text($0, at: place.name) }.joined(separator: ", "))]; "
              + outcome.text, at: item.place.mark)
        }
      }
    }
  }

  private static func tokens(_ count: Int) -> String {
    count == 1 ? "1 token" : "\(count) tokens"
  }

  // MARK: Firings

  private mutating func checkFirings() {
    let fired = trial.history.fired
    if let wanted = expected.fired {
      let isMet =
        wanted.count == fired.count && zip(wanted, fired).allSatisfy { $1.isMeant(by: $0.value) }
      if !isMet { fail("fired: \(Self.list(wanted))", Self.list(fired), at: expected.mark) }
    }
    if let wanted = expected.includes {
      var rest = fired[...]
      let missing = wanted.first { name in
        guard let index = rest.firstIndex(where: { $0.isMeant(by: name.value) }) else {
          return true
        }
        rest = rest[(index + 1)...]
        return false
      }
      if let missing {
        fail("\(missing.value) to fire, in this order", Self.list(fired), at: missing.mark)
      }
    }
    for name in expected.never ?? [] where fired.contains(where: { $0.isMeant(by: name.value) }) {
      fail("\(name.value) never to fire", Self.list(fired), at: name.mark)
    }
  }

  private static func list(_ names: [Located<String>]) -> String {
    "[\(names.map(\.value).joined(separator: ", "))]"
  }

  private static func list(_ names: [FiredName]) -> String {
    "[\(names.map(\.text).joined(separator: ", "))]"
  }

  // MARK: Effects and incidents

  private mutating func checkEffects() {
    guard let wanted = expected.effects else { return }
    let found = outcome.effects
    let isMet =
      wanted.count == found.count
      && zip(wanted, found).allSatisfy { wanted, found in
        wanted.action.value.utf8.elementsEqual(found.action.text.utf8)
          && (wanted.with.map { outcome.fits($0.json, found) } ?? true)
          && (wanted.keys.map { $0 == outcome.keys(of: found) } ?? true)
      }
    guard !isMet else { return }
    let want = wanted.map { effect in
      effect.action.value + (effect.with.map { " \($0.json.text)" } ?? "")
        + (effect.keys.map { " with \($0) key\($0 == 1 ? "" : "s")" } ?? "")
    }
    let have = found.map { effect in
      let keys = outcome.keys(of: effect)
      return "\(effect.action.text) \(outcome.text(effect)) with \(keys) key\(keys == 1 ? "" : "s")"
    }
    fail(
      "effects: [\(want.joined(separator: ", "))]", "[\(have.joined(separator: ", "))]",
      at: expected.mark)
  }

  private mutating func checkIncidents() {
    guard let wanted = expected.incidents else { return }
    let found = trial.history.incidents
    let isMet =
      wanted.count == found.count
      && zip(wanted, found).allSatisfy { $0.value.utf8.elementsEqual($1.utf8) }
    if !isMet {
      fail(
        "incidents: \(Self.list(wanted))", "[\(found.joined(separator: ", "))]",
        at: expected.mark)
    }
  }
}
