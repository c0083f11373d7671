package import CEL
internal import Foundation
package import Orchestration
package import PetriNet
internal import Synchronization
internal import Workflows

/// A workflow of the repository, as logs register it.
package struct HouseNet: Sendable {
  package let net: Net
  private let text: [UInt8]

  /// Reads `workflows/NAME.yaml` and compiles it with the parameters' defaults.
  ///
  /// - Parameter prompts: Those of `prompts` that its judges ask with.
  /// - Throws: `Findings` with everything that is wrong with it.
  package init(_ name: String, prompts: [String] = []) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let files = FileSource { path throws(FileSource.Problem) in
      let place = root.appendingPathComponent(path).path
      guard let data = FileManager.default.contents(atPath: place) else { throw .missing }
      return [UInt8](data)
    }
    let workspace = Workspace.load(
      Configuration(), workflowPaths: ["workflows/\(name).yaml"],
      promptPaths: prompts.map { "prompts/\($0).md" }, files: files)
    guard let workflow = workspace.workflows.first, !workspace.hasErrors else {
      throw Findings(workspace.findings)
    }
    net = workflow.net
    text = workflow.source.text
  }

  /// How a log of this net is opened.
  ///
  /// - Parameter seed: Of the incarnations, which differ from opening to opening.
  package func opening(
    seed: UInt64, store: @escaping @Sendable () throws(StoreError) -> any EventStore
  ) -> LoopOpening {
    let hash = [UInt8](repeating: 7, count: 32)
    let definition = DefinitionText(
      kind: .workflow, name: net.name.text, hash: hash, text: text)
    let guards = net.prompts.enumerated().map { index, prompt in
      DefinitionText(
        kind: .judgeGuard, name: prompt.name,
        hash: [UInt8](repeating: 100 + UInt8(index), count: 32), text: prompt.text)
    }
    let starts = Starts(seed)
    let net = net
    return LoopOpening(
      openStore: store, compile: { _, _ in net },
      definitions: guards.map { LoopOpening.Definition(text: $0) }
        + [LoopOpening.Definition(text: definition, net: net)],
      guards: guards.map {
        LoopOpening.GuardBinding(
          workflowHash: hash, prompt: $0.name, models: [], guardHash: $0.hash)
      }, binary: "virtual run",
      incarnation: { starts.next() })
  }

  /// A value of a place, from JSON.
  package func value(_ json: String, in place: String) throws -> Value {
    guard let index = net.place(titled: place) else { throw Findings([]) }
    return try value(json, of: net.places[index].colour)
  }

  /// A value of a colour set, from JSON.
  package func value(_ json: String, of colour: ColourSet) throws -> Value {
    let node = try JSONText.parse(text: json)
    let (value, problems) = ValueReading.value(of: node, in: colour)
    guard let value else {
      let message = problems.map(\.message).joined(separator: "; ")
      throw Findings([Finding("F501", message, at: .none)])
    }
    return value
  }

  private final class Starts: Sendable {
    private let count: Mutex<UInt64>

    init(_ seed: UInt64) { count = Mutex(seed << 8) }

    func next() -> [UInt8] {
      let number = count.withLock { count in
        count += 1
        return count
      }
      return withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
  }
}
