import CEL
import PetriNet
import Testing

@testable import Engine

/// Steps that need no search are the rows that a search makes.
struct StraightTests {
  /// `GUARD` holds always; it is what makes the engine search.
  static func yaml(isStraight: Bool) -> String {
    """
    workflow: w
    case: {key: "string(input.n)", again: join, keep: 5s}
    places:
      a: {start: {n: int, who: personal string}}
      b: {n: int, who: personal string}
      c: {n: int}
      d: {n: int 0..20}
      e: {n: int}
      f: {n: int}
      g: unit
      h: {n: int}
      end: {end: unit}
    transitions:
      move: {in: {x: a}, GUARD out: {b: x}}
      make: {in: {x: b}, GUARD out: {c: {n: x.n + 1}}}
      narrow: {in: {x: c}, GUARD out: {d: {n: x.n}}}
      part: {in: {x: d}, GUARD out: {e: {n: 100 / (x.n - 7)}}}
      wait: {in: {x: e}, GUARD out: {f: {put: x, after: 2s}}}
      empty: {in: {x: f}, GUARD out: {g: unit}}
      turn: {in: {x: g}, guard: input.n > 8, out: {h: {n: input.n}}}
      back: {in: {x: h}, GUARD out: {g: unit}}
      stop: {in: {x: g}, guard: input.n <= 8, out: {end: unit}}
    """.replacing("GUARD", with: isStraight ? "" : "guard: x == x,")
  }

  @Test(arguments: Array(UInt64(1)...20))
  func `a step without a search makes the rows of one with`(seed: UInt64) throws {
    var limits = Limits.standard
    limits.stepsAtOneInstantMax = 7
    let worlds = try [true, false].map { try World(Self.yaml(isStraight: $0), limits: limits) }
    let straight = worlds[0].machine.state.index.planOrder[0].straight.count { $0 != nil }
    let searched = worlds[1].machine.state.index.planOrder[0].straight.count { $0 != nil }
    var random = RandomRunTests.Generator(state: seed)

    for _ in 0..<30 {
      let (command, number) = (random.pick(4), random.pick(24))
      for world in worlds {
        switch command {
        case 0, 1: world.start(["n": .int(Int64(number)), "who": "kim"])
        case 2: world.pass(Double(number) / 4)
        default: if number < 4 { try world.restart() }
        }
      }
      #expect(worlds[0].trail == worlds[1].trail)
    }

    #expect(straight == 6)
    #expect(searched == 0)
  }

  @Test func `a machine that keeps no events comes to the same state`() throws {
    let world = try World(Self.yaml(isStraight: true))
    var silent = world.machine
    silent.keepsEvents = false
    let starts = (0..<12).map { number in
      Command.start(
        StartCase(workflow: world.workflow, value: ["n": .int(Int64(number)), "who": "kim"]))
    }

    for command in starts {
      world.take(command)
      #expect(silent.handle(command, at: world.now).events.isEmpty)
    }

    #expect(silent.state.text == world.machine.state.text)
  }
}
