internal import Foundation
internal import GRDB
package import Orchestration
package import Record

/// A copy of a log that was verified before it has its name.
package enum LogCopy {
  /// Copies the log, beside its owner or without one; nothing is copied that only the owner should
  /// have: keys and the signing key stay where they are.
  ///
  /// - Throws: `failed` where `target` exists or the copy cannot be written.
  /// - Returns: What verifying the copy showed. If it is broken the copy is left under
  ///   `target` + `.unverified`.
  package static func make(
    of path: String, to target: String, _ options: LogAudit.Options
  ) throws(StoreError) -> AuditReport {
    try make(at: target, options) { (unverified) throws(StoreError) in
      let queue = try LogConnection.reading(path)
      defer { try? queue.close() }
      try translating("copying \(path)") {
        try queue.writeWithoutTransaction { database in
          try database.execute(sql: "VACUUM INTO ?", arguments: [unverified])
        }
      }
    }
  }

  /// Makes a log's file by `write`, which is given the name that it has until it is verified.
  static func make(
    at target: String, _ options: LogAudit.Options,
    write: (_ path: String) throws(StoreError) -> Void
  ) throws(StoreError) -> AuditReport {
    guard !FileManager.default.fileExists(atPath: target) else {
      throw StoreError(.failed, code: "S123", "\(target) exists already; nothing was copied")
    }
    let unverified = target + ".unverified"
    for end in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: unverified + end)
    }
    try write(unverified)
    try sync(unverified)
    let report = try LogAudit.report(of: unverified, options)
    guard report.findings.isEmpty else { return report }
    for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: unverified + end) }
    guard rename(unverified, target) == 0 else {
      throw StoreError(.failed, code: "S123", "\(target) cannot be written")
    }
    return report
  }

  static func sync(_ path: String) throws(StoreError) {
    let descriptor = Foundation.open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw StoreError(.failed, code: "S123", "\(path) cannot be opened")
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw StoreError(.failed, code: "S123", "\(path) cannot be synced")
    }
  }
}
