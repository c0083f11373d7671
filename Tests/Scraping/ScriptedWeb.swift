import CEL
import Engine
import Orchestration
import PetriNet
import VirtualRun

/// The HTTP layer of the scraper: pages, slow servers, errors and bad proxies, drawn from a seed.
struct ScriptedWeb {
  let seed: UInt64
  let house: HouseNet
  private let page: Value
  private let fields: Value

  init(seed: UInt64, house: HouseNet) throws {
    self.seed = seed
    self.house = house
    page = .bytes(Array("<h1>Lamp</h1>".utf8))
    fields = try Self.answer("page.parse", "{\"title\": \"Lamp\"}", house)
  }

  /// In microseconds: everything ends at whole tenths of a second, so that many fall together.
  static let grain: Int64 = 100_000

  /// How an attempt ends.
  func perform(_ attempt: Attempt) -> VirtualRun.Performed {
    var draw = Draw(seed: seed, firing: attempt.firing.seq.number)
    switch attempt.action.name.text {
    case "web.fetch":
      let after = Int64(draw.below(15) + 1) * Self.grain
      // A tenth of the proxies loses half of its fetches; of the others one in twenty fails.
      let isBad = proxy(of: attempt).hasSuffix("7")
      if draw.below(100) < (isBad ? 50 : 5) {
        return .init(after: after, .failed(code: "timeout", retry: false, happened: .no))
      }
      return .init(after: after, .ok(page))
    case "page.parse":
      if draw.below(200) == 0 {
        return .init(after: Self.grain, .failed(code: "no_title", retry: false, happened: .no))
      }
      return .init(after: Self.grain, .ok(fields))
    case "page.validate": return .init(after: Self.grain, .ok(fields))
    case "page.store":
      if draw.below(100) == 0 {
        return .init(after: Self.grain, .failed(code: "unavailable", retry: true, happened: .maybe))
      }
      return .init(after: Self.grain, .ok(.string("row")))
    default: return .init(after: Self.grain, .ok(.null))
    }
  }

  private func proxy(of attempt: Attempt) -> String {
    guard case .record(let record) = attempt.argument, case .string(let name)? = record["proxy"]
    else { return "" }
    return name
  }

  private static func answer(_ action: String, _ json: String, _ house: HouseNet) throws -> Value {
    guard let declared = house.net.actions.first(where: { $0.name.text == action }) else {
      throw Findings([])
    }
    return try house.value(json, of: declared.returns)
  }
}

/// Numbers that a seed and a firing fix.
struct Draw {
  private var state: UInt64

  init(seed: UInt64, firing: Int64) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(bitPattern: firing) &* 0xD6E8_FEB8_6659_FD93
  }

  /// From 0 up to `count`, never `count`.
  mutating func below(_ count: Int) -> Int {
    state = state &+ 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((word ^ (word >> 31)) % UInt64(count))
  }
}
