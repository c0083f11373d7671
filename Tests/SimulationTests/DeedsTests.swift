import PetriNet
import Simulation
import Testing
import Workflows

/// What happens around a case: operators, messages, shared tokens, the end of the process.
@Suite struct DeedsTests {
  private static let pool = """
    workflow: pool
    types:
      Job: {id: string}
      Proxy: {id: string}
    places:
      asked: {start: Job}
      proxies: {shared: Proxy, key: id}
      news: {message: {job: string}, keep: 1h}
      waiting: Job
      done: {end: {proxy: string}}
      told: {end: unit}
    transitions:
      take:
        in: {j: asked, p: proxies}
        out: {waiting: j, proxies: p}
      hear:
        in: {w: waiting, n: {from: news, where: n.job == w.id}}
        out: {told: unit}
      expire:
        in: {w: {from: waiting, after: 2h}}
        out: {done: {proxy: "'none'"}}
    """

  /// A test file of the workflow `pool`, behind its first lines.
  private static func test(_ text: String) -> String { "test: pool\n" + text }

  @Test func `shared tokens of the file are there from the start`() throws {
    let tests = Self.test(
      """
      shared: {proxies: [{id: p1}, {id: p2}]}
      cases:
        - case: it
          start: {id: j1}
          expect: {places: {proxies: [{id: p2}, {id: p1}]}, at: 2h, result: {proxy: none}}
      """)

    #expect(try TestBench.failures(Self.pool, tests) == [])
  }

  @Test func `a message goes to the case that it names`() throws {
    let tests = Self.test(
      """
      shared: {proxies: [{id: p1}]}
      cases:
        - case: it
          start: {id: j1}
          messages: [{at: 10m, place: news, value: {job: j1}}]
          expect: {end: told, at: 10m, fired: [take, hear]}
        - case: another
          start: {id: j1}
          messages: [{at: 10m, place: news, value: {job: j2}}]
          expect: {end: done, at: 2h, never: [hear]}
      """)

    #expect(try TestBench.failures(Self.pool, tests) == [])
  }

  @Test func `an operator deposits, withdraws, pauses and resumes`() throws {
    let tests = Self.test(
      """
      cases:
        - case: deposited
          start: {id: j1}
          do: [{at: 5m, deposit: {place: proxies, value: {id: p1}}}]
          until: 1h
          expect: {end: open, places: {waiting: 1, proxies: 1}}
        - case: withdrawn
          start: {id: j1}
          do:
            - {at: 0s, pause: true}
            - {at: 5m, deposit: {place: proxies, value: {id: p1}}}
            - {at: 6m, withdraw: {place: proxies, value: {id: p1}}}
            - {at: 7m, resume: true}
          until: 1h
          expect: {end: open, places: {asked: 1, proxies: 0}, fired: []}
        - case: paused
          start: {id: j1}
          do:
            - {at: 0s, pause: take}
            - {at: 5m, deposit: {place: proxies, value: {id: p1}}}
            - {at: 30m, resume: take}
          expect: {end: done, at: 150m}
      """)

    #expect(try TestBench.failures(Self.pool, tests) == [])
  }

