internal import Foundation
internal import Orchestration
internal import Record
internal import SQLiteStore
internal import Workflows

extension SQLiteStore.Options {
  /// How this process opens a log to write it.
  init(
    _ configuration: Configuration, database: String, kek: KeyEncryptionKey
  ) throws(StoreError) {
    self.init(
      database: database, keysFile: configuration.keys.file, kek: kek,
      host: configuration.origin, now: MonotonicClock().now(),
      pid: ProcessInfo.processInfo.processIdentifier,
      anchors: configuration.anchors(of: database))
    if case .file(let path) = configuration.keys.kek.source { kekFile = path }
    switch configuration.keys.signer.source {
    case .environment(let name):
      guard let seed = SecretReading.variable(name).flatMap({ SigningSeed(hex: $0) }) else {
        throw StoreError(
          .keyMissing, code: "S120",
          "\(name) does not hold the 64 hexadecimal digits of a signing key")
      }
      signer = seed
    case .file(let path): signerFile = path
    }
  }
}

extension Configuration {
  /// Where the checkpoints of a log are written down: as configured for the log of the
  /// configuration, beside the file for another.
  func anchors(of path: String) -> String {
    let file = URL(fileURLWithPath: path).standardizedFileURL
    if file == URL(fileURLWithPath: database).standardizedFileURL { return anchors }
    return AnchorFile.path(beside: file.path)
  }
}
