import Foundation
import PetriNet
import Testing
import Workflows

/// What the drawing itself says, read back from its text.
@Suite struct SVGTests {
  static let files =
    ["workflows/refund-triage.yaml", "workflows/환불-분류.yaml"]
    + ["escalation", "four-eyes", "lease", "rate-limit", "retry", "vote-of-three"].map {
      "workflows/blocks/\($0).yaml"
    }

  @Test(arguments: files)
  func `boxes of a workflow stand apart and hold their labels`(path: String) throws {
    let svg = try Self.svg(ofFile: path)

    let figure = try SVGReading(svg)

    #expect(figure.problems == [])
    #expect(figure.boxes.count > 5)
  }

  @Test func `every workflow of the folder is drawn`() throws {
    let root = URL(fileURLWithPath: TestFiles.root)
    let names = try FileManager.default.contentsOfDirectory(
      atPath: root.appendingPathComponent("workflows").path)
    for name in names.sorted() where name.hasSuffix(".yaml") && !name.hasPrefix("lib-") {
      let figure = try SVGReading(try Self.svg(ofFile: "workflows/\(name)"))
      #expect(figure.problems == [], "\(name)")
    }
  }

  @Test(arguments: 1...60)
  func `boxes of a random net stand apart and hold their labels`(seed: Int) throws {
    var random = SeededNumbers(seed: UInt64(seed))
    let count = 3 + seed % 30
    let svg = try Self.svg(RandomNet.text(transitions: count, &random))

    let figure = try SVGReading(svg)

    #expect(figure.problems == [])
    #expect(figure.boxes.count >= count)
  }

  @Test func `equal nets give equal drawings`() throws {
    let path = Self.files[0]

    #expect(try Self.svg(ofFile: path) == Self.svg(ofFile: path))
  }

  @Test func `200 transitions are drawn in time`() throws {
    var random = SeededNumbers(seed: 7)
    let text = RandomNet.text(transitions: 200, &random)
    let net = try Self.net(text)

    let began = clock()
    let svg = NetDrawing(of: net).text(as: .svg)
    let seconds = Double(clock() - began) / Double(CLOCKS_PER_SEC)

    // Unoptimised, on a machine that does other things: a layout that never stops is what is found.
    #expect(seconds < 60)
    #expect(try SVGReading(svg).problems == [])
  }

  @Test func `the tokens of a case stand in the drawing`() throws {
    var drawing = NetDrawing(of: try Self.net(ofFile: Self.files[0]))
    drawing.marking = NetDrawing.Marking(
      tokens: drawing.places(titled: ["human_review": 1, "nowhere": 3]),
      firings: drawing.transitions(named: ["pay": 2]), caption: "c12 at #40")

    let svg = drawing.text(as: .svg)
    let text = drawing.text(as: .text)

    #expect(svg.contains("<title>1 token</title>1</text>"))
    #expect(svg.contains("<title>2 firings</title>2</text>"))
    #expect(!svg.contains("3 token"))
    #expect(svg.contains("refund-triage   c12 at #40"))
    #expect(text.hasPrefix("refund-triage   c12 at #40\n"))
    #expect(text.contains("(human_review •1)"))
    #expect(text.contains("[pay ! •2]"))
  }

  static func svg(ofFile path: String) throws -> String {
    NetDrawing(of: try net(ofFile: path)).text(as: .svg)
  }

  static func net(ofFile path: String) throws -> Net {
    let prompts = ["prompts", "workflows/blocks/prompts"].flatMap { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: "\(TestFiles.root)/\(folder)")) ?? [])
        .filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }
    }
    let workspace = Workspace.load(
      Configuration(), workflowPaths: [path], promptPaths: prompts,
      files: TestFiles.disk(under: TestFiles.root))
    return try #require(workspace.workflows.first?.net, "\(workspace.findings.map(\.message))")
  }

  static func svg(_ text: String) throws -> String {
    NetDrawing(of: try net(text)).text(as: .svg)
  }

  static func net(_ text: String) throws -> Net {
    let workspace = Workspace.load(
      Configuration(), workflowPaths: ["net.yaml"], promptPaths: [],
      files: FileSource(["net.yaml": text]))
    return try #require(workspace.workflows.first?.net, "\(workspace.findings.map(\.message))")
  }
}

/// Workflows made by chance: all kinds but judge and call, cycles, names of two scripts.
enum RandomNet {
  static func text(transitions: Int, _ random: inout SeededNumbers) -> String {
    let words = ["asked", "결제_확인됨", "waiting_for_the_second_approval", "p", "人間", "review"]
    let names = (0...transitions).map { "\(words[$0 % words.count])_\($0)" }
    var lines = [
      "workflow: random", "actions: {do.it: {takes: unit, returns: unit, effect: final}}",
      "places:", "  start: {start: unit}", "  done: {end: {n: int}, many: true}",
      "  slots: {shared: unit, initial: 2}",
    ]
    lines += names.map { "  \($0): unit" }
    lines.append("transitions:")
    lines.append("  open: {in: {s: start}, out: {\(names[0]): unit}}")
    for index in 0..<transitions {
      let other = names[random.below(2) == 0 ? max(0, index - 2) : random.below(transitions)]
      let wait =
        random.below(4) == 0 ? "{from: \(names[index]), after: 4h}" : names[index]
      let slot = random.below(4) == 0
      lines.append("  전이_\(index):")
      lines.append("    in: {a: \(wait)\(slot ? ", s: slots" : "")}")
      if random.below(5) == 0 { lines.append("    unless: {u: \(other)}") }
      lines += work(names[index + 1], other, slot ? ", slots: unit" : "", &random)
    }
    lines.append("  close: {in: {a: \(names[transitions])}, out: {done: {n: \"0\"}}}")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func work(
    _ next: String, _ other: String, _ slot: String, _ random: inout SeededNumbers
  ) -> [String] {
    let both = next == other ? "{\(next): unit\(slot)}" : "{\(next): unit, \(other): unit\(slot)}"
    switch random.below(4) {
    case 0: return ["    out: {\(next): unit\(slot)}"]
    case 1:
      return [
        "    choose:", "      some: {when: 1 < 2, out: \(both)}",
        "      else: {out: {done: {n: \"1\"}\(slot)}}",
      ]
    case 2:
      return [
        "    action: do.it", "    with: unit",
        "    then: {ok: {\(next): unit\(slot)}, failed: {done: {n: \"2\"}\(slot)}, "
          + "unknown: {\(other): {put: unit, after: 10m}\(slot)}}",
      ]
    default:
      return slot.isEmpty
        ? [
          "    task: \"look\"",
          "    then: {approve: {\(next): unit}, a_long_name_of_an_outcome: \(both)}",
        ] : ["    out: \(both)"]
    }
  }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededNumbers {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }
}
