package import PetriNet

extension TestFile {
  /// Names that the net does not have, and scripts for transitions of another kind: F503.
  package func problems(against net: Net) -> [Finding] {
    var findings: [Finding] = []
    let scripts = [defaults] + cases.map(\.scripts)
    for script in scripts {
      for item in script.verdicts { check(item.transition, "a judge", net, &findings) }
      for item in script.actions { check(item.transition, "an action", net, &findings) }
      for item in script.answers { check(item.transition, "a task", net, &findings) }
    }
    let places = net.places.map(\.title)
    for item in shared { check(item.place, "place", places, &findings) }
    for test in cases {
      for message in test.messages { check(message.place, "place", places, &findings) }
      for start in test.starts {
        if let place = start.place { check(place, "place", places, &findings) }
      }
      for item in test.expectation.places { check(item.place, "place", places, &findings) }
      check(test.expectation, net, &findings)
    }
    return DiagnosticText.sorted(findings)
  }

  private static let states = ["open", "cancelled", "terminated"]

  private func check(_ expectation: TestExpectation, _ net: Net, _ findings: inout [Finding]) {
    if let end = expectation.end {
      let ends = net.places.filter { if case .end = $0.kind { true } else { false } }
      check(end, "end", ends.map(\.title) + Self.states, &findings)
    }
    let fired = (expectation.fired ?? []) + (expectation.includes ?? [])
    for name in fired + (expectation.never ?? []) {
      let parts = name.value.split(separator: ".", maxSplits: 1).map(String.init)
      guard let first = parts.first else { continue }
      let known = net.transitions.map(\.name.text)
      guard
        let transition = net.transitions.first(where: {
          $0.name.text.utf8.elementsEqual(first.utf8)
        })
      else {
        check(Located(first, name.mark), "transition", known, &findings)
        continue
      }
      if parts.count == 2 {
        check(Located(parts[1], name.mark), "outcome", transition.outcomes, &findings)
      }
    }
  }

  private func check(
    _ name: Located<String>, _ kind: String, _ net: Net, _ findings: inout [Finding]
  ) {
    let transitions = net.transitions.filter { $0.work.kindText == kind }.map(\.name.text)
    if transitions.contains(where: { $0.utf8.elementsEqual(name.value.utf8) }) { return }
    guard
      let other = net.transitions.first(where: { $0.name.text.utf8.elementsEqual(name.value.utf8) })
    else { return check(name, "transition", transitions, &findings) }
    findings.append(
      Finding(
        "F503", "'\(name.value)' is not \(kind)", at: name.mark, found: other.work.kindText,
        expected: "\(kind)\(transitions.isEmpty ? "" : ": \(transitions.joined(separator: ", "))")"
      ))
  }

  private func check(
    _ name: Located<String>, _ what: String, _ known: [String], _ findings: inout [Finding]
  ) {
    guard !known.contains(where: { $0.utf8.elementsEqual(name.value.utf8) }) else { return }
    findings.append(
      Finding(
        "F503", "unknown \(what) '\(name.value)'", at: name.mark, found: name.value,
        expected: known.count > 8
          ? "one of \(known.count) names"
          : known.isEmpty ? "no \(what)" : "one of \(known.joined(separator: ", "))",
        nearest: Nearest.name(to: name.value, among: known)))
  }
}

extension Transition {
  /// The outcomes that a firing may have: branches, routes, none for a plain transition.
  var outcomes: [String] {
    switch work {
    case .plain: []
    case .choose(let branches): branches.map(\.name)
    case .judge(let work): work.routes.map(\.outcome)
    case .action(let work): work.routes.map(\.outcome)
    case .task(let work): work.routes.map(\.outcome)
    case .call(let work): work.routes.map(\.outcome)
    }
  }
}

extension Work {
  /// What a diagnostic calls it.
  var kindText: String {
    switch self {
    case .plain: "a plain transition"
    case .choose: "a choose"
    case .judge: "a judge"
    case .action: "an action"
    case .task: "a task"
    case .call: "a call"
    }
  }
}
