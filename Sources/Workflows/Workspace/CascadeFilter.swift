import PetriNet

/// Leaves out what follows only from a part of a file that could not be read.
struct CascadeFilter {
  private let touched: Set<String>
  /// The lines that something is told about already.
  private let lines: Set<Int>
  private let file: String
  private let lacksDeclarations: Bool
  private let lacksImports: Bool
  private let isBroken: Bool

  /// - Parameters:
  ///   - readerFindings: What reading told of this file.
  ///   - lacksImports: Whether what it imports could not be read whole.
  init(_ readerFindings: [Finding], lacksImports: Bool) {
    let errors = readerFindings.filter { $0.severity == .error }
    isBroken = !errors.isEmpty || lacksImports
    lines = Set(errors.map(\.mark.line))
    file = errors.first?.mark.file ?? ""
    touched = Set(errors.compactMap { Self.top($0.node) })
    lacksDeclarations = errors.contains { finding in
      let section = finding.node.prefix { $0 != "." }
      return ["places", "types", "params", "actions", "case", ""].contains(section)
    }
    let lacksSection = errors.contains { !$0.node.isEmpty && !$0.node.contains(".") }
    self.lacksImports = lacksImports || lacksSection
  }

  /// Names that a broken part may get wrong besides.
  private static let ownNames = ["place", "prompt", "action", "workflow", "model"].map {
    "unknown \($0) "
  }

  /// Names stand whatever else is wrong, so an unknown one is told unless its file is missing.
  private static let independent = ["P101", "P103", "F125", "F128", "F201", "F202"]
  /// Claims about the whole net.
  private static let structural = [
    "P104", "P105", "P106", "P107", "P111", "P112", "P122",
  ]

  func kept(_ findings: [Finding]) -> [Finding] {
    guard isBroken else { return findings }
    return findings.filter { finding in
      if lacksImports { return finding.code.hasPrefix("F") }
      let isOnLine =
        lines.contains(finding.mark.line) && finding.mark.file.utf8.elementsEqual(file.utf8)
      let isTouched = Self.top(finding.node).map { touched.contains($0) } ?? false
      if isOnLine || isTouched {
        return Self.ownNames.contains { finding.message.hasPrefix($0) }
      }
      if Self.structural.contains(finding.code) { return false }
      return !lacksDeclarations || Self.independent.contains(finding.code)
    }
  }

  /// `transitions.pay` of `transitions.pay.then.ok`.
  private static func top(_ node: String) -> String? {
    let parts = node.split(separator: ".", maxSplits: 2)
    return parts.count < 2 ? nil : parts.prefix(2).joined(separator: ".")
  }
}
