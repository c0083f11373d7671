package import CEL
import PetriNet

@testable import Engine

/// Rows as short lines, so that a test compares a whole log at a glance.
enum RowText {
  static func line(_ row: LoggedEvent) -> String {
    let owner = row.caseID.map { "c\($0.seq.number) " } ?? ""
    return "\(row.seq.number) \(owner)\(body(row.event))"
  }

  private static func body(_ event: Event) -> String {
    switch event {
    case .caseOpened(let event):
      parts(
        "opened", event.businessKey, event.parent.map { "for \($0.seq.number)" }, event.schedule,
        event.labels.map { $0.map { "\($0.name):\($0.value)" } },
        tokens(event.tokens))
    case .startJoined(let event): parts("joined", event.parent.map { "for \($0.seq.number)" })
    case .caseClosed(let event):
      parts(
        "closed", event.how.rawValue,
        event.endedIn.map { $0.map { "\($0.place.text):\($0.count)" }.joined(separator: " ") })
    case .fired(let event):
      parts(
        event.transition.text + (event.branch.map { ".\($0)" } ?? ""), bound(event.consumed),
        event.read.map { "reads \(bound($0))" }, region(event.cancelled, event.aborted),
        tokens(event.tokens))
    case .verdictRequested(let event):
      parts(
        event.transition.text, "asks", bound(event.consumed), "until", seconds(event.deadline),
        event.per.map(text))
    case .callRecorded(let event):
      parts("call of \(event.firing.seq.number)", event.late ? "late" : nil)
    case .verdictRecorded(let event):
      parts("\(event.firing.seq.number) verdict \(text(event.verdict))", made(event.tokens))
    case .firingStarted(let event):
      parts(
        event.transition.text, "starts \(event.action.text)\(event.with.map(text) ?? "()")",
        bound(event.consumed), event.read.map { "reads \(bound($0))" }, "until",
        seconds(event.deadline), event.per.map(text))
    case .attemptFailed(let event):
      parts(
        "\(event.firing.seq.number) attempt \(event.attempt) failed \(event.code)",
        event.maybe ? "maybe" : nil)
    case .firingCompleted(let event):
      parts(
        "\(event.firing.seq.number) completed \(event.outcome)", event.code,
        event.result.map(text), made(event.tokens))
    case .lateOutcomeRecorded(let event):
      parts("\(event.firing.seq.number) late \(event.outcome)", event.code)
    case .firingSettled(let event):
      parts(
        "\(event.firing.seq.number) settled \(event.how.rawValue)", event.outcome,
        event.tokens.map(tokens))
    default: others(event)
    }
  }

  private static func others(_ event: Event) -> String {
    switch event {
    case .taskOffered(let event):
      parts(
        "offers \(event.transition.text) \(id(event.token))", event.group,
        event.due.map { "due \(seconds($0))" }, event.notBy.map { "not \($0.map(\.text))" },
        event.read.map { "reads \(bound($0))" })
    case .childStarted(let event):
      parts(
        event.transition.text, "calls \(event.callee.text)", bound(event.consumed),
        event.read.map { "reads \(bound($0))" }, event.per.map(text))
    case .childEnded(let event):
      parts(
        "\(event.firing.seq.number) ended \(event.outcome)",
        event.child.map { "by c\($0.seq.number)" }, event.code, event.result.map(text),
        made(event.tokens))
    case .caseMigrated(let event):
      parts(
        "migrates \(event.from.seq.number)..\(event.to.seq.number)",
        event.consumed.map(id).joined(separator: " "),
        event.flying.map { $0.map { "\($0.firing.seq.number):\($0.transition.text)" } },
        tokens(event.tokens))
    case .taskClaimed(let event):
      parts("claims \(event.task.seq.number)", (event.holder ?? event.by).text)
    case .taskReleased(let event): "releases \(event.task.seq.number)"
    case .taskWithdrawn(let event): "withdraws \(event.task.seq.number) \(event.reason.rawValue)"
    case .taskAnswered(let event):
      parts(
        event.transition.text, "answered \(event.outcome) by \(event.by.text)",
        event.answer.map(text), bound(event.consumed), region(event.cancelled, event.aborted),
        made(event.tokens))
    case .tokenDeposited(let event):
      parts(
        "deposit", event.messageKey.map(text), event.key.map { "key \($0)" }, tokens(event.tokens))
    case .messageRepeated(let event): "repeats \(event.first.number)"
    case .messageExpired(let event): "expired \(event.withdrawn.map(id).joined(separator: " "))"
    case .tokensWithdrawn(let event): "withdrawn \(event.withdrawn.map(id).joined(separator: " "))"
    case .placeFilled(let event): parts("fills", event.place.text, tokens(event.tokens))
    case .scheduleSet(let event):
      parts("schedule \(event.schedule)", event.next.map { "next \(seconds($0))" } ?? "gone")
    case .scheduleFired(let event):
      parts(
        "schedule \(event.schedule) fired \(seconds(event.due))",
        event.missed.map { "missed \($0)" }, "next \(seconds(event.next))",
        event.tokens.map(tokens))
    case .scheduleSkipped(let event):
      "schedule \(event.schedule) skipped \(seconds(event.due)) missed \(event.missed) next \(seconds(event.next))"
    case .waitsSet(let event): "waits \(event.added.map { id($0.token) }.joined(separator: " "))"
    case .incidentRaised(let event):
      parts(
        "incident \(event.code)", event.position,
        event.binding.map { "(\($0.map(id).joined(separator: " ")))" },
        event.firing.map { "firing \($0.seq.number)" })
    case .incidentResolved(let event):
      "resolves \(event.incident.seq.number) \(event.how.rawValue)"
    case .paused(let event): parts("paused", event.name?.text, event.transition?.text, event.code)
    case .resumed(let event): parts("resumed", event.name?.text, event.transition?.text)
    case .labelRecorded(let event): "label \(event.verdict.number) \(event.label)"
    case .commandRefused(let event):
      parts(
        "refused \(event.command.rawValue) \(event.reason.rawValue)",
        event.of.map { "of \($0.number)" })
    case .definitionRegistered(let event): "registers \(event.kind.rawValue) \(event.name)"
    case .definitionActivated(let event): "activates \(event.definition.seq.number)"
    case .ownerStarted: "owner"
    case .requestSlotOpened(let event): "slot \(event.slot) key \(event.key)"
    case .requestSlotClosed(let event): "slot \(event.slot) closed"
    default: "?"
    }
  }

