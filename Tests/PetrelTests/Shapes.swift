import Foundation
import Petrel

// What authors of actions write, one type for each way in which it may fit or not.

struct Wish: Codable, Sendable, Equatable {
  var item: String
  var count: Int
}

struct WishWithNote: Codable, Sendable {
  var item: String
  var note: String?
}

struct WishInWords: Codable, Sendable {
  var item: String
  var count: String
}

struct WishForSomeone: Codable, Sendable {
  var item: String
  var customer: String
}

struct Reservation: Codable, Sendable, Equatable {
  var id: String
  var item: String
  var count: Int
}

enum Size: String, Codable, Sendable { case small, large }

enum Shade: String, Codable, Sendable, CaseIterable { case light, dark }

struct Sized: Codable, Sendable {
  var size: Size
  var count: Int
}

struct Shaded: Codable, Sendable {
  var shade: Shade
  var count: Int
}

struct Box: Codable, Sendable {
  struct Lid: Codable, Sendable { var colour: String }
  var lid: Lid
  var tags: [String]
  var weights: [String: Double]
  var packed: Date
  var seal: Data
  var open: Bool
}

/// Reads itself in a way that cannot be followed.
struct Pair: Codable, Sendable {
  var first: Int
  var second: Int

  init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    first = try list.decode(Int.self)
    second = try list.decode(Int.self)
  }

  func encode(to encoder: any Encoder) throws {
    var list = encoder.unkeyedContainer()
    try list.encode(first)
    try list.encode(second)
  }
}
