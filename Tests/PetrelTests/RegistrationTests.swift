import Foundation
import PetriNet
import Testing

@testable import Petrel

/// What is compared when a function is registered: every row has a Swift type, a colour set, and
/// the sentence that refuses them, or none.
struct RegistrationTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var type: any (Codable & Sendable).Type
    var colour: ColourSet
    var asInput: String?
    var asOutput: String?

    init(
      _ type: any (Codable & Sendable).Type, _ colour: ColourSet, asInput: String? = nil,
      asOutput: String? = nil
    ) {
      self.type = type
      self.colour = colour
      self.asInput = asInput
      self.asOutput = asOutput
    }

    var testDescription: String { "\(type) and \(colour)" }
  }

  static let text = ColourSet.string(max: 40)
  static let number = ColourSet.int(nil)

  static let rows: [Row] = [
    Row(Petrel.Unit.self, .unit),
    Row(Bool.self, .bool),
    Row(Int.self, number),
    Row(Int32.self, number),
    Row(UInt8.self, .int(0...255)),
    Row(Double.self, .double),
    Row(String.self, text),
    Row(String.self, .duration(nil)),
    Row(String.self, .timestamp),
    Row(Date.self, .timestamp),
    Row(Data.self, .bytes(max: nil)),
    Row([Int].self, .list(number, max: 3)),
    Row([String: Int].self, .map(number)),
    Row(Pair.self, .list(number, max: nil)),
    Row(Wish.self, Colours.wish),
    Row(
      Int.self, text, asInput: "the value is string max 40 in the workflow and Int in Swift",
      asOutput: "the value is string max 40 in the workflow and Int in Swift"),
    Row(
      [Int].self, .list(text, max: nil),
      asInput: "[] is string max 40 in the workflow and Int in Swift",
      asOutput: "[] is string max 40 in the workflow and Int in Swift"),
    Row(
      String?.self, text,
      asOutput: "the value is string max 40 in the workflow and String? in Swift"),
    Row(
      String.self, .optional(text),
      asInput: "the value is string max 40? in the workflow and String in Swift"),
    Row(
      WishInWords.self, Colours.wish,
      asInput: "count is int 1..100 in the workflow and String in Swift",
      asOutput: "count is int 1..100 in the workflow and String in Swift"),
    Row(
      WishWithNote.self, Colours.wish,
      asOutput: "count is missing in the Swift type"),
    Row(
      WishForSomeone.self, Colours.record(nil, ["item": text]),
      asInput: "customer is no field of the declaration",
      asOutput: "customer is no field of the declaration"),
    Row(
      Box.self,
      Colours.record(
        "Box",
        [
          "lid": Colours.record("Lid", ["colour": text]), "tags": .list(text, max: nil),
          "weights": .map(.double), "packed": .timestamp, "seal": .bytes(max: nil), "open": .bool,
        ])),
    Row(
      Box.self,
      Colours.record(
        "Box",
        [
          "lid": Colours.record("Lid", ["colour": number]), "tags": .list(text, max: nil),
          "weights": .map(.double), "packed": .timestamp, "seal": .bytes(max: nil), "open": .bool,
        ]), asInput: "lid.colour is int in the workflow and String in Swift",
      asOutput: "lid.colour is int in the workflow and String in Swift"),
    Row(Shaded.self, Colours.record(nil, ["shade": text, "count": number])),
    Row(
      Shaded.self, Colours.record(nil, ["shade": text, "count": text]),
      asInput: "count is string max 40 in the workflow and Int in Swift",
      asOutput: "count is string max 40 in the workflow and Int in Swift"),
    Row(Sized.self, Colours.record(nil, ["size": text, "count": number])),
    Row(
      Sized.self, Colours.record(nil, ["size": number, "count": number]),
      asInput: "size is int in the workflow and String in Swift",
      asOutput: "size is int in the workflow and String in Swift"),
  ]

  @Test(arguments: rows)
  func `a type is compared with a colour set field by field`(_ row: Row) {
    let shape = SwiftShape(of: row.type)

    let found = [shape.mismatchAsInput(of: row.colour), shape.mismatchAsOutput(for: row.colour)]

    #expect(found == [row.asInput, row.asOutput])
  }

  @Test func `functions that do not fit are refused all at once, each with both sides`() throws {
    let actions = try SwiftActions([
      Action("stock.look") { (wish: WishInWords, _) -> Wish in Wish(item: wish.item, count: 1) },
      Action("stock.reserve") { (wish: Wish, _) -> Wish in wish },
    ])
    let declarations = ["stock.look", "stock.reserve", "stock.release"].map {
      ActionDeclaration(
        name: ActionName($0), takes: Colours.wish, returns: Colours.reservation, effect: .final)
    }

    #expect(
      throws: ActionMismatch(problems: [
        "the action 'stock.look' takes {item: string, count: int 1..100}, the Swift function "
          + "WishInWords {item: String, count: String}: count is int 1..100 in the workflow and "
          + "String in Swift",
        "the action 'stock.look' returns Reservation, the Swift function Wish {item: String, "
          + "count: Int}: id is missing in the Swift type",
        "the action 'stock.reserve' returns Reservation, the Swift function Wish {item: String, "
          + "count: Int}: id is missing in the Swift type",
      ])
    ) { try actions.check(against: declarations) }
  }

  @Test func `functions that fit, and names that nothing declares, are let through`() throws {
    let actions = try SwiftActions([
      Action("stock.reserve") { (wish: Wish, _) -> Reservation in
        Reservation(id: "r1", item: wish.item, count: wish.count)
      },
      Action("stock.unused") { (_: Petrel.Unit, _) -> Petrel.Unit in Petrel.Unit() },
    ])

    try actions.check(against: [
      ActionDeclaration(
        name: ActionName("stock.reserve"), takes: Colours.wish, returns: Colours.reservation,
        effect: .final)
    ])

    #expect(actions.names.map(\.text).sorted() == ["stock.reserve", "stock.unused"])
  }

  @Test func `a name may be given once, however it is composed`() {
    let actions = ["재고.예약", "재고.예약".decomposedStringWithCanonicalMapping].map {
      Action($0) { (_: Petrel.Unit, _) -> Petrel.Unit in Petrel.Unit() }
    }

    #expect(throws: ActionMismatch.self) { try SwiftActions(actions) }
  }
}
