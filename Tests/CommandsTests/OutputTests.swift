import Engine
import PetriNet
import Testing

@testable import Commands

@Suite struct OutputTests {
  @Test func `cells of a table are as wide as a terminal shows them`() {
    var table = Table([.init("NAME"), .init("COUNT", .right), .init("WHERE")])
    table.add(["환불-분류", "3", "refunded"])
    table.add(["a", "1,204", "x\u{202E}y"])

    #expect(
      table.lines() == [
        "NAME       COUNT  WHERE",
        "환불-분류      3  refunded",
        #"a          1,204  x\u{202e}y"#,
      ])
  }

  @Test func `only the last column is cut at the edge of a screen`() {
    var table = Table([.init("A"), .init("B")])
    table.add(["a long name", "a long text"])

    #expect(table.lines(width: 20) == ["A            B", "a long name  a long…"])
    #expect(table.lines(width: 5) == ["A            B", "a long name  a long text"])
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (1_767_603_600_000_000, "2026-01-05T09:00:00Z"),
    (1_767_603_600_123_450, "2026-01-05T09:00:00.123450Z"), (-1, "1969-12-31T23:59:59.999999Z"),
  ])
  func `instants are told in UTC`(_ microseconds: Int64, _ text: String) {
    #expect(TimeText.absolute(Instant(microseconds: microseconds)) == text)
  }

  @Test(arguments: [
    (0, "now"), (12_000_000, "12 s ago"), (-7_200_000_000, "in 2 h"), (300_000_000, "5 min ago"),
    (1_000_000_000_000, "11 d ago"),
  ])
  func `distances are told in the greatest unit`(_ microseconds: Int64, _ text: String) {
    let now = Instant(microseconds: 1_767_603_600_000_000)

    #expect(TimeText.relative(now.advanced(by: -microseconds), to: now) == text)
  }

  @Test func `a document names its schema and says where the next page begins`() {
    let document = JSONDocument(
      schema: "petrel.cases/1", items: [.object([.init("id", .string("c1"))])], next: "c1")

    #expect(
      document.node.text == #"{"schema":"petrel.cases/1","items":[{"id":"c1"}],"next":"c1"}"#)
  }
}
