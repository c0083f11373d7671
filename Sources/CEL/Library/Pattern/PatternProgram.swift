/// A regular expression as a tree.
indirect enum PatternNode {
  case empty
  case scalar(Unicode.Scalar, ignoresCase: Bool)
  case any(includingNewline: Bool)
  case member(ScalarClass)
  case assert(PatternAssertion)
  case sequence([PatternNode])
  case choice([PatternNode])
  /// At least `least` times, at most `most` times if that is set.
  case repetition(PatternNode, least: Int, most: Int?)
}

enum PatternAssertion: Sendable {
  case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
}

/// A regular expression as instructions of a non-deterministic automaton.
struct PatternProgram: Sendable {
  enum Instruction: Sendable {
    case scalar(Unicode.Scalar)
    /// The folded form of a scalar, whatever its case.
    case folded(Unicode.Scalar)
    case any
    case anyButNewline
    /// Index into `classes`.
    case member(Int)
    case assert(PatternAssertion)
    case split(Int, Int)
    case jump(Int)
    case accept
  }

  private(set) var instructions: [Instruction] = []
  private var classes: [ScalarClass] = []
  /// Whether a match can begin at the start of the text only.
  private(set) var isAnchored = false
  var start: Int { 0 }

  init(_ tree: PatternNode) throws(PatternProblem) {
    isAnchored = tree.beginsWithTextStart
    try emit(tree)
    try append(.accept)
  }

  /// The state after consuming the scalar; nil if the instruction does not take it.
  func target(of state: Int, consuming scalar: Unicode.Scalar) -> Int? {
    let takes =
      switch instructions[state] {
      case .scalar(let wanted): wanted == scalar
      case .folded(let wanted): wanted == scalar.folded
      case .any: true
      case .anyButNewline: scalar != "\n"
      case .member(let index): classes[index].contains(scalar)
      case .assert, .split, .jump, .accept: false
      }
    return takes ? state + 1 : nil
  }

  private mutating func append(_ instruction: Instruction) throws(PatternProblem) {
    guard instructions.count < ExpressionLimits.patternInstructionsMax else {
      throw PatternProblem(offset: 0, message: "it is too large")
    }
    instructions.append(instruction)
  }

  private mutating func emit(_ node: PatternNode) throws(PatternProblem) {
    switch node {
    case .empty: break
    case .scalar(let scalar, let ignoresCase):
      try append(ignoresCase ? .folded(scalar.folded) : .scalar(scalar))
    case .any(let includingNewline): try append(includingNewline ? .any : .anyButNewline)
    case .member(let scalarClass):
      classes.append(scalarClass)
      try append(.member(classes.count - 1))
    case .assert(let assertion): try append(.assert(assertion))
    case .sequence(let nodes): for node in nodes { try emit(node) }
    case .choice(let nodes): try emit(choice: nodes)
    case .repetition(let node, let least, let most):
      for _ in 0..<least { try emit(node) }
      guard let most else { return try emit(star: node) }
      try emit(optional: node, count: most - least)
    }
  }

  private mutating func emit(choice nodes: [PatternNode]) throws(PatternProblem) {
    var jumps: [Int] = []
    for (index, node) in nodes.enumerated() {
      let isLast = index == nodes.count - 1
      let split = instructions.count
      if !isLast { try append(.split(0, 0)) }
      try emit(node)
      guard !isLast else { break }
      jumps.append(instructions.count)
      try append(.jump(0))
      instructions[split] = .split(split + 1, instructions.count)
    }
    for jump in jumps { instructions[jump] = .jump(instructions.count) }
  }

  private mutating func emit(star node: PatternNode) throws(PatternProblem) {
    let split = instructions.count
    try append(.split(0, 0))
    try emit(node)
    try append(.jump(split))
    instructions[split] = .split(split + 1, instructions.count)
  }

  /// Up to `count` times: each attempt may leave to the end.
  private mutating func emit(
    optional node: PatternNode, count: Int
  ) throws(PatternProblem) {
    var splits: [Int] = []
    for _ in 0..<count {
      splits.append(instructions.count)
      try append(.split(0, 0))
      try emit(node)
    }
    for split in splits { instructions[split] = .split(split + 1, instructions.count) }
  }
}

extension PatternNode {
  fileprivate var beginsWithTextStart: Bool {
    switch self {
    case .assert(.textStart): true
    case .sequence(let nodes): nodes.first?.beginsWithTextStart ?? false
    case .choice(let nodes): nodes.allSatisfy(\.beginsWithTextStart)
    default: false
    }
  }
}
