import CEL
import PetriNet
import Testing

@testable import Engine

/// Joins served from keys fire what joins that try every token fire.
struct JoinTests {
  /// `EQ(a, b)` is an equality that an index serves, or the same said in a way that none does.
  static let yaml = """
    workflow: w
    types:
      Target: {url: int, domain: string, priority: int = 0}
      Domain: {name: string, delay: duration, spare: string?}
    places:
      begin: {start: {n: int, name: string}}
      open: {n: int, name: string}
      wait: unit
      end: {end: unit, many: true}
      targets: {shared: Target, order: [-priority]}
      domains: {shared: Domain, order: [available]}
      proxies: {shared: {id: int}, initial: [{id: 1}, {id: 2}]}
      late: {shared: {name: string, id: int}}
      paid: {message: {n: int, sum: int}, keep: 30s}
      noted: {message: {name: string}, keep: 30s}
    transitions:
      scrape:
        in: {d: domains, p: proxies, t: {from: targets, where: EQ(t.domain, d.name)}}
        out: {domains: {put: d, after: d.delay}, proxies: {put: p, after: 2s}}
      star:
        in:
          l: late
          d: {from: domains, where: "EQ(d.name, l.name)"}
          p: {from: proxies, where: "EQ(p.id, l.id) && p.id < 9"}
        priority: 1
        out: {domains: d, proxies: {put: p, after: 1s}}
      read:
        in: {t: {from: targets, after: 4s}}
        read: {d: {from: domains, where: "EQ(d.name, t.domain) && size(d.name) > 0"}}
        out: {late: {name: t.domain, id: 1 + t.url % 2}}
      match:
        in: {m: paid, o: {from: open, where: EQ(o.n, m.n)}}
        out: {end: unit}
      split: {in: {x: begin}, out: {open: x, wait: unit}}
      note:
        in: {w: {from: wait, after: 1s}, m: noted}
        guard: EQ(m.name, input.name)
        out: {end: unit}
      spare:
        in: {x: {from: open, after: 9s}, d: {from: domains, where: "EQ(d.spare, x.name)"}}
        out: {end: unit}
    """

  static func text(isIndexed: Bool) -> String {
    var text = ""
    var rest = Substring(yaml)
    while let start = rest.firstRange(of: "EQ(") {
      text += rest[..<start.lowerBound]
      rest = rest[start.upperBound...]
      let parts = rest.prefix { $0 != ")" }.split(separator: ",").map(String.init)
      rest = rest.dropFirst(parts.joined(separator: ",").count + 1)
      let (left, right) = (parts[0], parts[1].drop { $0 == " " })
      text += isIndexed ? "\(left) == \(right)" : "([\(left)] == [\(right)])"
    }
    return (text + rest).quoted
  }

  @Test(arguments: Array(UInt64(1)...60))
  func `keys leave out nothing and change no order`(seed: UInt64) throws {
    let worlds = try [true, false].map { try World(Self.text(isIndexed: $0)) }
    let indexed = worlds[0].machine.state.index.planOrder[0].transitions.filter { $0.join != nil }
    let scanned = worlds[1].machine.state.index.planOrder[0].transitions.filter { $0.join != nil }
    var random = RandomRunTests.Generator(state: seed)

    for _ in 0..<60 {
      let command = random.pick(12)
      let (first, second) = (random.pick(5), random.pick(4))
      for world in worlds { try Self.step(world, command, first, second) }
      #expect(worlds[0].trail == worlds[1].trail)
    }

    #expect(indexed.count == 6)
    #expect(scanned.isEmpty)
  }

  static func step(_ world: World, _ command: Int, _ first: Int, _ second: Int) throws {
    let name = Value.string("d\(first)")
    switch command {
    case 0, 1: world.start(["n": .int(Int64(first)), "name": name])
    case 2, 3:
      world.deposit(
        "targets",
        ["url": .int(Int64(second)), "domain": name, "priority": .int(Int64(second % 3))])
    case 4:
      let spare = second == 0 ? Value.null : .string("d\(second)")
      let delay = Value.duration(TimeSpan(seconds: Int64(second), nanoseconds: 0))
      world.deposit("domains", ["name": name, "delay": delay, "spare": spare])
    case 5: world.deposit("proxies", ["id": .int(Int64(second))])
    case 6: world.deposit("late", ["name": name, "id": .int(Int64(second))])
    case 7: world.message("paid", ["n": .int(Int64(first)), "sum": 1])
    case 8: world.message("noted", ["name": name])
    case 9: if second == 0 { try world.restart() }
    default: world.pass(Double(first) / 2)
    }
  }

