/// How large a run is, from the command line: `--domains 200 --proxies 50 --targets 10000`.
struct ScrapingSize {
  var domains = 200
  var proxies = 50
  var targets = 10_000
  /// Targets that are in the net at a time, at most; the others follow as these end.
  var ahead = 10_000_000
  /// How often the process ends on the way.
  var restarts = 0
  var seed: UInt64 = 1
  var database = "scrape.db"

  struct Mistake: Error, CustomStringConvertible {
    var description: String
  }

  init(_ arguments: [String]) throws(Mistake) {
    var rest = arguments[...]
    while let name = rest.popFirst() {
      guard let text = rest.popFirst() else {
        throw Mistake(description: "\(name) needs a value")
      }
      if name == "--database" {
        database = text
        continue
      }
      guard let number = Int(text), number >= 0 else {
        throw Mistake(description: "\(name) needs a number")
      }
      switch name {
      case "--domains": domains = number
      case "--proxies": proxies = number
      case "--targets": targets = number
      case "--ahead": ahead = number
      case "--restarts": restarts = number
      case "--seed": seed = UInt64(number)
      default: throw Mistake(description: "there is no option \(name)")
      }
    }
  }
}
