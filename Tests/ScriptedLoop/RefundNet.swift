import Foundation
package import Orchestration
package import PetriNet
import Record
import SQLiteStore
import Workflows

/// The Korean refund workflow of the repository, and how a log of it is opened in a folder.
package struct RefundNet: Sendable {
  package struct Unreadable: Error, CustomStringConvertible {
    package var description: String
  }

  package let net: Net

  /// - Parameter repository: the folder that holds `workflows` and `prompts`.
  package init(repository: String) throws {
    let files = FileSource { path throws(FileSource.Problem) in
      guard let data = FileManager.default.contents(atPath: path) else { throw .missing }
      return Array(data)
    }
    let loader = NetLoader(files: files)
    guard let source = loader.source(at: repository + "/workflows/환불-분류.yaml"),
      loader.findings.isEmpty
    else { throw Unreadable(description: "\(loader.findings)") }
    let path = repository + "/prompts/refund-intent.md"
    let (prompt, findings) = PromptReader.read(try files.read(path), path: path)
    guard let prompt else { throw Unreadable(description: "\(findings)") }
    net = try NetCompiler.compile(source, prompts: [prompt]).net
  }

  /// Opens `petrel.db` in `folder`, under keys and a log id that follow from nothing but `keys`.
  ///
  /// - Parameters:
  ///   - wrap: what stands between the loop and the store.
  ///   - pagesMax: bound on the file at each opening; nil = none.
  ///   - store: opens another store in place of the file.
  ///   - snapshots: when they are taken.
  package func opening(
    folder: String, keys: [UInt8], incarnation: @escaping @Sendable () -> [UInt8],
    pagesMax: @escaping @Sendable () -> Int? = { nil },
    store: (@Sendable () throws(StoreError) -> any EventStore)? = nil,
    snapshots: SnapshotLimits = SnapshotLimits(),
    wrap: @escaping @Sendable (any EventStore) -> any EventStore = { $0 }
  ) -> LoopOpening {
    let hash = [UInt8](repeating: 0xFF, count: 32)
    let guardHash = [UInt8](repeating: 1, count: 32)
    let name = net.prompts.first?.name ?? ""
    let net = net
    return LoopOpening(
      openStore: { () throws(StoreError) in
        if let store { return wrap(try store()) }
        guard let kek = KeyEncryptionKey([UInt8](repeating: 5, count: 32)) else {
          throw StoreError(.keyMissing, code: "S115", "no key")
        }
        return wrap(
          try SQLiteStore.open(
            SQLiteStore.Options(
              database: folder + "/petrel.db", keysFile: folder + "/petrel.keys", kek: kek,
              host: "script", logID: [1, 2, 3, 4, 5, 6, 7, 8],
              now: .init(microseconds: 1_700_000_000_000_000), pid: 1,
              keySource: .seeded(keys), pagesMax: pagesMax())))
      },
      compile: { _, _ in net },
      definitions: [
        .init(text: DefinitionText(kind: .judgeGuard, name: name, hash: guardHash, text: [65])),
        .init(
          text: DefinitionText(kind: .workflow, name: net.name.text, hash: hash, text: [66]),
          net: net),
      ],
      guards: [
        .init(workflowHash: hash, prompt: name, models: [], guardHash: guardHash)
      ],
      binary: "script", incarnation: incarnation, snapshots: snapshots)
  }
}
