/// Cases in the order in which they came, each once. Most lists hold one.
struct CaseList: Sendable {
  private(set) var cases: [CaseID] = []
  /// Kept only once the list is long.
  private var members: Set<CaseID> = []

  var isEmpty: Bool { cases.isEmpty }

  /// The case, if there is exactly one.
  var only: CaseID? { cases.count == 1 ? cases[0] : nil }

  mutating func insert(_ caseID: CaseID) {
    if cases.last == caseID { return }
    if cases.count < 16 {
      if cases.contains(caseID) { return }
    } else {
      if members.isEmpty { members = Set(cases) }
      guard members.insert(caseID).inserted else { return }
    }
    cases.append(caseID)
  }

  /// Takes all of them.
  mutating func take() -> [CaseID] {
    if cases.isEmpty { return [] }
    var taken: [CaseID] = []
    swap(&taken, &cases)
    if !members.isEmpty { members = [] }
    return taken
  }
}