  private static func parts(_ parts: Any?...) -> String {
    parts.compactMap { $0.map { "\($0)" } }.filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static func region(_ cancelled: [TokenID]?, _ aborted: [AbortedFiring]?) -> String {
    parts(
      cancelled.map { "cancels \($0.map(id).joined(separator: " "))" },
      aborted.map { aborted in
        aborted.map { "aborts \($0.firing.seq.number)(\($0.lost.map(id).joined(separator: " ")))" }
          .joined(separator: " ")
      })
  }

  static func id(_ id: TokenID) -> String { "\(id.seq.number).\(id.index)" }

  private static func bound(_ arcs: [BoundTokens]) -> String {
    arcs.map { arc in
      switch arc {
      case .one(let token): id(token)
      case .several(let tokens): "[\(tokens.map(id).joined(separator: " "))]"
      }
    }.joined(separator: " ")
  }

  static func seconds(_ instant: Instant) -> String {
    let microseconds = instant.microseconds - World.epoch.microseconds
    let whole = microseconds / 1_000_000
    let rest = microseconds % 1_000_000
    return rest == 0 ? "\(whole)s" : "\(microseconds)us"
  }

  private static func made(_ tokens: [MadeToken]?) -> String {
    tokens.map { self.tokens($0) } ?? "→ raised"
  }

  static func tokens(_ tokens: [MadeToken]) -> String {
    "→"
      + tokens.map { token in
        var line = " \(token.place.text)"
        switch token.content {
        case .unit: break
        case .value(let cargo): line += "=\(text(cargo))"
        case .same(let origin): line += "=same \(id(origin))"
        }
        if let ready = token.ready { line += "@\(seconds(ready))" }
        for wait in token.waits { line += "{\(wait.arc) \(seconds(wait.ready))}" }
        return line
      }.joined(separator: ",")
  }

  static func text(_ verdict: Verdict) -> String {
    switch verdict {
    case .label(let label): label
    case .fallback(let reason): "fallback(\(reason.rawValue))"
    }
  }

  static func text(_ cargo: Cargo) -> String {
    switch cargo {
    case .value(let value): text(value)
    case .text(let bytes): String(decoding: bytes, as: UTF8.self)
    }
  }

  static func text(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .bool(let bool): "\(bool)"
    case .int(let int): "\(int)"
    case .uint(let uint): "\(uint)u"
    case .double(let double): "\(double)"
    case .string(let string): "'\(string)'"
    case .timestamp(let timestamp): timestamp.description
    case .duration(let span): span.description
    case .list(let values): "[\(values.map(text).joined(separator: ", "))]"
    case .map(let map):
      "{\(map.entries.map { "\(text($0.key.value)): \(text($0.value))" }.joined(separator: ", "))}"
    case .record(let record):
      (record.seal.map { "~\($0.seq).\($0.index)" } ?? "")
        + "{"
        + zip(record.type.fields, record.fields).map { "\($0.name): \(text($1))" }
        .joined(separator: ", ") + "}"
    default: "…"
    }
  }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int64) { self = .int(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(arrayLiteral elements: Value...) { self = .list(elements) }

  package init(dictionaryLiteral elements: (String, Value)...) {
    let map = MapValue(elements.map { .init(.string($0.0), $0.1) })
    self = map.map(Value.map) ?? .null
  }
}
