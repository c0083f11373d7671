import PetriNet
import Testing

/// Nets that are written in Swift go past the reader of files, so the compiler alone refuses what a
/// file could not say.
@Suite struct SwiftNetsTests {
  @Test func `a net written in Swift compiles`() throws {
    let net = try NetCompiler.compile(SwiftNets.plain).net

    #expect(net.places.map(\.title) == ["asked", "done"])
    #expect(net.transitions.map(\.name.text) == ["finish"])
  }

  @Test func `attributes that a place of this kind does not take are refused`() {
    var source = SwiftNets.plain
    source.places[0].keep = SourceText("1d")
    source.places[0].initial = .count(SourceText("3"))
    source.places[1].capacity = SourceText("3")
    source.places.append(
      PlaceSource(name: Located("mail"), kind: .message, type: TypeSource(.name("unit"))))

    let findings = SwiftNets.findings(source)

    #expect(
      findings.map(\.summary) == [
        "F127 'initial' does not stand on a place of this kind",
        "F127 'keep' does not stand on a place of this kind",
        "F127 'capacity' does not stand on a place of this kind",
        "F123 the message place 'mail' does not say how long it keeps",
        "P111 no transition looks at 'mail'",
      ])
  }

  @Test func `limit, cancel and branches that stand where they cannot are refused`() {
    var source = SwiftNets.plain
    source.transitions[0].limit = LimitSource(max: SourceText("3"))
    var judge = SwiftNets.transition(
      "ask",
      .judge(
        JudgeSource(
          prompt: Located("open"),
          with: [NamedExpressionSource(name: Located("text"), value: SourceText("'x'"))],
          then: ["a", "b", "fallback"].map {
            RouteSource(outcome: Located($0), outputs: SwiftNets.done)
          })))
    judge.cancels = [ArcSource(variable: Located("x"), place: Located("asked"))]
    let choose = SwiftNets.transition(
      "pick",
      .choose(
        [
          BranchSource(
            name: Located("else"), condition: SourceText("true"), outputs: SwiftNets.done),
          BranchSource(name: Located("other"), outputs: SwiftNets.done),
        ], .none))
    let empty = SwiftNets.transition("none", .choose([], .none))
    source.transitions += [judge, choose, empty]

    let findings = SwiftNets.findings(source)

    #expect(
      findings.map(\.summary) == [
        "F127 'limit' stands only on judge, action and call",
        "F127 'cancel' stands only on plain, choose and task",
        "F123 the judge 'ask' has no timeout",
        "P102 'else' is the last branch of 'pick'",
        "P102 'else' has no condition",
        "F123 the branch 'other' has no condition",
        "P101 'none' has no branch 'else'",
      ])
  }

  @Test func `words that are no choice are refused`() {
    var source = SwiftNets.plain
    var action = ActionSource(
      name: Located("pay"), takes: TypeSource(.name("unit")), returns: TypeSource(.name("unit")))
    action.effect = Located("finale")
    source.actions = [action]
    var rules = CaseSource(mark: .none)
    rules.again = Located("refus")
    source.caseRules = rules
    source.schedules = [
      ScheduleSource(
        name: Located("daily"), cron: SourceText("0 9 * * 1"),
        put: OutputSource(
          puts: [(Located("asked"), .expression(SourceText("unit")))], mark: .none),
        missed: Located("never"))
    ]
    source.accepted = [
      AcceptedFinding(code: Located("P3"), reason: "why"),
      AcceptedFinding(code: Located("P302/asked"), reason: " "),
    ]

    let findings = SwiftNets.findings(source)

    #expect(
      findings.map(\.summary) == [
        "F124 'finale' is no effect", "F124 'again' is join or refuse",
        "F124 'missed' is skip or one", "P103 'P3' is no code of the check",
        "F123 'P302/asked' is accepted without a reason",
        "P112 no transition uses the action 'pay'",
      ])
  }

  @Test func `a workflow cannot be imported, and a library has no transitions`() {
    var library = NetSource(kind: .library, name: Located("lib"))
    library.transitions = SwiftNets.plain.transitions
    library.places = [
      PlaceSource(name: Located("waiting"), kind: .ordinary, type: TypeSource(.name("unit")))
    ]
    var source = SwiftNets.plain
    source.imports = [NetSource(kind: .workflow, name: Located("other")), library]

    let findings = SwiftNets.findings(source)

    #expect(
      findings.map(\.summary) == [
        "F127 a library declares no place of cases",
        "F128 the transition 'finish' is declared twice",
        "F127 'other' is a workflow and cannot be imported",
        "F127 a library has no 'transitions'",
        "P104 no token can come into 'waiting'",
        "P106 no way leads from 'waiting' to an end place",
      ])
  }

  @Test func `what callers see is known before anything compiles`() throws {
    var source = SwiftNets.plain
    source.transitions[0].work = .call(
      CallSource(
        workflow: Located("w"), with: .whole(SourceText("r")),
        then: ["done", "cancelled"].map {
          RouteSource(outcome: Located($0), outputs: SwiftNets.done)
        }))

    let interface = NetCompiler.interface(of: source)
    let context = CompilationContext(workflows: [interface])

    #expect(interface.starts == ["asked"])
    #expect(interface.input == .unit)
    #expect(interface.ends.map(\.name) == ["done"])
    #expect(try NetCompiler.compile(source, context: context).findings == [])
  }

  @Test func `a library is checked by itself`() throws {
    var library = NetSource(kind: .library, name: Located("lib"))
    library.places = [
      PlaceSource(name: Located("lots"), kind: .shared, type: TypeSource(.name("unit")))
    ]

    #expect(try NetCompiler.checkLibrary(library) == [])

    library.places[0].type = TypeSource(.name("unti"))

    #expect(
      throws: Findings([
        Finding(
          "P103", "unknown type 'unti' in 'places.lots'", at: .none, node: "places.lots",
          found: "unti", expected: "one of 9 names", nearest: "unit")
      ])
    ) {
      try NetCompiler.checkLibrary(library)
    }
  }
}

enum SwiftNets {
  static let done = OutputSource(
    puts: [(Located("done"), .expression(SourceText("unit")))], mark: .none)

  /// One start, one end, one transition.
  static var plain: NetSource {
    var source = NetSource(kind: .workflow, name: Located("w"))
    source.places = [
      PlaceSource(name: Located("asked"), kind: .start, type: TypeSource(.name("unit"))),
      PlaceSource(name: Located("done"), kind: .end, type: TypeSource(.name("unit"))),
    ]
    source.transitions = [transition("finish", .plain(done))]
    return source
  }

  static func transition(_ name: String, _ work: WorkSource) -> TransitionSource {
    var transition = TransitionSource(name: Located(name), work: work)
    transition.inputs = [ArcSource(variable: Located("r"), place: Located("asked"))]
    return transition
  }

  static func findings(_ source: NetSource) -> [Finding] {
    do throws(Findings) {
      return try NetCompiler.compile(source, prompts: NetText.prompts).findings
    } catch {
      return error.items
    }
  }
}

extension Finding {
  /// Code and sentence.
  var summary: String { "\(code) \(message)" }
}
