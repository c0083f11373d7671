extension NaiveNets {
  struct Arcs {
    var lines: [String] = []
    /// Single variables of items.
    var items: [String] = []
    var lists: [String] = []
    var takesSlot = false
    var isOfCase = true
    var givesBack: [(variable: String, place: String)] = []
  }

  mutating func arcs(_ isTask: Bool) -> Arcs {
    var arcs = Arcs()
    var ins: [String] = []
    let isOfCase = chance(88)
    arcs.isOfCase = isOfCase
    readsInput = isOfCase
    let first = isOfCase ? one(sources) : one(shared)
    var places = [first]
    if isOfCase, !isTask, chance(12) {
      places.insert(one(shared), at: 0)
      current.insert(.caseIsLate)
    }
    if !isTask {
      for _ in 0..<random.pick(3) { places.append(one((isOfCase ? sources : []) + shared)) }
    }
    for (index, place) in places.enumerated() {
      let name = "a\(index)"
      if place == "msg" { current.insert(.message) }
      if ["pool", "spare"].contains(place) { current.insert(.shared) }
      if !isTask, index > 0, chance(35) {
        arcs.lists.append(name)
        ins.append(
          "\(name): {from: \(place), count: \"\(count(arcs))\"\(filter(name, arcs.items, 30))\(chance(15) ? ", after: 1s" : "")}"
        )
      } else if !isTask, index == 0, chance(6) {
        arcs.lists.append(name)
        let count = one(["1", "2", "1..2"])
        current.insert(count == "1..2" ? .countRange : .countNumber)
        ins.append("\(name): {from: \(place), count: \"\(count)\"}")
      } else {
        let filter = filter(name, arcs.items, index == 0 ? 25 : 60)
        let wait = wait(name, isOfCase: sources.contains(place))
        ins.append(
          filter.isEmpty && wait.isEmpty
            ? "\(name): \(place)" : "\(name): {from: \(place)\(filter)\(wait)}")
        arcs.items.append(name)
        if place == "pool" || place == "spare" { arcs.givesBack.append((name, place)) }
      }
    }
    if !isTask, chance(15) {
      ins.append("sl: slots")
      arcs.takesSlot = true
    }
    arcs.lines.append("in: {\(ins.joined(separator: ", "))}")
    addTests(to: &arcs, isOfCase)
    return arcs
  }

  private mutating func addTests(to arcs: inout Arcs, _ isOfCase: Bool) {
    if chance(18) {
      let place = one((isOfCase ? sources : []) + shared)
      arcs.lines.append("read: {r: {from: \(place)\(filter("r", arcs.items, 60))}}")
      arcs.items.append("r")
      current.insert(.read)
    }
    if chance(25) {
      let place = one((isOfCase ? sources : []) + shared)
      arcs.lines.append("unless: {u: {from: \(place)\(filter("u", arcs.items, 70))}}")
    }
  }

  private mutating func count(_ arcs: Arcs) -> String {
    let variable = arcs.items.first
    switch random.pick(6) {
    case 0:
      current.insert(.countAll)
      return "all"
    case 1:
      current.insert(.countRange)
      return "0..2"
    case 3 where variable != nil: return computed("\(variable ?? "").v")
    case 4 where variable != nil: return computed("0..\(variable ?? "").v")
    case 5 where variable != nil: return computed("\(variable ?? "").v - 1")
    default:
      current.insert(.countNumber)
      return one(["1", "2"])
    }
  }

  private mutating func computed(_ count: String) -> String {
    current.insert(.countExpression)
    return count
  }

  private mutating func filter(_ name: String, _ others: [String], _ percent: Int) -> String {
    guard chance(percent) else { return "" }
    let condition = condition([name], others) ?? "\(name).v > 0"
    current.insert(others.contains { condition.contains("\($0).") } ? .joinTwo : .whereSingle)
    return ", where: \"\(condition)\""
  }

  mutating func condition(_ own: [String], _ others: [String] = []) -> String? {
    guard let last = own.last else { return nil }
    let other = others.isEmpty ? last : one(others)
    if readsInput, chance(10) {
      current.insert(.readsInput)
      return one([
        "\(last).k == input.k", "\(last).v < input.v + 1", "6 / input.v > \(last).v",
        "input.v == \(last).v && \(last).k != 1",
      ])
    }
    switch random.pick(10) {
    case 0, 1, 2: return "\(last).k == \(other == last ? "1" : "\(other).k")"
    case 3: return "\(last).v >= \(random.pick(3))"
    case 4: return "\(last).v < \(other == last ? "2" : "\(other).v + 1")"
    case 5: return "6 / \(last).v > 1"
    case 6: return "\(last).k != \(random.pick(3))"
    case 7: return "\(last).k == \(other == last ? "2" : "\(other).k") && 4 / \(last).v > 0"
    case 8 where other != last: return "\(last).k == \(other).k && \(last).v == \(other).v"
    default: return "\(last).v % 2 == \(random.pick(2))"
    }
  }

  private mutating func wait(_ name: String, isOfCase: Bool) -> String {
    guard chance(30) else { return "" }
    switch random.pick(6) {
    case 0, 1:
      current.insert(.afterConstant)
      return ", after: \(1 + random.pick(2))s"
    case 2:
      current.insert(.afterComputed)
      return ", after: \"duration(string(\(name).v) + 's')\""
    case 3:
      current.insert(.afterComputed)
      return ", after: \"duration(string(6 / \(name).v) + 's')\""
    case 4 where isOfCase:
      current.insert(.at)
      return ", at: \"case.started + duration(string(input.v + \(name).k) + 's')\""
    default:
      current.insert(.at)
      return ", at: \"timestamp(1002 + 3 * \(name).v)\""
    }
  }

  mutating func limit(_ arcs: Arcs) -> [String] {
    guard chance(40) else { return [] }
    if let item = arcs.items.first, chance(50) {
      return ["limit: {max: 1, per: \"\(chance(15) ? "4 / \(item).v" : "\(item).k")\"}"]
    }
    return ["limit: \(1 + random.pick(2))"]
  }

  mutating func cancels(_ arcs: Arcs) -> [String] {
    guard chance(20) else { return [] }
    return ["cancel: {c: {from: \(one(sources + ["pool", "msg"]))\(cancelFilter(arcs))}}"]
  }

  private mutating func cancelFilter(_ arcs: Arcs) -> String {
    guard chance(50), let condition = condition(["c"], arcs.items) else { return "" }
    return ", where: \"\(condition)\""
  }

  mutating func outputs(_ arcs: Arcs, _ result: String? = nil) -> String {
    var puts: [String] = []
    var used: [String] = []
    for _ in 0..<(1 + random.pick(2)) {
      // Without a case there is nothing to end; what is put soon makes no endless run.
      guard arcs.isOfCase else {
        if chance(60) { break }
        let place = one(["pool", "spare"])
        if used.contains(place) { continue }
        used.append(place)
        puts.append("\(place): {put: {k: \(random.pick(3)), v: \(random.pick(4))}, after: 2s}")
        continue
      }
      let place = one(targets + ["done"])
      if used.contains(place) { continue }
      used.append(place)
      puts.append("\(place): \(put(arcs, result))")
    }
    for (variable, place) in arcs.givesBack where chance(85) && !used.contains(place) {
      used.append(place)
      let given = one([
        variable, variable, "{copy: \(variable), v: \(variable).v + 1}",
        "{put: \(variable), after: 2s}",
      ])
      puts.append("\(place): \(given)")
    }
    if arcs.takesSlot && chance(90) { puts.append("slots: unit") }
    return "{\(puts.joined(separator: ", "))}"
  }

  private mutating func put(_ arcs: Arcs, _ result: String?) -> String {
    if let result, chance(60) {
      current.insert(.callResult)
      return result
    }
    guard let item = arcs.items.isEmpty ? nil : one(arcs.items) else {
      if let list = arcs.lists.first { return "{k: \"size(\(list))\", v: 1}" }
      return "{k: 1, v: 1}"
    }
    if let list = arcs.lists.last, chance(25) {
      return using(.eachOfList, "{each: \"\(list)\", as: e, put: e}")
    }
    switch random.pick(11) {
    case 0, 1, 2: return item
    case 3: return "{k: \(item).k, v: \(item).v - 1}"
    case 4: return "{k: \"6 / \(item).v\", v: \(item).v}"
    case 5: return using(.putAfter, "{put: \(item), after: 1s}")
    case 6: return using(.putAfter, "{put: {k: \(item).k, v: \(item).v + 1}, after: 2s}")
    case 7: return using(.putAt, "{put: \(item), at: \"now + duration('2s')\"}")
    case 8: return using(.copy, "{copy: \(item), v: \(item).v + 1}")
    case 9:
      return using(.each, "{each: \"[\(item).v, \(item).k]\", as: e, put: {k: e, v: 1}, after: 1s}")
    default:
      return using(.each, "{each: \"[\(item).v, \(item).k]\", as: e, put: {k: e, v: 1}}")
    }
  }

  private mutating func using(_ construct: Construct, _ put: String) -> String {
    current.insert(construct)
    return put
  }
}
