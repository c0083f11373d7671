/// Transitions over shared places, limits and capacities of which bindings may have become enabled.
struct Contests: Sendable {
  typealias Site = EnablingIndex.Site

  /// Where bindings of one of them are to be looked for.
  struct Contest: Sendable {
    var isAnywhere = false
    var cases: [CaseID] = []
    var tokens: [TokenID] = []
  }

  private var contests: [Site: Contest] = [:]
  /// One that is contested anywhere, most likely the next to be contested again.
  private var recent: Site?

  var isEmpty: Bool { contests.isEmpty }
  var sites: [Site] { Array(contests.keys) }

  /// The site, if exactly one is contested.
  var only: Site? { contests.count == 1 ? recent ?? contests.first?.key : nil }

  subscript(site: Site) -> Contest? { contests[site] }

  mutating func addAnywhere(_ site: Site) {
    guard recent != site else { return }
    contests[site, default: Contest()].isAnywhere = true
    recent = site
  }

  mutating func add(_ caseID: CaseID, to site: Site) {
    guard recent != site else { return }
    contests[site, default: Contest()].add(caseID)
  }

  mutating func add(_ token: TokenID, to site: Site) {
    guard recent != site else { return }
    contests[site, default: Contest()].add(token)
  }

  mutating func remove(_ site: Site) {
    if recent == site { recent = nil }
    contests[site] = nil
  }
}

extension Contests.Contest {
  fileprivate mutating func add(_ caseID: CaseID) {
    guard !isAnywhere, cases.last != caseID, !cases.contains(caseID) else { return }
    cases.append(caseID)
    if cases.count > 16 { isAnywhere = true }
  }

  fileprivate mutating func add(_ token: TokenID) {
    guard !isAnywhere else { return }
    tokens.append(token)
    if tokens.count > 16 { isAnywhere = true }
  }
}
