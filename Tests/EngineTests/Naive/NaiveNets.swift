/// Random small nets as an author would write them: coloured tokens, joins, guards, time, read,
/// `unless` and cancel arcs, counts, capacity, limits, priorities, shared and message places,
/// schedules, all kinds of transitions, a later version, and a second workflow that is called.
struct NaiveNets {
  var random: RandomRunTests.Generator
  /// Case places that arcs may take from.
  let sources = ["s", "p", "q"]
  let targets = ["p", "q", "done"]
  let shared = ["pool", "spare", "msg"]
  /// What the file in the making has, by transition; "" is the file.
  private(set) var features: [String: Set<Construct>] = [:]
  /// What the transition in the making has.
  var current: Set<Construct> = []
  /// Whether the transition in the making binds a case: its expressions may read `input`.
  var readsInput = false
  private var head: [String] = []
  private var places: [String] = []
  private var hasCancelPlace = false
  private var callee = false

  init(_ random: RandomRunTests.Generator) { self.random = random }

  static let prompt = """
    ---
    prompt: kind
    question: What is it?
    labels: [cat, dog]
    fields: {text: string}
    ---
    Read {{text}} and answer.
    """

  /// What a call calls.
  static let child = """
    workflow: child
    types: {Item: {k: int, v: int}}
    actions: {work: {takes: {n: int}, returns: {n: int}, effect: none}}
    CASE
    places:
      s: {start: Item}
      p: Item
      done: {end: Item}
      many: {end: Item, many: true}
    transitions:
      quick: {in: {x: s}, guard: x.v < 2, out: {p: x}}
      end: {in: {x: p}, action: work, with: {n: x.v}, timeout: 2s, then: {ok: {done: x}, failed: {done: x}}}
      slow: {in: {x: {from: s, after: 2s}}, choose: {two: {when: x.v == 2, out: {many: {each: "[x, x]", as: y, put: y}}}, else: {out: {done: x}}}}
    """

  mutating func chance(_ percent: Int) -> Bool { random.pick(100) < percent }
  mutating func one(_ texts: [String]) -> String { texts[random.pick(texts.count)] }

  mutating func childText() -> String {
    Self.child.replacing(
      "CASE",
      with: one([
        "", "", "case: {key: string(input.k), again: join, keep: 3s}",
        "case: {key: string(input.k), again: refuse}",
      ]))
  }

  /// The first version.
  mutating func text(callee: Bool) -> String {
    self.callee = callee
    head = [
      "workflow: w", "types: {Item: {k: int, v: int}}", "actions:",
      "  work: {takes: {n: int}, returns: {n: int}, effect: none}",
      "  final: {takes: {n: int}, returns: {n: int}, effect: final}",
    ]
    hasCancelPlace = chance(25)
    var rules: [String] = []
    if chance(40) {
      rules += ["key: string(input.k)", one(["again: join, keep: 2s", "again: refuse, keep: 4s"])]
    }
    if hasCancelPlace { rules.append("cancel: stop") }
    if !rules.isEmpty { head.append("case: {\(rules.joined(separator: ", "))}") }
    places = ["places:", "  s: {start: Item\(capacity(30))}"]
    for place in ["p", "q"] {
      places.append("  \(place): {type: Item\(capacity(35))\(order(35))}")
    }
    if hasCancelPlace { places.append("  stop: {by: string, why: string}") }
    for place in ["pool", "spare"] {
      let key = chance(25) ? ", key: k" : ""
      places.append(
        "  \(place): {shared: Item\(capacity(20))\(order(40))\(key), initial: \(initial())}")
    }
    places.append("  slots: {shared: unit, initial: \(1 + random.pick(2))}")
    places.append(
      "  msg: {message: Item, keep: \(3 + random.pick(5))s\(capacity(20))\(order(15))\(chance(40) ? ", key: k" : "")}"
    )
    places.append("  done: {end: Item, many: true}")
    return version()
  }

  /// A later version over the same places, some of whose transitions are named as earlier ones.
  mutating func laterText() -> String {
    places = places.map { $0.replacing("initial: []", with: "initial: [{k: 2, v: 1}]") }
    return version()
  }

