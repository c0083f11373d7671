import PetriNet
import Testing
import Workflows

@Suite struct WorkspaceTests {
  private static let library = """
    library: bank
    types: {Payment: {id: string}}
    actions: {bank.pay: {takes: {id: string}, returns: Payment, effect: final}}
    """

  private static func workflow(_ name: String) -> String {
    """
    workflow: \(name)
    import: [../lib/bank.yaml]
    params: {limit: int = 5}
    places:
      asked: {start: {id: string}}
      paid: {end: Payment}
      left: {end: {why: string}}
      held: {id: string}
    transitions:
      look:
        in: {o: asked}
        task: "{{o.id}}"
        for: clerks
        then: {good: {held: o}, bad: {left: {why: "'no'"}}}
      pay:
        in: {o: held}
        action: bank.pay
        with: {id: o.id}
        then: {ok: {paid: result}, else: {left: {why: error.code}}}
    """
  }

  private func load(
    _ configuration: String, _ files: [String: String]
  ) -> (workspace: Workspace, findings: [String]) {
    let text = "petrel: 1\n" + configuration
    let loaded = ConfigurationReader.read(
      [ConfigurationFile(path: "petrel.yaml", bytes: Array(text.utf8))])
    let workspace = Workspace.load(
      loaded.configuration, workflowPaths: files.keys.filter { $0.hasPrefix("w/") }.sorted(),
      promptPaths: [], files: FileSource(files))
    let findings = (loaded.findings + workspace.findings).map {
      "\($0.code) \($0.mark.file):\($0.mark.line) \($0.found)"
    }
    return (workspace, findings)
  }

  @Test func `a net that knows keys for longer than cases are kept is told`() {
    let files = [
      "w/a.yaml": """
      workflow: a
      case: {key: input.id, keep: 10d}
      places: {asked: {start: {id: string}}, done: {end: unit}}
      transitions: {go: {in: {o: asked}, out: {done: unit}}}
      """
    ]
    let short = load("retention: {cases: 9d, allow_short: true}", files)
    let long = load("retention: {cases: 10d, allow_short: true}", files)

    #expect(short.findings == ["C402 petrel.yaml:2 keep of case: 10d"])
    #expect(long.findings == [])
  }

  @Test func `a prompt with mistakes is not told as unknown besides`() {
    let files = [
      "p/kind.md":
        "---\nprompt: kind\nquestion: Kind?\nlabels: [one]\nfields: {m: string}\n---\nIs it?\n",
      "w/a.yaml": """
      workflow: a
      places: {asked: {start: {m: string}}, done: {end: unit}}
      transitions:
        look: {in: {o: asked}, judge: kind, with: {m: o.m}, timeout: 1s, then: {else: {done: unit}, fallback: {done: unit}}}
        other: {in: {o: asked}, judge: kine, with: {m: o.m}, timeout: 1s, then: {else: {done: unit}, fallback: {done: unit}}}
      """,
    ]
    let workspace = Workspace.load(
      ConfigurationReader.read([]).configuration, workflowPaths: ["w/a.yaml"],
      promptPaths: ["p/kind.md"], files: FileSource(files))

    #expect(workspace.findings.map { "\($0.code) \($0.found)" } == ["F304 1", "P103 kine"])
  }

  @Test func `a library is read once for all that import it`() {
    let read = load(
      "",
      [
        "w/a.yaml": Self.workflow("a"), "w/b.yaml": Self.workflow("b"),
        "lib/bank.yaml": Self.library,
      ])

    #expect(read.findings == [])
    #expect(read.workspace.workflows.map(\.name.text) == ["a", "b"])
    #expect(read.workspace.libraries.map(\.file) == ["lib/bank.yaml"])
    #expect(read.workspace.workflow(named: "b")?.path == "w/b.yaml")
  }

