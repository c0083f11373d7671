// Two functions that do not fit what workflows/stock-order.yaml declares: `run` and `serve` refuse
// to start and say both sides. `check` and `test` work on files and do not ask for the functions.
import Commands
import Petrel

struct Wish: Codable, Sendable {
  var item: String
  var count: String
}

struct Level: Codable, Sendable {
  var item: String
}

await Application.main(actions: [
  Action("stock.look") { (wish: Wish, _) -> Level in Level(item: wish.item) },
  Action("stock.reserve") { (wish: Wish, _) -> Level in Level(item: wish.item) },
])
