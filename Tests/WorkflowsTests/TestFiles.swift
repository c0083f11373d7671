import Foundation
import Workflows

/// Files that tests read from the disk.
enum TestFiles {
  /// The top of the working tree.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  static let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden").path

  /// The examples of the specification, beside the working tree; nil where they are absent.
  static var sharedExamples: String? {
    let environment = ProcessInfo.processInfo.environment["PETREL_EXAMPLES"]
    let path = environment ?? root + "/../shared/examples"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  static func disk(under folder: String) -> FileSource {
    FileSource { path throws(FileSource.Problem) in
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(path)") else {
        throw .missing
      }
      return Array(data)
    }
  }

  /// The names in a folder, sorted by bytes.
  static func names(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
