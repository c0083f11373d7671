/// First come first served within a flow, and flows in turn: start-time fair queuing (Goyal, Vin and
/// Cheng, 1996).
///
/// With equal weights the k-th item of a flow that was idle stands behind at most k + 1 items of any
/// other flow, however many those are.
struct FairQueue<Item: Sendable>: Sendable {
  private struct Entry {
    /// Virtual time at which its service begins.
    var tag: Int64
    var number: UInt64
    var item: Item
  }

  private struct Flow {
    var entries: [Entry] = []
    var first = 0
    /// Virtual time at which the last one's service ends.
    var end: Int64 = 0

    var head: Entry? { first < entries.count ? entries[first] : nil }

    mutating func removeFirst() {
      first += 1
      if first > 64, first * 2 > entries.count {
        entries.removeFirst(first)
        first = 0
      }
    }
  }

  private static var unit: Int64 { 1_000_000 }
  private var flows: [String: Flow] = [:]
  private var virtual: Int64 = 0
  private var joined: UInt64 = 0
  private(set) var count = 0

  /// - Parameter weight: from 1; twice the weight, twice the share.
  mutating func add(_ item: Item, flow: String, weight: Int = 1) {
    joined += 1
    count += 1
    let start = max(virtual, flows[flow]?.end ?? 0)
    flows[flow, default: Flow()].entries.append(Entry(tag: start, number: joined, item: item))
    flows[flow]?.end = start + Self.unit / Int64(max(1, weight))
  }

  /// The one whose turn it is.
  ///
  /// - Complexity: O(flows).
  var first: Item? { head?.entry.item }

  private var head: (flow: String, entry: Entry)? {
    var best: (flow: String, entry: Entry)?
    for (name, flow) in flows {
      guard let entry = flow.head else { continue }
      guard let other = best?.entry else {
        best = (name, entry)
        continue
      }
      if (entry.tag, entry.number) < (other.tag, other.number) { best = (name, entry) }
    }
    return best
  }

  mutating func removeFirst() -> Item? {
    guard let (name, entry) = head else { return nil }
    count -= 1
    virtual = max(virtual, entry.tag)
    flows[name]?.removeFirst()
    for (other, flow) in flows where flow.head == nil && flow.end <= virtual {
      flows[other] = nil
    }
    return entry.item
  }
}
