/// Elements that are read and changed where they lie.
///
/// As an array, but that a look at a field of an element copies that field and nothing else: an array
/// gives out whole elements, which for a case are a dozen references to count. A value itself: copies
/// share their memory until one of them is changed.
/// `@unchecked Sendable`: memory that is shared is only read.
struct InPlaceArray<Element: Sendable>: @unchecked Sendable {
  private final class Memory {
    let elements: UnsafeMutablePointer<Element>
    let capacity: Int
    /// As that of the array whose memory it is.
    var count = 0

    init(capacity: Int) {
      self.capacity = capacity
      elements = .allocate(capacity: capacity)
    }

    deinit {
      elements.deinitialize(count: count)
      elements.deallocate()
    }
  }

  private var memory: Memory
  /// Those of `memory`.
  private var elements: UnsafeMutablePointer<Element>
  private(set) var count = 0

  init() {
    memory = Memory(capacity: 0)
    elements = memory.elements
  }

  init(repeating element: Element, count: Int) {
    memory = Memory(capacity: count)
    elements = memory.elements
    elements.initialize(repeating: element, count: count)
    memory.count = count
    self.count = count
  }

  /// - Precondition: there is an element at `position`.
  subscript(position: Int) -> Element {
    @inline(__always) unsafeAddress { address(of: position) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: position) }
  }

  /// Good while the array is not changed.
  @inline(__always)
  func address(of position: Int) -> UnsafePointer<Element> {
    precondition(position >= 0 && position < count, "an element has a position in the array")
    return UnsafePointer(elements + position)
  }

  /// Good until the array is changed by another way.
  @inline(__always)
  mutating func mutableAddress(of position: Int) -> UnsafeMutablePointer<Element> {
    precondition(position >= 0 && position < count, "an element has a position in the array")
    own()
    return elements + position
  }

  mutating func append(_ element: consuming Element) {
    own()
    if count == memory.capacity { grow() }
    (elements + count).initialize(to: element)
    count += 1
    memory.count = count
  }

  /// What is there moves; nothing is copied.
  private mutating func grow() {
    let larger = Memory(capacity: max(8, memory.capacity * 2))
    larger.elements.moveInitialize(from: elements, count: count)
    larger.count = count
    memory.count = 0
    memory = larger
    elements = larger.elements
  }

  /// Before a change: no copy of the array has the same memory.
  @inline(__always)
  private mutating func own() {
    if !isKnownUniquelyReferenced(&memory) { copy() }
  }

  private mutating func copy() {
    let own = Memory(capacity: max(8, count))
    own.elements.initialize(from: elements, count: count)
    own.count = count
    memory = own
    elements = own.elements
  }
}
