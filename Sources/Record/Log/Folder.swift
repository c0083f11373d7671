internal import Foundation
package import Orchestration

/// A folder that holds files of a log.
package enum Folder {
  /// The names of new files in it are on disk when it returns.
  package static func sync(_ folder: String) throws(StoreError) {
    let descriptor = Foundation.open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw StoreError(.failed, code: "S110", "the folder \(folder) cannot be opened")
    }
    defer { Foundation.close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw StoreError(.failed, code: "S110", "the folder \(folder) cannot be synced")
    }
  }
}
