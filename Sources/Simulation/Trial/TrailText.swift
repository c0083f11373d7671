internal import Engine
internal import PetriNet

/// One row as a line of a trail: names, outcomes and instants, never a value.
struct TrailText {
  let net: Net
  /// Of firings in flight.
  let transitions: [FiringID: TransitionName]

  /// Nil for rows that move nothing a reader of a case asks about.
  func text(of logged: LoggedEvent) -> (what: String, detail: String)? {
    switch logged.event {
    case .caseOpened(let event):
      ("opened", places(event.tokens) + (event.businessKey.map { " ← \($0)" } ?? ""))
    case .startJoined: ("joined", "a second start with the key of an open case")
    case .caseClosed(let event): ("ended", ended(event))
    case .fired(let event):
      (
        "fired",
        event.transition.text + (event.branch.map { ".\($0)" } ?? "") + arrow(event.tokens)
      )
    case .verdictRequested(let event):
      ("asked", "\(event.transition.text)  deadline +\(gap(logged.at, event.deadline))")
    case .callRecorded(let event):
      (
        event.late ? "late" : "call",
        "\(name(event.firing)): attempt \(event.call.attempt): "
          + (event.reason?.rawValue ?? event.call.label ?? "no label")
      )
    case .verdictRecorded(let event):
      ("verdict", "\(name(event.firing)): \(text(event.verdict))" + arrow(event.tokens))
    case .firingStarted(let event):
      ("started", "\(event.transition.text): \(event.action.text)")
    case .attemptFailed(let event):
      (
        "failed",
        "\(name(event.firing)): attempt \(event.attempt): \(event.code), again in "
          + "\(gap(logged.at, event.next)) with the same key"
      )
    case .firingCompleted(let event):
      (
        "completed",
        "\(name(event.firing)): \(event.outcome)" + (event.code.map { " (\($0))" } ?? "")
          + (event.attempts > 1 ? " after \(event.attempts) attempts" : "") + arrow(event.tokens)
      )
    default: operation(logged)
    }
  }

  private func operation(_ logged: LoggedEvent) -> (what: String, detail: String)? {
    switch logged.event {
    case .lateOutcomeRecorded(let event): ("late", "\(name(event.firing)): \(event.outcome)")
    case .childStarted(let event): ("called", "\(event.transition.text): \(event.callee.text)")
    case .childEnded(let event):
      ("returned", "\(name(event.firing)): \(event.outcome)" + arrow(event.tokens))
    case .firingSettled(let event):
      ("settled", "\(name(event.firing)): \(event.how.rawValue)" + arrow(event.tokens))
    case .taskOffered(let event):
      ("offered", event.transition.text + (event.group.map { " to \($0)" } ?? ""))
    case .taskAnswered(let event):
      (
        "answered",
        "\(event.transition.text): \(event.outcome) by \(event.by.text)" + arrow(event.tokens)
      )
    case .taskWithdrawn(let event): ("withdrawn", "the offer, \(event.reason.rawValue)")
    case .tokenDeposited(let event): ("deposited", places(event.tokens))
    case .messageRepeated: ("repeated", "a message with a known key")
    case .messageExpired(let event): ("expired", "\(event.withdrawn.count) messages")
    case .tokensWithdrawn(let event): ("withdrawn", "\(event.withdrawn.count) tokens")
    case .incidentRaised(let event):
      (
        "incident",
        event.code + (event.transition.map { " at \($0.text)" } ?? "")
          + (event.position.map { " \($0)" } ?? "")
      )
    case .incidentResolved(let event): ("resolved", event.how.rawValue)
    case .paused(let event): ("paused", event.transition?.text ?? event.name?.text ?? "")
    case .resumed(let event): ("resumed", event.transition?.text ?? event.name?.text ?? "")
    case .commandRefused(let event):
      ("refused", "\(event.command.rawValue): \(event.reason.rawValue)")
    default: nil
    }
  }

  private func name(_ firing: FiringID) -> String { transitions[firing]?.text ?? "?" }

  private func text(_ verdict: Verdict) -> String {
    switch verdict {
    case .label(let label): label
    case .fallback(let reason): "fallback \(reason.rawValue)"
    }
  }

  private func arrow(_ tokens: [MadeToken]?) -> String {
    guard let tokens else { return " (its outputs raised)" }
    return tokens.isEmpty ? "" : " → \(places(tokens))"
  }

  private func places(_ tokens: [MadeToken]) -> String {
    tokens.map { token in
      net.place(named: token.place).map { net.places[$0].title } ?? token.place.text
    }.joined(separator: ", ")
  }

  private func ended(_ event: CaseClosed) -> String {
    guard event.how == .completed else { return event.how.rawValue }
    return (event.endedIn ?? []).map { end in
      end.count == 1 ? end.place.text : "\(end.count) in \(end.place.text)"
    }.joined(separator: ", ")
  }

  private func gap(_ from: Instant, _ to: Instant) -> String {
    VirtualTime.text(to.microseconds - from.microseconds)
  }
}

/// Lengths of virtual time.
package enum VirtualTime {
  /// `0 ms`, `43 ms`, `5.0 s`, `4 h`, `1 h 30 min`.
  package static func text(_ microseconds: Int64) -> String {
    let milliseconds = microseconds / 1_000
    if milliseconds < 1_000 { return "\(milliseconds) ms" }
    let seconds = milliseconds / 1_000
    if seconds < 60 { return "\(seconds).\(milliseconds % 1_000 / 100) s" }
    let units: [(Int64, String)] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")]
    var rest = seconds
    var parts: [String] = []
    for (size, name) in units where rest >= size {
      parts.append("\(rest / size) \(name)")
      rest %= size
    }
    return parts.joined(separator: " ")
  }

  /// `00:00:00.043`: on the clock of a test, which begins at 0; days before the hours.
  package static func clock(_ microseconds: Int64) -> String {
    func digits(_ value: Int64, _ count: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
    let seconds = microseconds / 1_000_000
    let days = seconds / 86_400
    let fraction = microseconds % 1_000_000 / 1_000
    return (days > 0 ? "\(days) d " : "")
      + [seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60].map { digits($0, 2) }
      .joined(separator: ":") + (fraction > 0 ? ".\(digits(fraction, 3))" : "")
  }
}
