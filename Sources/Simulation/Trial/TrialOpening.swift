internal import Engine
internal import Orchestration
internal import PetriNet
internal import Record
internal import Synchronization

/// Bytes that differ from case to case and are the same in every run.
enum TrialSeed {
  /// 8 bytes.
  static func bytes(_ seed: UInt64, _ name: String) -> [UInt8] {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return withUnsafeBytes(of: hash.bigEndian) { Array($0) }
  }
}

/// How the log of a trial is opened: in memory, with the net, those it calls, and their guards.
enum TrialOpening {
  /// - Parameter called: each before the nets that call it.
  static func opening(net: Net, called: [Net], log: MemoryLog, seed: [UInt8]) -> LoopOpening {
    var definitions: [LoopOpening.Definition] = []
    var guards: [LoopOpening.GuardBinding] = []
    for (number, net) in (called + [net]).enumerated() {
      let hash = [UInt8](
        repeating: UInt8(truncatingIfNeeded: 0xFF - called.count + number), count: 32)
      addGuards(of: net, hash, &definitions, &guards)
      let text = DefinitionText(
        kind: .workflow, name: net.name.text, hash: hash, text: Array(net.name.text.utf8))
      definitions.append(.init(text: text, net: net))
    }
    let starts = Starts()
    return LoopOpening(
      openStore: { MemoryStore(log) }, compile: { _, _ in net }, definitions: definitions,
      guards: guards, binary: "petrel test",
      incarnation: { starts.next(seed) })
  }

  private static func addGuards(
    of net: Net, _ workflowHash: [UInt8], _ definitions: inout [LoopOpening.Definition],
    _ guards: inout [LoopOpening.GuardBinding]
  ) {
    for transition in net.transitions {
      guard case .judge(let work) = transition.work else { continue }
      let prompt = net.prompts[work.prompt]
      for models in aliases(work.model)
      where !guards.contains(where: {
        $0.workflowHash == workflowHash && $0.prompt == prompt.name && $0.models == models
      }) {
        let hash = [UInt8](repeating: UInt8(truncatingIfNeeded: guards.count), count: 32)
        let name = models.isEmpty ? prompt.name : "\(prompt.name)@\(models.joined(separator: "+"))"
        definitions.append(
          .init(text: DefinitionText(kind: .judgeGuard, name: name, hash: hash, text: prompt.text)))
        guards.append(
          .init(
            workflowHash: workflowHash, prompt: prompt.name, models: models, guardHash: hash))
      }
    }
  }

  /// Every list of aliases that a judge may ask; empty: the operator's default.
  private static func aliases(_ model: JudgeWork.Model) -> [[String]] {
    switch model {
    case .standard: [[]]
    case .alias(let alias): [[alias]]
    case .several(let aliases): [aliases]
    case .computed(let program):
      if case .enumeration(let type) = program.type { type.members.map { [$0] } } else { [[]] }
    }
  }

  /// Counts the owners of a log, so that each has an incarnation of its own.
  private final class Starts: Sendable {
    private let count = Mutex<UInt8>(0)

    func next(_ seed: [UInt8]) -> [UInt8] {
      let number = count.withLock { count in
        count &+= 1
        return count
      }
      return seed.dropLast() + [(seed.last ?? 0) &+ number]
    }
  }
}
