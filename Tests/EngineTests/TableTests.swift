import CEL
import Testing

@testable import Engine

/// The tables of the state beside what the standard library would do.
struct TableTests {
  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `a table holds what a dictionary holds, whatever comes and goes`(seed: UInt64) {
    var generator = RandomRunTests.Generator(state: seed)
    // Rows that follow one another, rows of long cases, and tokens behind the first of a row.
    let steps: [UInt64] = [1, 8, 64, 1 << 40]
    var table = NumberTable<TokenID, String>()
    var naive: [TokenID: String] = [:]
    for round in 0..<3_000 {
      let number =
        UInt64.random(in: 0..<200, using: &generator)
        &* (steps.randomElement(using: &generator) ?? 1)
      let id = TokenID(Seq(Int64(number & (1 << 40 - 1))), Int32(number >> 40))
      switch Int.random(in: 0..<5, using: &generator) {
      case 0, 1:
        table[id] = "\(round)"
        naive[id] = "\(round)"
      case 2:
        table[id]?.append("+")
        naive[id]?.append("+")
      case 3:
        #expect(table.removeValue(forKey: id) == naive.removeValue(forKey: id))
      default:
        table[id] = nil
        naive[id] = nil
      }
      #expect(table[id] == naive[id])
      #expect((table.position(of: id) >= 0) == (naive[id] != nil))
    }
    #expect(Dictionary(uniqueKeysWithValues: table.map { ($0.key, $0.value) }) == naive)
    #expect(table.values.sorted() == naive.values.sorted())
    #expect(table.count == naive.count)
    for id in table.keys { table[id] = nil }
    #expect(table.isEmpty && table.positions.isEmpty)
  }

  @Test func `copies of a table are changed apart`() {
    var table = NumberTable<CaseID, [Int]>()
    for number in 1...20 { table[CaseID(Seq(Int64(number)))] = [number] }
    let before = table
    var other = table
    table[CaseID(Seq(3))]?.append(30)
    other[CaseID(Seq(3))] = nil
    table[CaseID(Seq(21))] = [21]
    #expect(before[CaseID(Seq(3))] == [3] && before.count == 20)
    #expect(table[CaseID(Seq(3))] == [3, 30] && table.count == 21)
    #expect(other[CaseID(Seq(3))] == nil && other.count == 19)
    #expect(before[CaseID(Seq(21))] == nil)
  }

  @Test func `what is kept by place is found by it, and nothing elsewhere`() {
    var table = PlaceTable<[Int]>()
    #expect(table[PlaceSymbol(index: 0)] == nil)
    table[PlaceSymbol(index: 5)] = [5]
    table[PlaceSymbol(index: 2), default: []].append(2)
    table[PlaceSymbol(index: 2), default: []].append(3)
    let before = table
    table[PlaceSymbol(index: 5)] = nil
    #expect(before.map { "\($0.place.index) \($0.value)" } == ["2 [2, 3]", "5 [5]"])
    #expect(table.map { "\($0.place.index) \($0.value)" } == ["2 [2, 3]"])
    #expect(table[PlaceSymbol(index: 4)] == nil && table[PlaceSymbol(index: 99)] == nil)
  }

  @Test func `slots are told apart, those beyond the first 64 too`() {
    var slots = SlotSet()
    slots.formUnion([0, 5, 63, 64, 1_000])
    #expect((0..<1_100).filter(slots.contains) == [0, 5, 63, 64, 1_000])
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `the bytes of a text in JSON are those of its characters, wherever they stand`(
    seed: UInt64
  ) {
    var generator = RandomRunTests.Generator(state: seed)
    let parts = [
      "a", " ", "\"", "\\", "\u{1}", "\u{8}", "\n", "\u{1f}", "\u{0}", "é", "한", "\u{7f}",
    ]
    for _ in 0..<500 {
      var text = ""
      for _ in 0..<Int.random(in: 0..<30, using: &generator) {
        let isPlain = Int.random(in: 0..<4, using: &generator) > 0
        text += isPlain ? "x" : parts.randomElement(using: &generator) ?? ""
      }
      let naive = text.utf8.reduce(2) { sum, byte in
        switch byte {
        case 0x22, 0x5C, 8, 9, 10, 12, 13: sum + 2
        case 0: sum + 3
        case ..<0x20: sum + 6
        default: sum + 1
        }
      }
      #expect(text.textBytes == naive)
      #expect(text.hasZero == text.utf8.contains(0))
    }
  }
}
