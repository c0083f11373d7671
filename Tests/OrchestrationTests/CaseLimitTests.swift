import Engine
import Orchestration
import Testing

/// `limits.cases` at both ends.
struct CaseLimitTests {
  private let house: House
  private let orchestrator: Orchestrator

  init() throws {
    var limits = Limits()
    limits.casesMax = 2
    house = try House()
    orchestrator = try house.start(limits: limits)
  }

  private func start(_ id: String) async throws -> Reply {
    try await orchestrator.submit(house.order(id)).reply
  }

  private var openCases: Int {
    get async throws { try await orchestrator.read { $0.state.cases.count } }
  }

  @Test func `as many cases open as the limit says; the next finds its place full`() async throws {
    _ = try await start("1")
    let last = try await start("2")
    let head = orchestrator.head
    let more = try await start("3")
    let (open, headAfter) = (try await openCases, orchestrator.head)
    await orchestrator.stop()

    guard case .started(_, _, joined: false) = last else { return #expect(Bool(false), "\(last)") }
    guard case .placeFull = more else { return #expect(Bool(false), "\(more)") }
    #expect(open == 2)
    #expect(headAfter == head)
  }

  @Test func `the key of an open case is answered all the same`() async throws {
    let first = try await start("1")
    _ = try await start("2")
    let again = try await start("1")
    await orchestrator.stop()

    guard case .started(let id, _, joined: false) = first,
      case .started(let joined, _, joined: true) = again
    else { return #expect(Bool(false), "\(again)") }
    #expect(id == joined)
  }

  @Test func `a case that ends makes room`() async throws {
    let first = try await start("1")
    _ = try await start("2")
    guard case .started(let id, _, _) = first else { return #expect(Bool(false), "\(first)") }
    _ = try await orchestrator.submit(.terminate(EndCase(caseID: id, by: .local)))
    let next = try await start("3")
    let more = try await start("4")
    await orchestrator.stop()

    guard case .started(_, _, joined: false) = next else { return #expect(Bool(false), "\(next)") }
    guard case .placeFull = more else { return #expect(Bool(false), "\(more)") }
  }
}
