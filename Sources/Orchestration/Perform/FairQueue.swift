/// First come first served within a flow, and flows in turn by their weights: start-time fair queuing
/// (Goyal, Vin and Cheng, 1996).
///
/// The k-th item of a flow that was idle stands behind at most `(k - 1) · W / w + 1` items of another
/// flow, however many those are, where the flows weigh w and W. Items that nobody wants any more
/// cost their flow no turn.
package struct FairQueue<Item: Sendable>: Sendable {
  private struct Entry {
    var number: UInt64
    var item: Item
  }

  private struct Flow {
    /// Of service, in virtual time, for one item of weight 1.
    static var unit: Int64 { 1_000_000 }

    var entries: [Entry] = []
    var first = 0
    /// Virtual time at which the service of the first entry begins, or that of the last one ended.
    var tag: Int64
    var weight: Int64

    var head: Entry? { first < entries.count ? entries[first] : nil }

    mutating func serveFirst() {
      tag += Self.unit / weight
      removeFirst()
    }

    mutating func removeFirst() {
      first += 1
      if first > 64, first * 2 > entries.count {
        entries.removeFirst(first)
        first = 0
      }
    }
  }

  private var flows: [String: Flow] = [:]
  private var virtual: Int64 = 0
  private var joined: UInt64 = 0
  /// Those included that nobody wants any more and that were not met yet.
  package private(set) var count = 0

  package init() {}

  /// - Parameter weight: from 1; twice the weight, twice the share. That of the last item holds for
  ///   all of the flow.
  package mutating func add(_ item: Item, flow: String, weight: Int = 1) {
    joined += 1
    count += 1
    let entry = Entry(number: joined, item: item)
    let weight = Int64(max(1, weight))
    var known = flows.removeValue(forKey: flow) ?? Flow(tag: virtual, weight: weight)
    if known.head == nil { known.tag = max(virtual, known.tag) }
    known.weight = weight
    known.entries.append(entry)
    flows[flow] = known
  }

  /// The one whose turn it is; those before it that are not wanted are dropped.
  ///
  /// - Complexity: O(flows), and what is dropped.
  package mutating func first(where isWanted: (Item) -> Bool = { _ in true }) -> Item? {
    head(where: isWanted)?.entry.item
  }

  /// Drops what is not wanted at the head of each flow.
  private mutating func head(
    where isWanted: (Item) -> Bool
  ) -> (flow: String, tag: Int64, entry: Entry)? {
    var best: (flow: String, tag: Int64, entry: Entry)?
    var index = flows.startIndex
    while index != flows.endIndex {
      defer { flows.formIndex(after: &index) }
      while let entry = flows.values[index].head, !isWanted(entry.item) {
        flows.values[index].removeFirst()
        count -= 1
      }
      let (name, flow) = flows[index]
      guard let entry = flow.head else { continue }
      guard let other = best else {
        best = (name, flow.tag, entry)
        continue
      }
      if (flow.tag, entry.number) < (other.tag, other.entry.number) {
        best = (name, flow.tag, entry)
      }
    }
    return best
  }

  /// Takes the one whose turn it is; those before it that are not wanted are dropped.
  package mutating func removeFirst(where isWanted: (Item) -> Bool = { _ in true }) -> Item? {
    guard let (name, tag, entry) = head(where: isWanted) else { return nil }
    count -= 1
    virtual = max(virtual, tag)
    flows[name]?.serveFirst()
    for (other, flow) in flows where flow.head == nil && flow.tag <= virtual {
      flows[other] = nil
    }
    return entry.item
  }
}
