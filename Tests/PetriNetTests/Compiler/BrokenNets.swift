import PetriNet
import Testing

/// A net with mistakes, and all that is told of them.
struct BrokenNet: Sendable, CustomTestStringConvertible {
  let name: String
  let parameters: [String: String]
  let text: String
  let findings: [Finding]

  init(
    _ name: String, parameters: [String: String] = [:], _ text: String, _ findings: [Finding]
  ) {
    self.name = name
    self.parameters = parameters
    self.text = text
    self.findings = findings
  }

  var testDescription: String { name }

  var compiled: [Finding] {
    NetText.findings(
      text, files: BrokenNets.files, parameters: parameters, context: BrokenNets.context)
  }
}

extension SourceMark {
  static func at(
    _ line: Int, _ column: Int, _ length: Int, in file: String = NetText.file
  ) -> SourceMark {
    SourceMark(file: file, line: line, column: column, length: length)
  }
}

/// What broken nets are compiled with.
enum BrokenNets {
  static let files = [
    "lib.yaml": """
    library: lib
    types: {R: {x: string}}
    actions: {pay: {takes: unit, returns: unit}}
    params: {max: int = 2}

    """
  ]

  static let context = CompilationContext(
    workflows: [
      WorkflowInterface(
        name: WorkflowName("child"), starts: ["begin"], input: number,
        ends: [.init(name: "finished", colour: .unit, isMany: false)]),
      WorkflowInterface(
        name: WorkflowName("pair"), starts: ["one", "two"], input: number,
        ends: [.init(name: "finished", colour: .unit, isMany: false)]),
    ],
    models: [
      ModelAlias(name: "fast", hasConfidence: false),
      ModelAlias(name: "sure", hasConfidence: true),
    ])

  private static let number = ColourSet.record(
    RecordColour(name: nil, fields: [.init(name: "n", colour: .int(nil))]))
}