  private mutating func version() -> String {
    features = [:]
    var lines = head + places + ["transitions:"]
    for number in 0..<(2 + random.pick(5)) {
      current = []
      readsInput = false
      let name = "t\(number)"
      lines += ["  \(name):"] + (chance(22) ? join() : transition()).map { "    \($0)" }
      features[name] = current
    }
    // What connects all places of cases, so that any other transitions make a net that loads.
    lines += [
      "  feed: {in: {x: {from: s, after: 1s}}, priority: -3, out: {p: x, q: {k: x.v, v: x.k}}}",
      "  drain: {in: {x: {from: p, after: 4s}}, priority: -3, out: {done: x}}",
      "  spill: {in: {x: {from: q, after: 4s}}, priority: -3, out: {done: x}}",
    ]
    if hasCancelPlace {
      lines.append(
        "  halt: {in: {c: stop}, cancel: {x: s, y: p, z: q}, out: {done: {k: 0, v: \"size(c.why)\"}}}"
      )
    }
    if chance(25) {
      let puts = [
        "pool: {k: 1, v: 2}", "s: {k: 1, v: now.getMinutes() % 3}",
        "spare: {k: 0, v: 1}, s: {k: 2, v: 3}", "pool: {k: now.getMinutes() % 2, v: 1}",
      ]
      lines.append(
        "schedules: {beat: {cron: \"\(one(["* * * * *", "*/2 * * * *"]))\", missed: \(one(["one", "skip"])), put: {\(one(puts))}}}"
      )
    }
    return lines.joined(separator: "\n")
  }

  private mutating func capacity(_ percent: Int) -> String {
    chance(percent) ? ", capacity: \(2 + random.pick(3))" : ""
  }

  private mutating func order(_ percent: Int) -> String {
    chance(percent) ? ", order: [\(one(["v", "-v", "k, -v", "-k, available"]))]" : ""
  }

  private mutating func initial() -> String {
    let items = (0..<random.pick(5)).map { "{k: \($0), v: \(random.pick(4))}" }
    return "[\(items.joined(separator: ", "))]"
  }

  // MARK: Transitions

  private mutating func transition() -> [String] {
    let isTask = chance(14)
    let arcs = arcs(isTask)
    var lines = arcs.lines
    if chance(30), let condition = condition(arcs.items) {
      lines.append("guard: \"\(condition)\"")
      current.insert(.guarded)
    } else if let list = arcs.lists.last, chance(40) {
      let condition = one([
        "size(\(list)) < 2", "\(list).all(x, x.v > 0)", "\(list).exists(x, 6 / x.v > 1)",
      ])
      lines.append("guard: \"\(condition)\"")
      current.insert(.guardOfList)
    }
    if chance(30) {
      lines.append("priority: \(one(["-1", "1", "2"]))")
      current.insert(.priority)
    }
    guard isTask else { return lines + work(arcs) }
    current.insert(.task)
    return lines + cancels(arcs) + [
      "task: do it", "then: {yes: \(outputs(arcs)), no: \(outputs(arcs))}",
    ]
  }