  @Test func `what a list takes and what bars a binding are found by keys and constants`() throws {
    let world = try World(
      """
      workflow: w
      types: {Part: {ref: string, state: string}}
      places:
        begin: {start: unit}
        end: {end: unit}
        needs: {shared: {ref: string, for: string}}
        parts: {shared: Part, key: ref}
        arrived: {shared: {for: string}}
      transitions:
        go: {in: {x: begin}, out: {end: unit}}
        fresh:
          in: {n: needs}
          unless: {p: {from: parts, where: p.ref == n.ref}}
          out: {parts: {ref: n.ref, state: "'missing'"}, needs: n}
        live:
          in: {n: needs}
          read: {p: {from: parts, where: "p.ref == n.ref && p.state == 'live'"}}
          out: {arrived: {for: n.for}}
        wake:
          in:
            p: {from: parts, where: p.state == 'parked'}
            l: {from: arrived, where: l.for == p.ref, count: 2}
          out: {parts: {copy: p, state: "'live'"}}
      """)
    let joins = world.machine.state.index.planOrder[0].transitions.map(\.join)

    #expect(joins[1]?.roles == [.needed, .barring])
    #expect(joins[1]?.hub?.partners == [1])
    #expect(joins[2]?.filters.map(\.count) == [0, 1])
    #expect(joins[3]?.roles == [.needed, .listed])
    #expect(joins[3]?.filters.map(\.count) == [1, 0])
    #expect(joins[3]?.isContestedAnywhere == false)
    world.forget()
    world.deposit("needs", ["ref": "x", "for": "y"])
    world.deposit("parts", ["ref": "y", "state": "parked"])
    world.deposit("arrived", ["for": "x"])
    world.deposit("arrived", ["for": "y"])
    world.deposit("arrived", ["for": "y"])

    world.logged(
      """
      6 deposit → w/needs={ref: 'x', for: 'y'}
      7 fresh 6.0 → w/parts={ref: 'x', state: 'missing'}, w/needs=same 6.0
      8 deposit → w/parts={ref: 'y', state: 'parked'}
      9 deposit → w/arrived={for: 'x'}
      10 deposit → w/arrived={for: 'y'}
      11 deposit → w/arrived={for: 'y'}
      12 wake 8.0 [10.0 11.0] → w/parts={ref: 'y', state: 'live'}
      """)
  }

  @Test func `a join that compares erased fields tries every token`() throws {
    let world = try World(
      """
      workflow: w
      places:
        begin: {start: {id: personal string}}
        paid: {message: {id: personal string}, keep: 1d}
        end: {end: {id: personal string}}
      transitions:
        match: {in: {m: paid, o: {from: begin, where: o.id == m.id}}, out: {end: o}}
      """)
    let transition = world.machine.state.index.planOrder[0].transitions[0]

    #expect(transition.join?.lookups[1] != nil)
    #expect(transition.join?.hub == nil)
  }

  @Test(arguments: [
    ("in: {d: domains, t: {from: targets, where: t.domain == d.name}}", "keyed"),
    ("in: {d: domains, p: proxies, t: targets}\n    guard: t.domain == d.name", "keyed"),
    (
      "in: {t: targets, d: {from: domains, where: d.name == t.domain}, "
        + "p: {from: proxies, where: p.id == t.url}}", "star"
    ),
    ("in: {d: domains, t: {from: targets, where: t.domain != d.name}}", "scan"),
    ("in: {d: domains, p: {from: proxies, where: p.id > 3}}", "scan"),
    ("in: {d: domains, p: proxies}", nil),
    ("in: {d: domains}", nil),
  ])
  func `check names how a join is served`(arcs: String, way: String?) throws {
    let world = World()
    let id = try world.load(
      """
      workflow: w
      places:
        begin: {start: unit}
        end: {end: unit}
        targets: {shared: {url: int, domain: string}}
        domains: {shared: {name: string}}
        proxies: {shared: {id: int}}
      transitions:
        go: {in: {x: begin}, out: {end: unit}}
        join:
          \(arcs)
          out: {}
      """)

    #expect(world.nets[id]?.joins.first?.way.rawValue == way)
  }
}

extension String {
  /// Conditions with a comma or brackets stand in quotes.
  fileprivate var quoted: String {
    replacing("where: ([", with: "where: \"([").replacing("])}", with: "])\"}")
      .replacing("guard: ([m.name] == [input.name])", with: "guard: \"[m.name] == [input.name]\"")
  }
}