  @Test func `what the configuration says of nets must fit them`() {
    let read = load(
      """
      params: {a: {limit: 7, limmit: 8}, c: {x: 1}}
      groups: {clerk: {}}
      services: {bank: {url: "http://127.0.0.1:1"}}
      actions:
        bank.pay: {service: bank, path: /pay, idempotency: none}
        bank.play: {service: bank, path: /play}
      """, ["w/a.yaml": Self.workflow("a"), "lib/bank.yaml": Self.library])

    #expect(
      read.findings == [
        "C402 petrel.yaml:2 limmit", "C402 petrel.yaml:2 c", "C402 petrel.yaml:6 idempotency: none",
        "C402 petrel.yaml:7 bank.play", "C402 w/a.yaml:13 clerks",
      ])
    #expect(read.workspace.workflow(named: "a")?.net.parameters.first?.value == .int(7))
  }

  @Test func `two workflows of one name are told`() {
    let read = load(
      "",
      [
        "w/a.yaml": Self.workflow("a"), "w/b.yaml": Self.workflow("a"),
        "lib/bank.yaml": Self.library,
      ])

    #expect(read.findings == ["C402 w/b.yaml:1 a"])
  }

  @Test func `a value of the configuration that fits no parameter is a mistake of that file`() {
    let read = load(
      "params: {a: {limit: many}}",
      ["w/a.yaml": Self.workflow("a"), "lib/bank.yaml": Self.library])

    #expect(read.findings == ["C402 petrel.yaml:2 'many'"])
  }

  @Test func `a missing library does not hide what stands in the file itself`() {
    let text = Self.workflow("a").replacing("../lib/bank.yaml", with: "../lib/bnak.yaml")
      .replacing("then: {good: {held: o}", with: "then: {good: {hled: o}")
      .replacing("why: error.code", with: "wyh: error.code")

    let read = load("", ["w/a.yaml": text, "lib/bank.yaml": Self.library])

    #expect(
      read.findings == [
        "F131 w/a.yaml:2 no such file", "P103 w/a.yaml:14 hled", "P102 w/a.yaml:19 nothing",
        "P103 w/a.yaml:19 wyh",
      ])
  }

  @Test func `one bad type of a field does not make others of it`() {
    let text = Self.workflow("a").replacing(
      "held: {id: string}", with: "held: {id: string min 3, n: int}"
    )
    .replacing("good: {held: o}", with: "good: {held: {id: o.id, n: o.n}}")

    let read = load("", ["w/a.yaml": text, "lib/bank.yaml": Self.library])

    #expect(read.findings == ["F126 w/a.yaml:8 'min 3' after the type", "P103 w/a.yaml:14 n"])
  }

  @Test func `what is nested without an end is nested too deep`() {
    let text = "workflow: a\nplaces: " + String(repeating: "[", count: 100_000)

    let read = load("", ["w/a.yaml": text])

    #expect(read.findings == ["F103 w/a.yaml:2 more than 64 levels"])
  }

  @Test func `a negative duration and an unknown code are told as such`() {
    let text =
      Self.workflow("a").replacing("for: clerks", with: "for: clerks\n    due: -5s")
      + "\naccept: {P999: nobody knows}\n"

    let read = load("", ["w/a.yaml": text, "lib/bank.yaml": Self.library])

    #expect(
      read.workspace.findings.map { "\($0.code) \($0.message)" } == [
        "P102 the duration is negative", "F124 there is no finding with the code 'P999'",
      ])
  }

  @Test func `what follows from a broken library is not told`() {
    let read = load(
      "",
      [
        "w/a.yaml": Self.workflow("a"),
        "lib/bank.yaml": Self.library.replacing("types:", with: "tpyes:"),
      ])

    #expect(read.findings == ["F121 lib/bank.yaml:2 tpyes"])
  }

  @Test func `text, libraries and parameters make the version`() throws {
    func version(_ configuration: String, _ name: String, _ library: String) throws -> [UInt8] {
      let read = load(configuration, ["w/a.yaml": Self.workflow(name), "lib/bank.yaml": library])
      let workflow = try #require(read.workspace.workflows.first)
      // A digest that only has to tell different texts apart.
      let digest = { (bytes: [UInt8]) -> [UInt8] in
        var state: UInt64 = 14_695_981_039_346_656_037
        for byte in bytes { state = (state ^ UInt64(byte)) &* 1_099_511_628_211 }
        return (0..<8).map { UInt8(truncatingIfNeeded: state >> (8 * UInt64($0))) }
      }
      return WorkflowVersion(of: workflow, guards: [], sha256: digest).hash
    }

    let first = try version("", "a", Self.library)

    #expect(try first == version("", "a", Self.library))
    #expect(try first != version("", "b", Self.library))
    #expect(try first != version("", "a", Self.library + "\n"))
    #expect(try first != version("params: {a: {limit: 6}}", "a", Self.library))
    #expect(try first == version("params: {a: {limit: 5}}", "a", Self.library))
  }

  @Test func `the definition is canonical JSON with the text in it`() throws {
    let read = load("", ["w/a.yaml": Self.workflow("a"), "lib/bank.yaml": Self.library])
    let workflow = try #require(read.workspace.workflows.first)

    let version = WorkflowVersion(
      of: workflow, guards: [("ask", [0xAB])], sha256: { [UInt8($0.count & 0xFF)] })

    let json = try JSONText.parse(text: version.definition)
    #expect(json["name"] == .string("a"))
    #expect(json["params"]?.text == #"{"limit":5}"#)
    #expect(json["prompts"]?.text == #"[["ask","ab"]]"#)
    #expect(json["text"] == .string(Self.workflow("a")))
    guard case .object(let members) = json else { return }
    #expect(members.map(\.name) == ["hash", "imports", "name", "params", "prompts", "text"])
  }

  @Test func `what a library gets wrong is told once, however many import it`() throws {
    let (_, findings) = load(
      "workflows: [w/*.yaml]\n",
      [
        "lib/bank.yaml": Self.library.replacing("returns: Payment", with: "returns: Paymant"),
        "w/a.yaml": Self.workflow("order"),
        "w/b.yaml": Self.workflow("trade").replacing(
          "params:", with: "types: {Other: {id: string}}\nparams:"),
      ])

    #expect(findings == ["P103 lib/bank.yaml:3 Paymant"])
  }

  @Test func `a file whose name is taken is read to its end`() throws {
    let wrong = Self.workflow("order").replacing("why: error.code", with: "why: error.kode")

    let (workspace, findings) = load(
      "workflows: [w/*.yaml]\n",
      [
        "lib/bank.yaml": Self.library, "w/a.yaml": Self.workflow("order"), "w/b.yaml": wrong,
      ])

    #expect(workspace.workflows.map(\.path) == ["w/a.yaml"])
    #expect(findings.count == 2, "\(findings)")
    #expect(findings.contains("C402 w/b.yaml:1 order"))
    #expect(findings.contains { $0.hasSuffix("kode") }, "\(findings)")
  }

  @Test func `a type has at most 32 levels and 10,000 parts, whatever it is written in`() throws {
    func findings(_ types: String, _ type: String) -> [String] {
      let text = """
        workflow: w
        types: {\(types)}
        places: {s: {start: {x: \(type)}}, e: {end: unit}}
        transitions: {t: {in: {x: s}, out: {e: unit}}}
        """
      return load("workflows: [w/*.yaml]\n", ["w/a.yaml": text]).findings
    }
    func lists(_ depth: Int) -> String {
      String(repeating: "list<", count: depth) + "int" + String(repeating: ">", count: depth)
    }
    func doubling(_ levels: Int) -> String {
      let types = (0..<levels).map { "T\($0): {a: T\($0 + 1), b: T\($0 + 1)}" }
      return (types + ["T\(levels): {a: int}"]).joined(separator: ", ")
    }
    func chain(_ levels: Int) -> String {
      let types = (1..<levels).map { "T\($0): {a: T\($0 + 1)}" }
      return (types + ["T\(levels): {a: int}"]).joined(separator: ", ")
    }

    #expect(findings("T: {a: int}", lists(32)) == [])
    #expect(findings("T: {a: int}", lists(33)) == ["F126 w/a.yaml:3 more than 32 levels"])
    #expect(findings("T: {a: int}", lists(20_000)) == ["F126 w/a.yaml:3 more than 32 levels"])
    #expect(findings(chain(32), "T1") == [])
    #expect(findings(chain(33), "T1") == ["P102 w/a.yaml:2 more than 32 levels"])
    #expect(findings(doubling(11), "T0") == [])
    #expect(findings(doubling(20), "T0") == ["P102 w/a.yaml:2 more than 10000 types in it"])
  }
}
