import Foundation

/// Files that a test writes, each under a path of its own.
enum TemporaryFile {
  static func path(_ name: String) -> String {
    FileManager.default.temporaryDirectory
      .appendingPathComponent("petrel-\(name)-\(UUID().uuidString)").path
  }

  static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  static func append(_ text: String, to path: String) {
    guard let file = FileHandle(forWritingAtPath: path) else { return }
    file.seekToEndOfFile()
    file.write(Data(text.utf8))
    file.closeFile()
  }
}
