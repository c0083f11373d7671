import CEL
import PetriNet
import Testing

/// What a compiled net is made of, where an engine depends on it.
@Suite struct CompiledNetTests {
  @Test func `a token put unchanged moves, one of another colour set is made anew`() throws {
    let net = try NetText.compile(
      """
      workflow: w
      types: {A: {x: string, y: int 0..9}}
      places:
        asked: {start: A}
        same: A
        wider: {x: string, y: int}
        done: {end: A}
      transitions:
        a: {in: {r: asked}, choose: {s: {when: r.y > 1, out: {same: r}}, else: {out: {wider: r}}}}
        b: {in: {s: same}, out: {done: s}}
        c: {in: {w: wider}, out: {done: w}}
        d: {in: {rs: {from: asked, count: 2}}, out: {done: "rs[0]"}}
      """
    ).net

    #expect(
      net.transitions.map { $0.work.outputs.map(\.moves) } == [
        [[5], [nil]], [[5]], [[nil]], [[nil]],
      ])
  }

  @Test func `a message with personal fields is sealed anew`() throws {
    let net = try NetText.compile(
      """
      workflow: w
      places:
        asked: {start: unit}
        mail: {message: {who: personal string}, keep: 1d}
        done: {end: {who: personal string}}
      transitions:
        a: {in: {r: asked, m: mail}, out: {done: m}}
      """
    ).net

    #expect(net.transitions[0].work.outputs.map(\.moves) == [[nil]])
  }

  @Test func `copy takes what the map leaves, and defaults fill the rest`() throws {
    let net = try NetText.compile(
      """
      workflow: w
      places:
        asked: {start: {a: string, b: int}}
        done: {end: {b: int, a: string, c: bool = true, d: "string?"}}
      transitions:
        go: {in: {r: asked}, out: {done: {copy: r, b: r.b + 1}}}
      """
    ).net

    guard case .plain(let outputs) = net.transitions[0].work,
      case .record(let colour, let parts, let copy) = outputs.puts[0].value
    else {
      Issue.record("no record")
      return
    }
    #expect(colour.fields.map(\.name) == ["b", "a", "c", "d"])
    #expect(copy?.text == "r")
    #expect(
      parts.map { part in
        switch part {
        case .program(let program): program.text
        case .copied(let index): "copied \(index)"
        case .standard(let value): "\(value)"
        }
      } == ["r.b + 1", "copied 0", "bool(true)", "null"])
  }

  @Test func `else stands for every outcome but fallback, in the order of the prompt`() throws {
    let net = try NetText.compile(
      """
      workflow: w
      actions: {pay: {takes: unit, returns: unit, effect: repeatable}}
      places:
        asked: {start: {text: string}}
        work: unit
        done: {end: unit}
      transitions:
        ask:
          in: {r: asked}
          judge: moderate
          with: {text: r.text}
          timeout: 5s
          then: {fallback: {done: unit}, spam: {}, else: {work: unit}}
        pay_it: {in: {w: work}, action: pay, then: {else: {done: unit}, ok: {}}}
      """
    ).net

    #expect(
      net.transitions.map { transition in
        switch transition.work {
        case .judge(let work): work.routes.map { "\($0.outcome) \($0.outputs.puts.count)" }
        case .action(let work): work.routes.map { "\($0.outcome) \($0.outputs.puts.count)" }
        default: []
        }
      } == [
        ["ok 1", "spam 0", "abuse 1", "illegal 1", "fallback 1"],
        ["ok 0", "failed 1", "unknown 1"],
      ])
    #expect(net.prompts.map(\.name) == ["moderate"])
  }

  @Test func `numbers and durations over params are constants of the definition`() throws {
    let net = try NetText.compile(
      """
      workflow: w
      params: {size: int = 3, wait: duration = 10m, due: duration = 8h}
      places:
        asked: {start: unit, capacity: params.size * 2}
        room: {shared: unit, initial: params.size}
        done: {end: unit}
      transitions:
        go: {in: {r: {from: asked, after: params.wait}, u: room}, out: {room: {put: unit, after: 1s}, done: unit}}
        ask: {in: {r: {from: asked, after: 2m}}, task: Go on?, due: params.due, then: {yes: {done: unit}}}
      """, parameters: ["size": "4"]
    ).net

    #expect(
      net.constants == [
        "/places/asked/capacity": 8, "/places/room/initial": 4,
        "/transitions/go/in/r/after": 600_000_000, "/transitions/ask/due": 28_800_000_000,
      ])
    #expect(net.parameters.map { "\($0.name) \($0.value)" }.first == "size int(4)")
    #expect(net.places[0].capacity == 8)
    #expect(net.places[1].kind == .shared(initial: [.null, .null, .null, .null]))
  }

  @Test func `names are found, and each place knows the transitions that touch it`() throws {
    let net = try NetText.compile(
      """
      workflow: w
      import: [lib.yaml]
      places:
        asked: {start: unit}
        work: unit
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, read: {l: lots}, unless: {w: work}, out: {work: unit}}
        b: {in: {w: work, l: lots}, out: {done: unit, lots: unit}}
      """, files: ["lib.yaml": "library: lib\nplaces: {lots: {shared: unit, initial: 1}}\n"]
    ).net

    #expect(net.files == ["w", "lib"])
    #expect(net.places.map(\.name.text) == ["asked", "work", "done", "lib/lots"])
    #expect(net.place(named: PlaceName(owner: "lib", place: "lots")) == 3)
    #expect(net.place(titled: "lots") == 3)
    #expect(net.transition(named: TransitionName("b")) == 1)
    #expect(net.adjacency.consumers == [[0], [1], [], [1]])
    #expect(net.adjacency.readers == [[], [], [], [0]])
    #expect(net.adjacency.inhibitors == [[], [0], [], []])
    #expect(net.adjacency.producers == [[], [0], [1], [1]])
    #expect(net.interface.starts == ["asked"])
    #expect(net.interface.ends.map(\.name) == ["done"])
  }

  @Test func `calls, schedules, cancel arcs and computed counts are compiled`() throws {
    let net = try NetText.compile(
      """
      workflow: w
      places:
        asked: {start: {n: int}}
        work: {n: int}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, cancel: {w: work}, out: {work: r}}
        b: {in: {r: asked, ws: {from: work, count: r.n}}, out: {done: unit}}
        c: {in: {r: asked}, call: other, with: r, then: {else: {done: unit}}}
      schedules:
        daily: {cron: "0 9 * * mon-fri", put: {asked: {n: 1}}}
      """
    ).net

    #expect(net.transitions[0].cancels.map(\.place) == [1])
    guard case .computed(let count) = net.transitions[1].inputs[1].count else {
      Issue.record("the count is an expression")
      return
    }
    #expect(count.text == "r.n")
    #expect(net.calledWorkflows == [WorkflowName("other")])
    #expect(net.schedules.first?.clock?.next(after: 0) == 32_400)
  }

  @Test func `an expression reads the frame that the transition lays out`() throws {
    let net = try NetText.compile(
      """
      workflow: w
      places:
        asked: {start: {k: string}}
        lots: {shared: {k: string, n: int}}
        done: {end: list<string>}
      transitions:
        a:
          in: {ls: {from: lots, where: ls.k == input.k && case.id != '', count: all}, r: asked}
          read: {one: {from: lots, where: one.n > 0}}
          guard: size(ls) < one.n
          out: {lots: {each: ls, as: l, put: {k: l.k, n: l.n + 1}}, done: "[firing.id, r.k]"}
      """
    ).net

    let transition = net.transitions[0]
    guard case .plain(let outputs) = transition.work,
      case .record(_, let parts, _) = outputs.puts[0].value, case .program(let key) = parts[0],
      case .whole(let list, _) = outputs.puts[1].value
    else {
      Issue.record("another work")
      return
    }
    #expect(transition.inputs.map(\.slot) == [5, 6])
    #expect(transition.reads.map(\.slot) == [7])
    #expect(transition.slotCount == 9)
    #expect(transition.inputs[0].condition?.slots == [0, 1, 5])
    #expect(transition.condition?.slots == [5, 7])
    #expect(outputs.puts[0].slot == 8)
    #expect(outputs.puts[0].each?.slots == [5])
    #expect(key.slots == [8])
    #expect(list.slots == [3, 6])
  }

  @Test func `invariants count tokens, firings and what these hold`() throws {
    let net = try NetText.compile(
      """
      workflow: w
      actions: {pay: {takes: unit, returns: unit, effect: none}}
      places:
        asked: {start: unit}
        lots: {shared: {id: string}}
        done: {end: unit}
      transitions:
        go: {in: {r: asked, l: lots}, action: pay, then: {else: {lots: l, done: unit}}}
      invariants:
        one: {by: id, always: lots + go.l <= 1, watch: true}
        ends: {eventually: done == 1}
        then: {leads: [go > 0, done > 0]}
      """
    ).net

    let terms = net.invariants.map { invariant -> [[Invariant.Term]] in
      func terms(_ program: Program) -> [Invariant.Term] {
        program.slots.map { invariant.terms[$0] }
      }
      return switch invariant.claim {
      case .always(let program), .eventually(let program): [terms(program)]
      case .leads(let before, let after): [terms(before), terms(after)]
      }
    }
    #expect(
      terms == [
        [[.place(1), .held(transition: 0, slot: 6)]], [[.place(2)]],
        [[.transition(0)], [.place(2)]],
      ])
    #expect(net.invariants.map(\.isWatched) == [true, false, false])
  }

  @Test func `built-in actions take what they are given`() throws {
    let net = try NetText.compile(
      """
      workflow: w
      places:
        asked: {start: {n: int, who: personal string}}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, action: log.write, with: r, then: {ok: {}, failed: {}}}
        b: {in: {r: asked}, action: log.write, with: {n: r.n, at: now}, then: {ok: {}, failed: {}}}
        c: {in: {r: asked}, action: case.start, with: {workflow: "'w'", value: r}, then: {else: {}}}
        d:
          in: {r: asked}
          action: http.request
          with: {service: "'s'", method: "'GET'", path: "'/'"}
          then: {ok: {done: unit}, else: {}}
      """
    ).net

    #expect(
      net.actions.map { "\($0.name.text) \($0.takes) \($0.effect)" } == [
        "log.write {n: int, who: personal string} none",
        "log.write {n: int, at: timestamp} none",
        "case.start {workflow: string, start: string?, value: personal "
          + "{n: int, who: personal string}} repeatable",
        "http.request {service: string, method: string, path: string, query: map<string>, "
          + "headers: map<string>, body: string?} final",
      ])
  }
}

extension Outputs {
  /// The slots of tokens that are moved, by put.
  fileprivate var moves: [Int?] {
    puts.map { put in
      if case .whole(_, let moves) = put.value { return moves }
      return nil
    }
  }
}
