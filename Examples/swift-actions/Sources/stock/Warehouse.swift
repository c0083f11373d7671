import Petrel

/// What the shop has on its shelves; lives as long as the process.
actor Warehouse {
  private var free: [String: Int]
  private var reservations: [String: Reservation] = [:]
  private var shelved: [String: String] = [:]

  init(free: [String: Int]) {
    self.free = free
  }

  /// How many of an item may still be reserved.
  func level(of item: String) throws -> Level {
    guard let count = free[item] else { throw ActionError(StockCode.noSuchItem) }
    return Level(item: item, free: count)
  }

  /// Reserves once for each key: the same key again gets the same reservation.
  func reserve(_ wish: Wish, key: String) throws -> Reservation {
    if let made = reservations[key] { return made }
    let level = try level(of: wish.item)
    guard level.free >= wish.count else { throw ActionError(StockCode.soldOut) }
    free[wish.item] = level.free - wish.count
    let reservation = Reservation(
      id: "r\(reservations.count + 1)", item: wish.item, count: wish.count)
    reservations[key] = reservation
    return reservation
  }

  /// Takes one back, once for each key.
  func shelve(_ item: String, key: String) -> String {
    if let made = shelved[key] { return made }
    free[item, default: 0] += 1
    shelved[key] = "s\(shelved.count + 1)"
    return "s\(shelved.count)"
  }
}

extension Warehouse {
  /// The two actions that `workflows/stock-order.yaml` declares.
  nonisolated var actions: [Action] {
    [
      Action("stock.look") { (question: Question, _) -> Level in
        try await self.level(of: question.item)
      },
      Action("stock.reserve") { (wish: Wish, context) -> Reservation in
        try await self.reserve(wish, key: context.idempotencyKey)
      },
    ]
  }
}

/// Read as `error.code` in the workflow.
enum StockCode: String, Sendable {
  case noSuchItem = "no_such_item"
  case soldOut = "sold_out"
}

struct Question: Codable, Sendable { var item: String }

struct Level: Codable, Sendable {
  var item: String
  var free: Int
}

struct Wish: Codable, Sendable {
  var item: String
  var count: Int
}

struct Reservation: Codable, Sendable {
  var id: String
  var item: String
  var count: Int
}
