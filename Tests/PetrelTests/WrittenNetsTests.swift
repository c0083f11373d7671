import Crypto
import Foundation
import Petrel
import PetriNet
import Testing
import Workflows

/// A net written in Swift and the file of the same net are one net.
@Suite struct WrittenNetsTests {
  struct Pair: Sendable, CustomTestStringConvertible {
    var path: String
    var workflow: Petrel.Workflow

    var testDescription: String { path }
  }

  static let pairs = [
    Pair(path: "workflows/refund-triage.yaml", workflow: RefundTriage().workflow),
    Pair(path: "Tests/PetrelTests/Files/scrape.yaml", workflow: Scraper().workflow),
    Pair(path: "Tests/PetrelTests/Files/every-construct.yaml", workflow: EveryConstruct().workflow),
  ]

  @Test(arguments: pairs)
  func `both spellings give one net, equal by hash`(pair: Pair) throws {
    let fromFile = Self.load(files: [pair.path], written: [])
    let fromSwift = Self.load(files: [], written: [pair.workflow])

    #expect(fromFile.findings.map(\.message) == fromSwift.findings.map(\.message))
    let one = try #require(fromFile.workflow(named: pair.workflow.name))
    let other = try #require(fromSwift.workflow(named: pair.workflow.name))
    #expect(
      Self.sha256(Array(NetIdentity.text(of: one.net).utf8))
        == Self.sha256(Array(NetIdentity.text(of: other.net).utf8)))
  }

  @Test(arguments: pairs)
  func `beside its file a net written in Swift is the version of that file`(pair: Pair) throws {
    let alone = Self.load(files: [pair.path], written: [])
    let both = Self.load(files: [pair.path], written: [pair.workflow])

    #expect(both.findings == alone.findings)
    let expected = try #require(alone.workflow(named: pair.workflow.name))
    let found = both.workflows.filter { $0.name == expected.name }
    #expect(found.map(Self.version) == [Self.version(of: expected)])
  }

  @Test(arguments: pairs)
  func `its text, kept as a file, is the same version`(pair: Pair) throws {
    let fromSwift = try #require(
      Self.load(files: [], written: [pair.workflow]).workflow(named: pair.workflow.name))
    var texts = ["kept/net.yaml": Array(pair.workflow.yaml.utf8)]
    for library in pair.workflow.libraries {
      texts["kept/\(library.file)"] = Array(library.yaml.utf8)
    }
    let kept = texts

    let workspace = Self.load(
      files: ["kept/net.yaml", "Tests/PetrelTests/Files/other.yaml"], written: [],
      from: { kept[$0] })

    let fromFile = try #require(workspace.workflow(named: pair.workflow.name))
    #expect(Self.version(of: fromFile) == Self.version(of: fromSwift))
  }

  @Test func `another net under the name of a file is refused`() throws {
    let place = StartPlace<Petrel.Unit>("asked")
    let end = EndPlace<Petrel.Unit>("done")
    let other = Petrel.Workflow(
      "refund-triage", places: [place, end],
      transitions: [.plain("finish", in: [place.token("a")], puts: end.put())])

    let workspace = Self.load(files: [Self.pairs[0].path], written: [other])

    #expect(workspace.findings.map(\.code) == ["C402"])
    #expect(workspace.findings.map(\.message) == ["two workflows are called 'refund-triage'"])
  }

  @Test(arguments: [
    ("p.amount_won <= params.auto_limit_won", "p.amount_won < params.auto_limit_won"),
    ("retry: {attempts: 6", "retry: {attempts: 5"), ("timeout: 5s", "timeout: 6s"),
    ("after: 4h", "after: 5h"), ("for: leads", "for: agents"),
    ("refunded:    {when: p.refunded", "repaid:      {when: p.refunded"),
    ("auto_limit_won: int = 50000", "auto_limit_won: int = 50001"),
    ("message: personal string max 4000", "message: personal string max 4001"),
    ("rejected:               {end", "rejected:               {many: true, end"),
    ("paid_or_rejected: \"!(refunded > 0", "paid_or_rejected: \"!(refunded > 1"),
  ])
  func `a file that differs in one thing is another net`(old: String, new: String) throws {
    let path = Self.pairs[0].path
    let text = String(decoding: try #require(Self.bytes(path)), as: UTF8.self)
    let changed = text.replacingOccurrences(
      of: old.trimmingCharacters(in: .whitespaces), with: new.trimmingCharacters(in: .whitespaces))
    #expect(changed != text)

    let workspace = Self.load(
      files: ["changed/refund-triage.yaml"], written: [],
      from: { path in
        path == "changed/refund-triage.yaml"
          ? Array(changed.utf8)
          : path == "changed/lib-payments.yaml" ? Self.bytes("workflows/lib-payments.yaml") : nil
      })

    let net = try #require(
      workspace.workflow(named: "refund-triage")?.net, "\(workspace.findings.map(\.message))")
    let same = try #require(
      Self.load(files: [path], written: []).workflow(named: "refund-triage")?.net)
    #expect(NetIdentity.text(of: net) != NetIdentity.text(of: same))
  }

  @Test func `brackets, spaces and names of types change nothing`() throws {
    let spellings = [
      ("types: {Mood: [good, bad]}", "{n: int}", "x.n > 1 && x.n < 5"),
      ("types: {Count: {n: int}}", "Count", "((x.n>1)) && (x.n  <  5)"),
    ]
    let texts = spellings.map { types, colour, condition in
      let net = """
        workflow: w
        \(types)
        places: {a: {start: \(colour)}, b: {end: unit}}
        transitions: {t: {in: {x: a}, guard: "\(condition)", out: {b: unit}}}
        """
      return Self.load(files: ["w.yaml"], written: [], from: { _ in Array(net.utf8) })
    }

    let identities = try texts.map {
      NetIdentity.text(of: try #require($0.workflow(named: "w")?.net))
    }
    #expect(identities[0] == identities[1])
  }

  static func bytes(_ path: String) -> [UInt8]? {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return FileManager.default.contents(atPath: root.appendingPathComponent(path).path)
      .map { Array($0) }
  }

  static func load(
    files: [String], written: [Petrel.Workflow],
    from other: @escaping @Sendable (String) -> [UInt8]? = { _ in nil }
  ) -> Workspace {
    let source = FileSource { (path) throws(FileSource.Problem) in
      guard let found = other(path) ?? bytes(path) else { throw .missing }
      return found
    }
    let isEvery = (files + written.map(\.name)).contains { $0.contains("every-construct") }
    let called = isEvery ? ["Tests/PetrelTests/Files/other.yaml"] : []
    return Workspace.load(
      Configuration(), workflowPaths: files + called.filter { !files.contains($0) },
      promptPaths: ["prompts/refund-intent.md", "Tests/PetrelTests/Files/mood.md"], files: source,
      written: written.map { WrittenNet(name: $0.name, yaml: $0.yaml, libraries: $0.libraries) })
  }

  static func version(of workflow: Workspace.Workflow) -> [UInt8] {
    let guards = workflow.net.prompts.map { (prompt: $0.name, hash: sha256($0.text)) }
    return WorkflowVersion(of: workflow, guards: guards, sha256: sha256).hash
  }

  static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}
