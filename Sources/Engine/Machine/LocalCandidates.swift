import Collections
import PetriNet

/// The candidates of transitions that no other case can disturb, while one instant is worked off.
///
/// A transition's candidate is the first of its bindings over all cases. Cases wait here, by
/// transition, in the order of the first token that a binding of theirs could begin with; a case is
/// searched only when no case stands before it, so that nothing is evaluated, and nothing raises,
/// that the firing rule does not reach.
struct LocalCandidates {
  /// A case in the queue of a transition.
  private struct Entry: Comparable {
    /// Of the first token that a binding may begin with; nil if no single arc says where it begins.
    let key: OrderedToken?
    let caseID: CaseID
    /// Of the last change of the case.
    let stamp: Int
    /// Nil until the case is searched.
    let candidate: Candidate?

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
      if let single = transition.firstSingle {
        let place = transition.singles[single].place
        guard let token = state.tokens(of: tokens, in: place, plan).first else { continue }
        key = OrderedToken(token, of: caseID, plan.net.places[place.index].order)
      }
      let entry = Entry(key: key, caseID: caseID, stamp: stamp, candidate: nil)
      queues[state.index.site(plan, transition), default: Heap()].insert(entry)
    }
  }

  /// The first enabled binding of a transition over the cases that changed.
  mutating func first(
    _ transition: TransitionPlan, _ plan: VersionPlan, in state: State, _ horizon: Horizon
  ) throws(Raised) -> Candidate? {
    let site = state.index.site(plan, transition)
    while let entry = queues[site]?.min {
      if stamps[entry.caseID] == entry.stamp {
        if let candidate = entry.candidate { return candidate }
        let found = state.cases.position(of: entry.caseID)
        precondition(found >= 0, "a case is open")
        let candidate = try state.firstBinding(of: transition, plan, in: .inCase(found), horizon)
        _ = queues[site]?.popMin()
        guard let candidate else { continue }
        var key = entry.key
        if let single = transition.firstSingle,
          case .one(let token) = candidate.inputs[transition.singles[single].arc]
        {
          let order = plan.net.places[transition.singles[single].place.index].order
          key = OrderedToken(token, of: entry.caseID, order)
        }
        queues[site]?.insert(
          Entry(
            key: key, caseID: entry.caseID, stamp: entry.stamp,
            candidate: candidate))
      } else {
        _ = queues[site]?.popMin()
      }
    }
    queues[site] = nil
    return nil
  }
}
