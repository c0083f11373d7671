internal import CEL
internal import Engine
internal import PetriNet

/// How a trial stands at its end: cases, tokens and effects.
struct TrialOutcome {
  /// How one case stands.
  struct End {
    /// The end place, `open`, `cancelled`, `terminated`.
    var text: String
    var at: Instant?
    var tokens: [(place: PlaceName, value: Value)]
  }

  private let trial: Trial
  private let net: Net
  private let state: State

  init(_ trial: Trial) {
    self.trial = trial
    net = trial.net
    state = trial.core.machine.state
  }

  /// Of all cases, in the order in which they were opened.
  var ends: [End] {
    trial.history.cases.map { found in
      guard let closed = found.closed else { return End(text: "open", at: nil, tokens: []) }
      guard closed.how == .completed else {
        return End(text: closed.how.rawValue, at: closed.at, tokens: [])
      }
      var titles: [String] = []
      for end in found.ends where !titles.contains(title(end.place)) {
        titles.append(title(end.place))
      }
      return End(
        text: titles.joined(separator: " and "), at: closed.at, tokens: found.ends)
    }
  }

  /// `open, 1 token in payment_known, nothing enabled since 00:00:00.043`.
  var text: String {
    let ends = ends
    guard let first = ends.first else {
      let refused = trial.refusals.first.map { ": \($0.path) was refused, \($0.reason.code)" }
      return "no case" + (refused ?? "")
    }
    if ends.count == 1, first.text != "open" { return first.text }
    var parts: [String] = []
    for text in ends.map(\.text) where !parts.contains(where: { $0.hasSuffix(text) }) {
      let count = ends.count { $0.text == text }
      parts.append(ends.count == 1 ? text : "\(count) \(text)")
    }
    let tokens = state.cases.values.flatMap(\.marking.tokens)
    for place in net.places where place.isOfCase {
      guard let symbol = state.places.find(place.name) else { continue }
      let count = tokens.count { $0.place == symbol }
      if count > 0 { parts.append("\(count) token\(count == 1 ? "" : "s") in \(place.title)") }
    }
    let flying = state.firings.values.filter { !$0.isLetGo }.map {
      state.transitions[$0.transition].text
    }
    if !flying.isEmpty { parts.append("in flight: \(flying.sorted().joined(separator: ", "))") }
    let since = trial.lastDecided.microseconds - trial.began.microseconds
    parts.append(
      trial.core.machine.nextDue() == nil
        ? "nothing enabled since \(VirtualTime.clock(since))"
        : "nothing happened since \(VirtualTime.clock(since))")
    return parts.joined(separator: ", ")
  }

  /// The tokens of a place at rest, in order of arrival, those that ended a case included.
  func values(in place: Place) -> [Value] {
    guard let symbol = state.places.find(place.name) else { return [] }
    guard place.isOfCase else {
      return state.shared.values.filter { $0.place == symbol }.sorted { $0.id < $1.id }
        .map(\.value)
    }
    let ended = trial.history.cases.filter { $0.closed != nil }.flatMap(\.ends)
      .filter { $0.place == place.name }.map(\.value)
    let resting = state.cases.values.flatMap(\.marking.tokens).filter { $0.place == symbol }
    return ended + resting.sorted { $0.id < $1.id }.map(\.value)
  }

  /// One for each firing of an action that has an effect, in order of the first attempt.
  var effects: [PerformedEffect] {
    var firings: [FiringID] = []
    return trial.actions.performed.filter { effect in
      guard !firings.contains(effect.firing) else { return false }
      firings.append(effect.firing)
      return true
    }
  }

  /// Under how many keys the same effect was asked for in all.
  func keys(of effect: PerformedEffect) -> Int {
    Set(
      trial.actions.performed
        .filter { $0.action == effect.action && $0.argument == effect.argument }.map(\.key)
    ).count
  }

  // MARK: Values

  func title(_ place: PlaceName) -> String {
    net.place(named: place).map { net.places[$0].title } ?? place.text
  }

  func fits(_ json: JSONText.Node, _ value: Value, at place: PlaceName) -> Bool {
    guard let index = net.place(named: place) else { return false }
    return ValueReading.value(of: json, in: net.places[index].colour).value == value
  }

  func fits(_ json: JSONText.Node, _ effect: PerformedEffect) -> Bool {
    guard let action = net.actions.first(where: { $0.name == effect.action }) else { return false }
    return ValueReading.value(of: json, in: action.takes).value == effect.argument
  }

  func text(_ value: Value, at place: PlaceName) -> String {
    guard let index = net.place(named: place) else { return "?" }
    return ValueWriting.node(of: value, in: net.places[index].colour).text
  }

  func text(_ effect: PerformedEffect) -> String {
    guard let action = net.actions.first(where: { $0.name == effect.action }) else { return "?" }
    return ValueWriting.node(of: effect.argument, in: action.takes).text
  }
}
