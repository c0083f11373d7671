/// A transition of a net written in Swift, of one of the six kinds.
///
/// Arcs, formulas and outputs are typed by their places. The outcomes of a verdict, of a task and of
/// a call are routed by a `switch` over a closed enumeration, which the Swift compiler wants whole;
/// `fallback`, `failed`, `cancelled`, and `unknown` of a final effect, cannot be left out.
public struct Transition: Sendable {
  let name: String
  let node: YamlText
  /// Types of forms.
  let types: [TypeSpelling]

  private init(
    _ name: String, _ entries: [(key: String, value: YamlText)], types: [TypeSpelling] = []
  ) {
    self.name = name
    node = .map(entries)
    self.types = types
  }

  /// A branch of a decision.
  public struct Branch: Sendable {
    let name: String
    let node: YamlText

    /// Taken if this holds and no branch before it does.
    public static func when(
      _ name: String, _ condition: Formula<Bool>, _ puts: Put...
    ) -> Branch {
      Branch(
        name: name,
        node: .map([("when", .scalar(condition.text)), ("out", outputs(puts))]))
    }
  }

  /// One step without a choice.
  public static func plain(
    _ name: String, in inputs: [any InputArc], read: [any InputArc] = [],
    unless: [any InputArc] = [], cancel: [any InputArc] = [], guard condition: Formula<Bool>? = nil,
    priority: Int = 0, puts: Put...
  ) -> Transition {
    Transition(
      name,
      arcs(inputs, read, unless, cancel, condition, priority) + [("out", outputs(puts))])
  }

  /// One step by the first branch that holds, else by `otherwise`.
  public static func choose(
    _ name: String, in inputs: [any InputArc], read: [any InputArc] = [],
    unless: [any InputArc] = [], cancel: [any InputArc] = [], guard condition: Formula<Bool>? = nil,
    priority: Int = 0, _ branches: Branch..., otherwise: [Put]
  ) -> Transition {
    let entries =
      branches.map { (key: $0.name, value: $0.node) }
      + [("else", YamlText.map([("out", outputs(otherwise))]))]
    return Transition(
      name, arcs(inputs, read, unless, cancel, condition, priority) + [("choose", .map(entries))])
  }

  /// One question to a model.
  ///
  /// - Parameters:
  ///   - timeout: of the firing, over everything.
  ///   - atLeast: an answer of less confidence is a fallback.
  ///   - then: the route of each label.
  ///   - fallback: where the case goes without a verdict, by the reason.
  public static func judge<Fields: Record, Label: Verdict>(
    _ name: String, in inputs: [any InputArc], read: [any InputArc] = [],
    unless: [any InputArc] = [], guard condition: Formula<Bool>? = nil, priority: Int = 0,
    asks question: Question<Fields, Label>, with settings: [Setting<Fields>],
    timeout: Formula<Duration>, model: Asked = .standard, atLeast: Double? = nil,
    limit: FiringLimitation? = nil, then: (Label) -> [Put],
    fallback: (_ reason: Formula<String>) -> [Put]
  ) -> Transition {
    var entries = arcs(inputs, read, unless, [], condition, priority)
    entries.append(("judge", .scalar(question.prompt)))
    entries.append(("with", .map(Setting.entries(settings))))
    entries.append(("timeout", .scalar(timeout.spelled)))
    entries += model.entries
    if let atLeast { entries.append(("at_least", .scalar("\(atLeast)"))) }
    if let limit { entries.append(("limit", limit.node)) }
    var routes = Label.labels.map { (key: $0.label, value: outputs(then($0))) }
    routes.append(("fallback", outputs(fallback(Formula(text: "fallback.reason")))))
    return Transition(name, entries + [("then", .map(routes))])
  }

  /// A person, or an outside system, answers.
  public static func task<Token: TokenType, Answer: Outcome>(
    _ name: String, in input: Arc<Token>, read: [any InputArc] = [],
    unless: [any InputArc] = [], cancel: [any InputArc] = [], guard condition: Formula<Bool>? = nil,
    priority: Int = 0, title: String, shows: [Shown] = [], for group: TaskGroup? = nil,
    not excluded: Formula<[String]>? = nil, due: TaskDue? = nil, then: (Answer) -> TaskRoute
  ) -> Transition {
    var entries = arcs([input], read, unless, cancel, condition, priority)
    entries.append(("task", .scalar(title)))
    if !shows.isEmpty {
      entries.append(("with", .map(shows.map { ($0.name, .scalar($0.text)) })))
    }
    if let group { entries.append(("for", .scalar(group.text))) }
    if let excluded { entries.append(("not", .scalar(excluded.text))) }
    if let due { entries.append(("due", .scalar(due.text))) }
    let routes = Answer.allCases.map { (name: $0.rawValue, route: then($0)) }
    let forms = routes.compactMap { item in
      item.route.form.map { (key: item.name, value: $0.node) }
    }
    if !forms.isEmpty { entries.append(("ask", .map(forms))) }
    entries.append(
      ("then", .map(routes.map { ($0.name, outputs($0.route.puts)) })))
    return Transition(name, entries, types: routes.compactMap(\.route.form))
  }

