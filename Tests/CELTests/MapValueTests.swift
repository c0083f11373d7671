import CEL
import Testing

struct MapValueTests {
  @Test func `equal numbers are one key`() {
    let map = MapValue([.init(.uint(2), .string("two")), .init(.int(1), .string("one"))])

    #expect(map?[.int(2)] == .string("two"))
    #expect(MapValue([.init(.int(1), .null), .init(.uint(1), .null)])?.count == nil)
  }
}