  @Test(arguments: ["cancel", "terminate"])
  func `a case that waits for a called one ends with it, once`(deed: String) throws {
    let workspace = Workspace.load(
      Configuration(), workflowPaths: ["child.yaml", "parent.yaml"], promptPaths: [],
      files: FileSource([
        "child.yaml": """
        workflow: child
        places: {s: {start: {n: int}}, ok: {end: unit}}
        transitions: {wait: {in: {a: {from: s, after: 400s}}, out: {ok: unit}}}
        """,
        "parent.yaml": """
        workflow: parent
        places: {s: {start: {n: int}}, f: {end: unit}}
        transitions:
          sub:
            in: {a: s}
            call: child
            with: {n: a.n}
            then: {ok: {f: unit}, cancelled: {f: unit}}
        """,
      ]))
    let child = try #require(workspace.workflow(named: "child")).net
    let parent = try #require(workspace.workflow(named: "parent")).net
    let tests = """
      test: parent
      cases:
        - case: it
          start: {n: 1}
          do: [{at: 5m, \(deed): why}]
          expect: {at: 5m, end: \(deed == "cancel" ? "cancelled" : "terminated")}
      """
    let (file, findings) = TestFileReader.read(Array(tests.utf8), path: "tests.yaml")
    #expect(findings == [])

    let report = try TestRunner(try #require(file), net: parent, called: [child]).run()

    #expect(report.cases.flatMap(\.mismatches).map(\.found) == [])
  }

  @Test func `a case is cancelled or terminated, and a closed one is not`() throws {
    let tests = Self.test(
      """
      cases:
        - case: cancelled
          start: {id: j1}
          do: [{at: 5m, cancel: why, by: ada}]
          expect: {end: cancelled, at: 5m}
        - case: terminated
          start: {id: j1}
          do: [{at: 5m, terminate: why}]
          expect: {end: terminated, at: 5m}
        - case: closed
          start: {id: j1}
          do: [{at: 5m, terminate: why}, {at: 6m, cancel: why}]
          expect: {end: terminated}
      """)

    #expect(
      try TestBench.failures(Self.pool, tests) == [
        "expected do.1 to be taken, found refused, T103 (case_closed)"
      ])
  }

  @Test func `several cases run in one marking`() throws {
    let tests = Self.test(
      """
      shared: {proxies: [{id: p1}]}
      cases:
        - case: both
          many: true
          start:
            - {place: asked, value: {id: j1}}
            - {at: 1m, place: asked, value: {id: j2}}
          expect:
            end: done
            at: 121m
            result: [{proxy: none}, {proxy: none}]
            fired: [take, take, expire, expire]
      """)

    #expect(try TestBench.failures(Self.pool, tests) == [])
  }

  @Test func `the same idempotency key with the same body starts one case`() throws {
    let tests = Self.test(
      """
      cases:
        - case: it
          many: true
          start:
            - {place: asked, value: {id: j1}, key: k}
            - {at: 1m, place: asked, value: {id: j1}, key: k}
          expect: {places: {asked: 1}}
        - case: another body
          many: true
          start:
            - {place: asked, value: {id: j1}, key: k}
            - {at: 1m, place: asked, value: {id: j2}, key: k}
          expect: {error: {path: start.1, code: T306}}
      """)

    #expect(try TestBench.failures(Self.pool, tests) == [])
  }

  @Test func `after a restart the clock goes on, and what was under way is done again`() throws {
    let tests = """
      test: triage
      cases:
        - case: a question is put again
          start: {message: hi}
          verdicts: {judge: [{label: yes_it_is, after: 2s}, {label: no_it_is_not, after: 1s}]}
          do: [{at: 1s, restart: true}]
          expect: {end: nothing, at: 2s}
        - case: the deadline stays
          start: {message: hi}
          verdicts: {judge: timeout}
          do: [{at: 3s, restart: true}]
          expect: {places: {person: 1}, fired: [judge.fallback]}
        - case: an attempt is interrupted and made again
          start: {message: hi}
          verdicts: {judge: yes_it_is}
          actions: {pay: [{ok: {receipt: lost}, after: 10s}, {ok: {receipt: r2}}]}
          do: [{at: 5s, restart: true}]
          expect: {end: paid, result: {receipt: r2}, effects: [{action: pay, keys: 1}]}
        - case: a person is still awaited
          start: {message: hi}
          verdicts: {judge: {fallback: refusal}}
          answers: {decide: [{outcome: reject, by: ada, form: {why: no}, after: 1h}]}
          do: [{at: 30m, restart: true}]
          expect: {end: refused, at: 1h}
      """

    #expect(try TestBench.failures(ScriptsTests.triage, tests) == [])
  }
}