  /// A case of another workflow.
  public static func call<Input: TokenType, Ends: Outcome>(
    _ name: String, in inputs: [any InputArc], read: [any InputArc] = [],
    unless: [any InputArc] = [], guard condition: Formula<Bool>? = nil, priority: Int = 0,
    calls callee: Callee<Input, Ends>, with argument: Argument<Input>,
    limit: FiringLimitation? = nil, then: (Ends) -> CallRoute, cancelled: [Put]
  ) -> Transition {
    var entries = arcs(inputs, read, unless, [], condition, priority)
    entries.append(("call", .scalar(callee.name)))
    entries.append(("with", argument.node))
    if let limit { entries.append(("limit", limit.node)) }
    var routes = Ends.allCases.map { (key: $0.rawValue, value: outputs(then($0).puts)) }
    routes.append(("cancelled", outputs(cancelled)))
    return Transition(name, entries + [("then", .map(routes))])
  }

  static func outputs(_ puts: [Put]) -> YamlText {
    .map(puts.map { ($0.place, $0.node) })
  }

  private static func arcs(
    _ inputs: [any InputArc], _ read: [any InputArc], _ unless: [any InputArc],
    _ cancel: [any InputArc], _ condition: Formula<Bool>?, _ priority: Int
  ) -> [(key: String, value: YamlText)] {
    var entries: [(key: String, value: YamlText)] = []
    for (key, arcs) in [("in", inputs), ("read", read), ("unless", unless), ("cancel", cancel)]
    where !arcs.isEmpty {
      entries.append((key, .map(arcs.map { ($0.entry.variable, $0.entry.node) })))
    }
    if let condition { entries.append(("guard", .scalar(condition.text))) }
    if priority != 0 { entries.append(("priority", .scalar("\(priority)"))) }
    return entries
  }
}

extension Transition {
  /// A Swift function, or a bound service, whose effect is final.
  public static func action<Input: TokenType, Output: TokenType>(
    _ name: String, in inputs: [any InputArc], read: [any InputArc] = [],
    unless: [any InputArc] = [], guard condition: Formula<Bool>? = nil, priority: Int = 0,
    performs action: FinalAction<Input, Output>, with argument: Argument<Input>,
    timeout: Formula<Duration>? = nil, retry: Retry? = nil, limit: FiringLimitation? = nil,
    ok: (_ result: Formula<Output>) -> [Put], failed: (Failed) -> [Put],
    unknown: (Failed) -> [Put]
  ) -> Transition {
    acting(
      name, arcs(inputs, read, unless, [], condition, priority), action.name, argument.node,
      timeout, retry, limit,
      [
        ("ok", outputs(ok(Formula(text: "result")))), ("failed", outputs(failed(Failed()))),
        ("unknown", outputs(unknown(Failed()))),
      ])
  }

  /// A Swift function, or a bound service, that may run twice.
  ///
  /// - Parameter unknown: nil: as `failed`.
  public static func action<Input: TokenType, Output: TokenType>(
    _ name: String, in inputs: [any InputArc], read: [any InputArc] = [],
    unless: [any InputArc] = [], guard condition: Formula<Bool>? = nil, priority: Int = 0,
    performs action: RepeatableAction<Input, Output>, with argument: Argument<Input>,
    timeout: Formula<Duration>? = nil, retry: Retry? = nil, limit: FiringLimitation? = nil,
    ok: (_ result: Formula<Output>) -> [Put], failed: (Failed) -> [Put],
    unknown: ((Failed) -> [Put])? = nil
  ) -> Transition {
    var routes = [
      (key: "ok", value: outputs(ok(Formula(text: "result")))),
      (key: "failed", value: outputs(failed(Failed()))),
    ]
    if let unknown { routes.append(("unknown", outputs(unknown(Failed())))) }
    return acting(
      name, arcs(inputs, read, unless, [], condition, priority), action.name, argument.node,
      timeout, retry, limit, routes)
  }

  private static func acting(
    _ name: String, _ arcs: [(key: String, value: YamlText)], _ action: String,
    _ argument: YamlText, _ timeout: Formula<Duration>?, _ retry: Retry?,
    _ limit: FiringLimitation?, _ routes: [(key: String, value: YamlText)]
  ) -> Transition {
    var entries = arcs + [("action", .scalar(action)), ("with", argument)]
    if let timeout { entries.append(("timeout", .scalar(timeout.spelled))) }
    if let retry { entries.append(("retry", retry.node)) }
    if let limit { entries.append(("limit", limit.node)) }
    return Transition(name, entries + [("then", .map(routes))])
  }
}
