package import CEL
package import PetriNet

/// `tests/NAME.yaml` (CONFIG §3): cases with scripted verdicts, outcomes and answers on a virtual
/// clock. Values are checked against colour sets by `value(in:)` once the net is known.
package struct TestFile: Sendable {
  package var file: String
  package var workflow: Located<String>
  /// Over those of `petrel.yaml`.
  package var parameters: [(name: Located<String>, value: LiteralSource)] = []
  /// 2026-01-05T09:00:00Z unless given.
  package var now = Timestamp(seconds: 1_767_603_600, nanoseconds: 0)
  package var seed: UInt64 = 1
  /// Added to `initial`, in order.
  package var shared: [(place: Located<String>, values: [TestValue])] = []
  package var defaults = TestScripts()
  package var cases: [TestCase] = []
  /// Per cent that must be covered; nil: no matter.
  package var transitionsCovered: Double?
  package var outcomesCovered: Double?

  package init(file: String, workflow: Located<String>) {
    self.file = file
    self.workflow = workflow
  }
}

/// A VALUE as written, with its place.
package struct TestValue: Sendable {
  package var json: JSONText.Node
  package var mark: SourceMark
  private let node: YamlNode

  init(_ node: YamlNode) {
    json = node.json
    mark = node.mark
    self.node = node
  }

  /// The value of a colour set, or what is wrong with it: F504.
  package func value(in colour: ColourSet) -> (value: Value?, findings: [Finding]) {
    let (value, problems) = ValueReading.value(of: json, in: colour)
    let findings = problems.map { problem in
      Finding(
        "F504",
        "the value does not fit its place\(problem.pointer.isEmpty ? "" : " at ")"
          + problem.pointer, at: node.node(at: problem.pointer).mark, found: problem.found,
        expected: problem.expected, nearest: problem.nearest)
    }
    return (value, findings)
  }
}

package struct TestCase: Sendable {
  package struct Start: Sendable {
    package var atMicroseconds: Int64 = 0
    /// nil: the only start place.
    package var place: Located<String>?
    package var value: TestValue
    package var key: String?
  }

  package struct Message: Sendable {
    package var atMicroseconds: Int64
    package var place: Located<String>
    package var value: TestValue
  }

  /// What an operator does while the case runs.
  package struct Deed: Sendable {
    package enum Kind: Sendable {
      case cancel(why: String)
      case terminate(why: String)
      case deposit(place: Located<String>, value: TestValue)
      case withdraw(place: Located<String>, value: TestValue)
      /// nil: the whole workflow.
      case pause(Located<String>?)
      case resume(Located<String>?)
      /// The process ends and starts again.
      case restart
    }

    package var atMicroseconds: Int64
    package var kind: Kind
    package var by: String?
  }

  package enum Until: Equatable, Sendable {
    /// Nothing is enabled, under way or timed.
    case quiet
    case elapsed(microseconds: Int64)
  }

  /// A sentence, unique in the file.
  package var name: Located<String>
  package var starts: [Start] = []
  /// Whether all starts run in one marking.
  package var isMany = false
  package var scripts = TestScripts()
  package var messages: [Message] = []
  package var deeds: [Deed] = []
  package var until = Until.quiet
  package var expectation = TestExpectation()

  package init(name: Located<String>) { self.name = name }
}

/// What models, actions and people say, by transition.
package struct TestScripts: Sendable {
  /// One scripted answer of a model. The last of a list repeats; silence is a timeout.
  package struct Verdict: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
      /// Need not be one of the prompt's: then the parser refuses it, as with a real model.
      case label(String)
      /// Ends the firing so.
      case fallback(reason: String)
      case timeout
      /// An ending of VERDICTS §3 by number; goes through the parser and retries.
      case ending(Int)
    }

    package var kind: Kind
    package var afterMicroseconds: Int64 = 0
    package var confidence: Double?
  }

  /// One scripted attempt of an action.
  package struct Attempt: Sendable {
    package enum Kind: Sendable {
      case ok(TestValue)
      case failed(code: String, retry: Bool)
      case unknown
    }

    package var kind: Kind
    package var afterMicroseconds: Int64 = 0
    package var mark: SourceMark
  }

  /// One scripted answer of a person.
  package struct Answer: Sendable {
    package var outcome: Located<String>
    package var by: String?
    package var form: TestValue?
    /// Since the offer.
    package var afterMicroseconds: Int64 = 0
  }

  package var verdicts: [(transition: Located<String>, answers: [Verdict])] = []
  package var actions: [(transition: Located<String>, attempts: [Attempt])] = []
  package var answers: [(transition: Located<String>, answers: [Answer])] = []

  package init() {}

  /// The script of a transition here, else among `defaults`; nil: silent.
  package func verdicts(of transition: String, defaults: TestScripts) -> [Verdict]? {
    Self.find(transition, verdicts.map { ($0.transition.value, $0.answers) })
      ?? Self.find(transition, defaults.verdicts.map { ($0.transition.value, $0.answers) })
  }

  package func attempts(of transition: String, defaults: TestScripts) -> [Attempt]? {
    Self.find(transition, actions.map { ($0.transition.value, $0.attempts) })
      ?? Self.find(transition, defaults.actions.map { ($0.transition.value, $0.attempts) })
  }

  package func answers(of transition: String, defaults: TestScripts) -> [Answer]? {
    Self.find(transition, answers.map { ($0.transition.value, $0.answers) })
      ?? Self.find(transition, defaults.answers.map { ($0.transition.value, $0.answers) })
  }

  private static func find<Item>(_ name: String, _ items: [(String, [Item])]) -> [Item]? {
    items.first { $0.0.utf8.elementsEqual(name.utf8) }?.1
  }
}

/// What a case must come to; only what is named is checked.
package struct TestExpectation: Sendable {
  package struct Effect: Sendable {
    package var action: Located<String>
    package var with: TestValue?
    /// Distinct idempotency keys.
    package var keys: Int?
  }

  package struct PlaceContent: Sendable {
    package enum Content: Sendable {
      case count(Int)
      case values([TestValue])
    }

    package var place: Located<String>
    package var content: Content
  }

  package struct Refusal: Sendable, Equatable {
    package var path: String?
    package var code: String?
  }

  /// An end place, or `open`, `cancelled`, `terminated`.
  package var end: Located<String>?
  package var result: TestValue?
  /// Virtual time of the end, since the start, exact.
  package var atMicroseconds: Int64?
  package var places: [PlaceContent] = []
  /// `TRANSITION` or `TRANSITION.OUTCOME`, in this order and no others.
  package var fired: [Located<String>]?
  /// In this order, others between them.
  package var includes: [Located<String>]?
  package var never: [Located<String>]?
  package var effects: [Effect]?
  package var incidents: [Located<String>]?
  package var error: Refusal?
  package var mark = SourceMark.none

  package init() {}
}
