internal import Engine
internal import Orchestration
internal import Record

/// The chain with a log in memory.
enum LogSpeed {
  static func measure() throws {
    var best = Double.infinity
    let cases = 400
    for _ in 0..<3 {
      var loaded = try LoadedMachine(EngineNets.chain(EngineSpeed.length))
      let value = loaded.value([.int(1)], of: "p0")
      let store = MemoryStore()
      try store.append(AppendGroup(events: loaded.loading))
      let seconds = try EngineSpeed.seconds {
        for _ in 0..<cases { try store.append(AppendGroup(events: loaded.start(value).events)) }
      }
      best = min(best, seconds)
    }
    EngineSpeed.tell(
      "chain of \(EngineSpeed.length), log in memory", best, cases * EngineSpeed.length, aim: 1e6)
  }
}
