import CEL
import PetriNet
import Testing

@testable import Engine

/// Transitions over shared places that fire without a search make the rows that a search makes.
struct MatchedTests {
  /// `UNLESS` stops nothing, for its place is never filled; it is what makes the engine search.
  static func yaml(isMatched: Bool) -> String {
    """
    workflow: w
    types:
      Target: {url: int, domain: string, priority: int = 0}
      Domain: {name: string, delay: duration, load: int 0..6 = 0}
      Proxy: {id: int, rest: duration}
    places:
      start: {start: unit}
      end: {end: unit}
      never: {shared: unit}
      targets: {shared: Target, order: [-priority]}
      domains: {shared: Domain, key: name, order: [available]}
      proxies: {shared: Proxy, key: id, order: [available], initial: [{id: 9, rest: 1s}]}
      fetched: {shared: {url: int, at: timestamp}}
      kept: {shared: {url: int, at: timestamp}, order: [-url]}
      pairs: {shared: {a: int, b: int}}
      left: {shared: {n: int, name: string}, order: [name, -n]}
      right: {shared: {n: int, name: string}}
      marks: {shared: unit}
    transitions:
      go: {in: {x: start}, out: {end: unit}}
      scrape:
        in: {d: domains, p: proxies, t: {from: targets, where: t.domain == d.name}}
        UNLESS
        out:
          domains: {put: d, after: d.delay}
          proxies: {put: p, after: p.rest}
          fetched: {url: t.url, at: now}
      burden:
        in: {l: left, d: {from: domains, where: d.name == l.name}}
        priority: 2
        UNLESS
        out: {domains: {put: {copy: d, load: d.load + 1}, after: 1s}}
      keep: {in: {f: fetched}, UNLESS out: {kept: f}}
      pair:
        in: {l: left, r: {from: right, where: r.n == l.n && r.name == l.name}}
        UNLESS
        out: {pairs: {a: "12 / (l.n - 3)", b: r.n}, marks: unit}
      again: {in: {k: kept, m: marks}, UNLESS out: {targets: {url: k.url, domain: "'d1'"}}}
      lend:
        in: {a: pairs, r: right}
        UNLESS
        out: {proxies: {put: {id: a.b, rest: "duration('1s') * a.b"}, after: 2s}, left: r}
    """.replacing("UNLESS", with: isMatched ? "" : "unless: {z: never}")
      .replacing(", unless: {z: never} out", with: ", unless: {z: never}, out")
      .replacing(",  out", with: ", out")
  }

  @Test(arguments: Array(UInt64(1)...30))
  func `a binding that is found without a search is the one that a search finds`(seed: UInt64)
    throws
  {
    var limits = Limits.standard
    limits.stepsAtOneInstantMax = 40
    let worlds = try [true, false].map { try World(Self.yaml(isMatched: $0), limits: limits) }
    let matched = worlds[0].machine.state.index.planOrder[0].matched.count { $0 != nil }
    let searched = worlds[1].machine.state.index.planOrder[0].matched.count { $0 != nil }
    var random = RandomRunTests.Generator(state: seed)

    for _ in 0..<50 {
      let command = random.pick(14)
      let (first, second) = (random.pick(5), random.pick(4))
      for world in worlds { try Self.step(world, command, first, second) }
      #expect(worlds[0].trail == worlds[1].trail)
    }

    #expect(matched == 6)
    #expect(searched == 0)
  }

  static func step(_ world: World, _ command: Int, _ first: Int, _ second: Int) throws {
    let name = Value.string("d\(first)")
    let number = Value.int(Int64(second))
    let delay = Value.duration(TimeSpan(seconds: Int64(second), nanoseconds: 0))
    switch command {
    case 0, 1, 2:
      world.deposit("targets", ["url": .int(Int64(first)), "domain": name, "priority": number])
    case 3: world.deposit("domains", ["name": name, "delay": delay])
    case 4: world.deposit("proxies", ["id": .int(Int64(first)), "rest": delay])
    case 5, 6: world.deposit("left", ["n": number, "name": name])
    case 7, 8: world.deposit("right", ["n": number, "name": name])
    case 9: if second == 0 { try world.restart() }
    case 10:
      let pause = SetPause(target: .workflow(world.workflow), by: .local)
      world.take(second < 2 ? .pause(pause) : .resume(pause))
    default: world.pass(Double(first) / 2)
    }
  }

  @Test func `a machine that keeps no events comes to the same state`() throws {
    let world = try World(Self.yaml(isMatched: true))
    var silent = world.machine
    silent.keepsEvents = false
    var deposits: [(String, Value)] = []
    for number in Int64(0)..<30 {
      let name = Value.string("d\(number)")
      deposits.append(("targets", ["url": .int(number), "domain": "d1", "priority": 1]))
      deposits.append(("domains", ["name": name, "delay": .duration(.zero)]))
      deposits.append(("left", ["n": .int(number), "name": "d1"]))
      deposits.append(("right", ["n": .int(number), "name": "d1"]))
    }

    for (place, value) in deposits {
      let command = Command.deposit(
        DepositToken(
          workflow: world.workflow, place: place, value: value, by: .local, why: "test"))
      world.take(command)
      #expect(silent.handle(command, at: world.now).events.isEmpty)
      world.wait(0.5)
    }

    #expect(silent.state.text == world.machine.state.text)
  }
}
