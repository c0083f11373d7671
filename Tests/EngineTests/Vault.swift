import CEL
import PetriNet

@testable import Engine

/// Stands for the codec of values: a text is the number of a value kept here.
final class Vault {
  private var values: [Value] = []

  func read(_ colour: ColourSet, _ text: [UInt8], _ keys: [Int64]) throws -> Value {
    values[Int(String(decoding: text, as: UTF8.self)) ?? 0]
  }

  private func text(_ cargo: Cargo) -> Cargo {
    guard case .value(let value) = cargo else { return cargo }
    values.append(value)
    return .text([UInt8]("\(values.count - 1)".utf8))
  }

  private func texts(_ tokens: [MadeToken]) -> [MadeToken] {
    tokens.map { token in
      var token = token
      if case .value(let cargo) = token.content { token.content = .value(text(cargo)) }
      return token
    }
  }

  /// The row as it is read back: its values are texts.
  func texts(_ row: LoggedEvent) -> LoggedEvent {
    var row = row
    row.event = texts(row.event)
    return row
  }

  private func texts(_ event: Event) -> Event {
    switch event {
    case .caseOpened(var event):
      event.input = event.input.map(text)
      event.tokens = texts(event.tokens)
      return .caseOpened(event)
    case .fired(var event):
      event.tokens = texts(event.tokens)
      return .fired(event)
    case .verdictRequested(var event):
      event.per = event.per.map(text)
      return .verdictRequested(event)
    case .verdictRecorded(var event):
      event.tokens = event.tokens.map(texts)
      return .verdictRecorded(event)
    case .firingStarted(var event):
      event.per = event.per.map(text)
      event.with = event.with.map(text)
      return .firingStarted(event)
    case .firingCompleted(var event):
      event.result = event.result.map(text)
      event.tokens = event.tokens.map(texts)
      return .firingCompleted(event)
    case .lateOutcomeRecorded(var event):
      event.result = event.result.map(text)
      return .lateOutcomeRecorded(event)
    case .childStarted(var event):
      event.per = event.per.map(text)
      return .childStarted(event)
    case .childEnded(var event):
      event.result = event.result.map(text)
      event.tokens = event.tokens.map(texts)
      return .childEnded(event)
    case .caseMigrated(var event):
      event.input = event.input.map(text)
      event.tokens = texts(event.tokens)
      return .caseMigrated(event)
    case .firingSettled(var event):
      event.tokens = event.tokens.map(texts)
      return .firingSettled(event)
    case .taskAnswered(var event):
      event.answer = event.answer.map(text)
      event.tokens = event.tokens.map(texts)
      return .taskAnswered(event)
    case .tokenDeposited(var event):
      event.messageKey = event.messageKey.map(text)
      event.tokens = texts(event.tokens)
      return .tokenDeposited(event)
    case .placeFilled(var event):
      event.tokens = texts(event.tokens)
      return .placeFilled(event)
    default: return event
    }
  }
}

/// The index as text, for comparing one built at once with one built step by step.
enum IndexText {
  static func text(of state: State) -> String {
    let index = state.index
    var lines: [String] = []
    for (key, room) in index.rooms where room.rest != 0 || room.reserved != 0 {
      lines.append("room \(state.places[key.place].text) \(room.rest) \(room.reserved)")
    }
    for (key, count) in index.inFlight {
      lines.append(
        "flight \(key.path.transition.text) \(key.per.map(RowText.text) ?? "-") \(count)")
    }
    for (place, counts) in index.keys {
      for (key, count) in counts where count != 0 {
        lines.append("key \(state.places[place].text) \(RowText.text(key)) \(count)")
      }
    }
    for (place, tokens) in index.sharedTokens where tokens.count > 0 {
      let ids = (state.tokensInOrder(place) ?? OrderedTokens()).map { RowText.id($0.id) }
      lines.append("shared \(state.places[place].text) \(tokens.count) \(ids)")
    }
    for (place, order) in index.watched where !order.isEmpty {
      let ids = order.map { RowText.id($0.id) }
      lines.append("watched \(place.plan.seq.number) \(place.place) \(ids)")
    }
    for (path, count) in index.openIncidents where count != 0 {
      lines.append("incidents \(path.transition.text) \(count)")
    }
    for (site, tokens) in index.offered where !tokens.isEmpty {
      lines.append("offered \(site.transition) \(tokens.map(\.seq.number).sorted())")
    }
    for (plan, count) in index.openCases where count != 0 {
      lines.append("open \(plan.seq.number) \(count)")
    }
    return lines.sorted().joined(separator: "\n")
  }
}
