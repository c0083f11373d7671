import PetriNet

/// What reading a file told, by its place and by its node: where a part could not be read, what
/// follows from that is not told too.
struct ToldFindings {
  private var atMarks: [SourceMark: Set<String>] = [:]
  private var atNodes: [[UInt8]: Set<String>] = [:]

  mutating func add(_ finding: Finding) {
    atMarks[finding.mark, default: []].insert(finding.code)
    if !finding.node.isEmpty { atNodes[Self.node(of: finding), default: []].insert(finding.code) }
  }

  /// Whether one of this code, or of a part in the wrong place, stands at its mark or node.
  func holds(_ finding: Finding) -> Bool {
    if Self.covers(atMarks[finding.mark], finding) { return true }
    return !finding.node.isEmpty && Self.covers(atNodes[Self.node(of: finding)], finding)
  }

  private static func covers(_ codes: Set<String>?, _ finding: Finding) -> Bool {
    codes.map { $0.contains(finding.code) || $0.contains("F127") } ?? false
  }

  private static func node(of finding: Finding) -> [UInt8] {
    Array("\(finding.mark.file)\u{0}\(finding.node)".utf8)
  }
}
