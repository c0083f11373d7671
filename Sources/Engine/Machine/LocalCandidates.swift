import Collections
import PetriNet

/// The candidates of transitions that no other case can disturb, while one instant is worked off.
///
/// A transition's candidate is the first of its bindings over all cases. Cases wait here, by
/// transition, in the order of the first token that a binding of theirs could begin with; a case is
/// searched only when no case stands before it, and what raises there waits in its turn, so that
/// nothing is set aside that the firing rule does not reach.
struct LocalCandidates {
  /// A case in the queue of a transition.
  private struct Entry: Comparable {
    /// Of the first token that a binding may begin with; nil if no single arc says where it begins.
    let key: OrderedToken?
    let caseID: CaseID
    /// Of the last change of the case.
    let stamp: Int
    /// Nil until the case is searched.
    let found: Found?

    static func < (left: Entry, right: Entry) -> Bool {
      guard let one = left.key, let other = right.key, one.id != other.id else {
        return left.caseID < right.caseID
      }
      return one < other
    }

    static func == (left: Entry, right: Entry) -> Bool {
      left.caseID == right.caseID && left.stamp == right.stamp
    }
  }

  /// What the search of a case came to.
  private enum Found {
    case candidate(Candidate)
    case raised(Raised)

    /// The token of the first arc.
    var first: Token? {
      switch self {
      case .raised(let raised): raised.first
      case .candidate(let candidate): candidate.first
      }
    }
  }

  private var queues: [EnablingIndex.Site: Heap<Entry>] = [:]
  private var stamps: [CaseID: Int] = [:]
  private var stamp = 0

  var isEmpty: Bool { queues.isEmpty }
  var sites: [EnablingIndex.Site] { Array(queues.keys) }

  /// The case changed: its transitions are to be searched again.
  mutating func touch(_ caseID: CaseID, in state: State) {
    stamp += 1
    stamps[caseID] = nil
    guard let version = state.cases[caseID]?.workflow, let plan = state.index.plans[version],
      let tokens = state.cases[caseID]?.marking.tokens
    else { return }
    stamps[caseID] = stamp
    for position in plan.localPositions(tokens) {
      let transition = plan.visited[position]
      var key: OrderedToken?
      if let place = transition.singles.first?.place {
        guard let token = state.tokens(of: tokens, in: place, plan).first else { continue }
        key = OrderedToken(token, of: caseID, plan.net.places[place.index].order)
      }
      let entry = Entry(key: key, caseID: caseID, stamp: stamp, found: nil)
      queues[state.index.site(plan, transition), default: Heap()].insert(entry)
    }
  }

  /// The first enabled binding of a transition over the cases that changed.
  mutating func first(
    _ transition: TransitionPlan, _ plan: VersionPlan, in state: State, _ horizon: Horizon
  ) throws(Raised) -> Candidate? {
    let site = state.index.site(plan, transition)
    while let entry = queues[site]?.min {
      guard stamps[entry.caseID] == entry.stamp else {
        _ = queues[site]?.popMin()
        continue
      }
      switch entry.found {
      case .candidate(let candidate): return candidate
      case .raised(let raised): throw raised
      case nil: break
      }
      let found = search(entry.caseID, transition, plan, in: state, horizon)
      _ = queues[site]?.popMin()
      guard let found else { continue }
      var key = entry.key
      if let place = transition.singles.first?.place, let token = found.first {
        key = OrderedToken(token, of: entry.caseID, plan.net.places[place.index].order)
      }
      queues[site]?.insert(
        Entry(key: key, caseID: entry.caseID, stamp: entry.stamp, found: found))
    }
    queues[site] = nil
    return nil
  }

  private func search(
    _ caseID: CaseID, _ transition: TransitionPlan, _ plan: VersionPlan, in state: State,
    _ horizon: Horizon
  ) -> Found? {
    let position = state.cases.position(of: caseID)
    precondition(position >= 0, "a case is open")
    do {
      return try state.firstBinding(of: transition, plan, in: .inCase(position), horizon)
        .map(Found.candidate)
    } catch {
      return .raised(error)
    }
  }
}
