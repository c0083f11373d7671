import CEL
import PetriNet
import Testing
import Workflows

@Suite struct TestFileTests {
  private static let disk = TestFiles.disk(under: TestFiles.root)

  @Test(arguments: ["workflows/refund-triage.yaml", "workflows/환불-분류.yaml"])
  func `the tests of the house fit their workflows`(path: String) throws {
    let name = FilePath.stem(of: path)
    let workspace = Workspace.load(
      Configuration(), workflowPaths: [path], promptPaths: ["prompts/refund-intent.md"],
      files: Self.disk)
    let tests = "workflows/tests/\(name).yaml"

    let read = TestFileReader.read(try Self.disk.read(tests), path: tests)

    #expect(workspace.findings.filter { $0.severity == .error }.map(\.message) == [])
    #expect(read.findings.map(\.message) == [])
    let net = try #require(workspace.workflow(named: name)?.net)
    #expect(read.file?.problems(against: net).map(\.message) == [])
    #expect(read.file?.cases.isEmpty == false)
  }

  @Test func `the rules of the demo's stand-in are read`() throws {
    let path = "Examples/stand-in.yaml"

    let read = StandInFileReader.read(try Self.disk.read(path), path: path)

    #expect(read.findings.map(\.message) == [])
    #expect(read.file?.rules.isEmpty == false)
  }

  @Test func `scripts, deeds and expectations are typed`() throws {
    let text = """
      test: demo
      now: 2026-01-05T10:00:00Z
      cases:
        - case: everything at once
          start: [{at: 1s, place: asked, value: {id: o1}, key: k}]
          verdicts:
            ask: [junk, {label: true, after: 2s, confidence: 0.9}, {fallback: quota}, timeout, {ending: 12}]
          actions:
            pay: [{failed: unavailable, retry: true}, {ok: {id: p1}}, unknown]
          answers: {decide: {outcome: approve, by: ada, form: {}, after: 10m}}
          messages: [{at: 1h, place: mail, value: 5}]
          do: [{at: 2h, cancel: why, by: ada}, {pause: pay}, {resume: true}, {at: 4h, restart: true}]
          until: 5h
          expect: {end: paid, at: 0s, places: {known: 1, mail: [5]}, fired: [ask.true], effects: [{action: bank.pay, keys: 1}]}
      coverage: {transitions: 100}
      """

    let read = TestFileReader.read(Array(text.utf8), path: "tests/demo.yaml")

    #expect(read.findings.map(\.message) == [])
    let test = try #require(read.file?.cases.first)
    #expect(
      test.scripts.verdicts.first?.answers.map(\.kind) == [
        .label("junk"), .label("true"), .fallback(reason: "quota"), .timeout, .ending(12),
      ])
    #expect(
      test.scripts.verdicts.first?.answers.map(\.afterMicroseconds) == [0, 2_000_000, 0, 0, 0])
    #expect(test.starts.map(\.key) == ["k"])
    #expect(test.deeds.map(\.atMicroseconds) == [7_200_000_000, 0, 0, 14_400_000_000])
    #expect(test.until == .elapsed(microseconds: 18_000_000_000))
    #expect(test.expectation.places.count == 2)
    #expect(read.file?.now == Timestamp("2026-01-05T10:00:00Z"))
    #expect(read.file?.transitionsCovered == 100)
  }

  @Test func `silence means the defaults of the page`() {
    #expect(
      TestFile(file: "", workflow: Located("w")).now == Timestamp("2026-01-05T09:00:00Z"))
  }

  @Test func `mistakes of a test file are told together`() {
    let text = """
      test: demo
      cases:
        - case: one
          verdicts: {ask: {lable: true}}
          actions: {pay: perhaps}
          do: [{at: 1h}]
        - case: one
          expect: {}
      """

    let read = TestFileReader.read(Array(text.utf8), path: "tests/demo.yaml")

    #expect(
      read.findings.map { "\($0.mark.line) \($0.code) \($0.found)" } == [
        "3 F123 no expect", "4 F121 lable", "5 F124 perhaps", "6 F127 nothing",
        "7 F106 one", "8 F123 an empty map",
      ])
  }

  @Test func `mistakes of a rules file are told together`() {
    let text = """
      stand_in: model
      delay: 60ms..20ms
      rules:
        - {contains: [a]}
        - {label: true}
        - {equals: b, obey: true}
        - {equals: c, fault: delay}
      faults: {hang: 60%, hagn: 1%, junk: 50%, drip: 5}
      """

    let read = StandInFileReader.read(Array(text.utf8), path: "rules.yaml")

    #expect(
      read.findings.map { "\($0.mark.line) \($0.code) \($0.found)" } == [
        "2 F124 60ms..20ms", "4 F123 contains", "5 F123 label", "6 F127 obey alone",
        "7 F124 delay", "8 F124 more than 100 %", "8 F124 hagn", "8 F124 5",
      ])
  }
}
