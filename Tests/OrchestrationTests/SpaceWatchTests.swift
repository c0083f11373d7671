import Orchestration
import Testing

struct SpaceWatchTests {
  @Test func `it warns at the limit, once, and again after half of it`() {
    var watch = SpaceWatch(limit: 100)

    let warnings = [99, 100, 101, 50, 100, 49, 99, 100].map { watch.take($0) }

    #expect(warnings == [false, true, false, false, false, false, false, true])
  }
}
