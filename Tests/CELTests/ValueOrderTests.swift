import CEL
import Testing

struct ValueOrderTests {
  @Test func `the order of places is total`() {
    let ascending: [Value] = [
      .bool(false), .bool(true), .int(-1), .int(2), .uint(1), .double(-.nan), .double(-.infinity),
      .double(-1), .double(-0.0), .double(0.0), .double(1), .double(.infinity), .double(.nan),
      .string(""), .string("a"), .string("e\u{301}"), .string("z"), .string("é"),
      .string("\u{ffff}"), .string("😀"), .bytes([]), .bytes([1]), .bytes([1, 0]),
      .timestamp(.least), .timestamp(.greatest), .duration(.zero), .list([]), .list([.int(1)]),
      .list([.int(1), .null]), .list([.int(2)]), .null, .erased,
    ]

    #expect(ascending.reversed().sorted() == ascending)
    #expect(Set(ascending).count == ascending.count)
  }

  @Test(arguments: [
    (Value.int(1), Value.double(1), true), (.int(1), .uint(1), true),
    (.double(.nan), .double(.nan), false), (.double(0.0), .double(-0.0), true),
    (.string("é"), .string("e\u{301}"), false), (.null, .int(0), false),
    (.list([.int(1)]), .list([.double(1)]), true), (.erased, .erased, false),
  ])
  func `CEL's equality is another than identity`(
    _ left: Value, _ right: Value, _ expected: Bool
  ) {
    #expect(left.equals(right) == expected)
  }

  @Test func `identity tells kinds and bytes apart`() {
    #expect(Value.int(1) != .uint(1))
    #expect(Value.double(.nan) == .double(.nan))
    #expect(Value.double(0.0) != .double(-0.0))
    #expect(Value.string("é") != .string("e\u{301}"))
  }
}