  /// Shared places, and sometimes one of cases, met by keys: two, three in a row, or a star.
  private mutating func join() -> [String] {
    var arcs = Arcs()
    let hub = chance(60) ? one(sources) : one(shared)
    let isLate = !sources.contains(hub) && chance(30)
    arcs.isOfCase = sources.contains(hub) || isLate
    readsInput = arcs.isOfCase
    arcs.items = ["a0"]
    var ins = ["a0: \(hub)"]
    var conditions: [String] = []
    // With none, only a list or an arc of `unless` is found by a key.
    let isTested = chance(40)
    let count = isTested ? random.pick(3) : 1 + random.pick(2)
    let isStar = count == 2 && chance(50)
    for number in 0..<count {
      let number = number + 1
      let name = "a\(number)"
      let field = isStar && number == 2 ? "v" : "k"
      let other = isStar ? "a0" : one(arcs.items)
      var condition =
        chance(50)
        ? "\(name).\(field) == \(other).\(field)" : "\(other).\(field) == \(name).\(field)"
      if chance(15) { condition += " && \(name).v >= \(random.pick(2))" }
      if chance(15) { condition += " && \(name).v == \(random.pick(3))" }
      let place = one(
        isLate && number == count ? sources : shared + (sources.contains(hub) ? sources : []))
      if chance(65) {
        ins.append("\(name): {from: \(place), where: \"\(condition)\"}")
      } else {
        ins.append("\(name): \(place)")
        conditions.append(condition)
      }
      arcs.items.append(name)
      if place != "msg", shared.contains(place) { arcs.givesBack.append((name, place)) }
    }
    if count > 0 { current.insert(isStar ? .joinStar : count == 2 ? .joinThree : .joinTwo) }
    if isTested, chance(60) { ins.append(keyedList(&arcs)) }
    current.insert(hub == "msg" ? .message : .shared)
    var lines = ["in: {\(ins.joined(separator: ", "))}"]
    if !conditions.isEmpty {
      lines.append("guard: \"\(conditions.joined(separator: " && "))\"")
      current.insert(.guarded)
    }
    if chance(isTested ? 60 : 20) {
      let conditions = (0..<(chance(20) ? 2 : 1)).map { number in
        "u\(number): {from: \(one(shared)), where: \"\(test("u\(number)", arcs))\"}"
      }
      lines.append("unless: {\(conditions.joined(separator: ", "))}")
      current.insert(.keyedUnless)
    }
    if chance(20) {
      lines.append("priority: 1")
      current.insert(.priority)
    }
    return lines + work(arcs)
  }

  /// A counted arc whose tokens are found by a key.
  private mutating func keyedList(_ arcs: inout Arcs) -> String {
    current.insert(.keyedCount)
    let place = one(shared)
    let count = one(["1", "2", "1..2", "0..2", "all", "a0.v", "0..a0.v"])
    arcs.lists.append("l")
    return "l: {from: \(place), where: \"\(test("l", arcs))\", count: \"\(count)\"}"
  }

  /// A condition by which tokens can be found without a look at the others.
  private mutating func test(_ name: String, _ arcs: Arcs) -> String {
    let other = one(arcs.items)
    let constant = "\(name).v == \(random.pick(3))"
    return one([
      "\(name).k == \(other).k", "\(other).k == \(name).k", "\(name).k == a0.k && \(constant)",
      "\(constant) && a0.v == \(name).v", constant, "\(name).k == \(other).k && \(name).v > 1",
      "\(name).k == a0.k && 4 / \(name).v > 1",
    ])
  }

  private mutating func work(_ arcs: Arcs) -> [String] {
    switch random.pick(10) {
    case 0...3:
      current.insert(.plain)
      return cancels(arcs) + ["out: \(outputs(arcs))"]
    case 4, 5:
      current.insert(.choose)
      let condition = condition(arcs.items) ?? "1 < 2"
      return cancels(arcs) + [
        "choose: {a: {when: \"\(condition)\", out: \(outputs(arcs))}, else: {out: \(outputs(arcs))}}"
      ]
    case 6:
      current.insert(.judge)
      return limit(arcs) + [
        "judge: kind", "with: {text: \"'x'\"}", "timeout: \(1 + random.pick(3))s",
        "then: {cat: \(outputs(arcs)), dog: \(outputs(arcs)), fallback: \(outputs(arcs))}",
      ]
    case 7 where callee, 8 where callee:
      current.insert(.call)
      let item = arcs.items.first
      let (k, v) = item.map { ("\($0).k", "\($0).v") } ?? ("1", "2")
      return limit(arcs) + [
        "call: child", "with: {k: \(k), v: \(v)}",
        "then: {done: \(outputs(arcs, "result")), many: \(outputs(arcs, "result[0]")), cancelled: \(outputs(arcs))}",
      ]
    default: return limit(arcs) + action(arcs)
    }
  }

  private mutating func action(_ arcs: Arcs) -> [String] {
    current.insert(.action)
    let isFinal = chance(40)
    let unknown = isFinal ? ", unknown: \(outputs(arcs))" : ""
    return [
      "action: \(isFinal ? "final" : "work")",
      "with: {n: \(arcs.items.first.map { "\($0).v" } ?? "1")}", "timeout: \(1 + random.pick(3))s",
      "then: {ok: \(outputs(arcs)), failed: \(outputs(arcs))\(unknown)}",
    ]
  }
}
