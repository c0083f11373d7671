internal import Foundation
package import Orchestration

/// Where each checkpoint of a log is written down outside it, a line each (LOG §4).
///
/// Lines are only appended; those of other logs, and what is no checkpoint, are passed over.
package struct AnchorFile: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// Where the anchors of a log lie unless its owner put them elsewhere.
  package static func path(beside database: String) -> String {
    URL(fileURLWithPath: database).deletingLastPathComponent()
      .appendingPathComponent("petrel.anchors").path
  }

  /// The anchors of one log, in the order of the file; none if there is no file.
  package func anchors(of origin: String) throws(StoreError) -> [SignedNote] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw StoreError(.failed, code: "S121", "the anchors \(path) cannot be read")
    }
    return SignedNote.all(in: String(decoding: data, as: UTF8.self))
      .filter { $0.checkpoint.origin.utf8.elementsEqual(origin.utf8) }
  }

  /// The newest anchor of one log.
  ///
  /// - Complexity: Reads the end of the file only, further back until there is one.
  package func last(of origin: String) throws(StoreError) -> SignedNote? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw StoreError(.failed, code: "S121", "the anchors \(path) cannot be read")
    }
    defer { close(descriptor) }
    let length = lseek(descriptor, 0, SEEK_END)
    var count = min(length, 1 << 16)
    while true {
      var buffer = [UInt8](repeating: 0, count: Int(count))
      let found = pread(descriptor, &buffer, buffer.count, length - count)
      let text = String(decoding: buffer.prefix(max(found, 0)), as: UTF8.self)
      let last = SignedNote.all(in: text).last {
        $0.checkpoint.origin.utf8.elementsEqual(origin.utf8)
      }
      if let last { return last }
      guard count < length else { return nil }
      count = min(length, count * 8)
    }
  }

  /// Appends a line, behind a line end if the last writer was cut off in one.
  package func append(_ note: SignedNote) throws(StoreError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw refusal(errno) }
    defer { close(descriptor) }
    var line = Array("\(note.line)\n".utf8)
    let length = lseek(descriptor, 0, SEEK_END)
    var before: UInt8 = 10
    if length > 0, pread(descriptor, &before, 1, length - 1) == 1, before != 10 {
      line.insert(10, at: 0)
    }
    guard write(descriptor, line, line.count) == line.count else { throw refusal(errno) }
  }

  private func refusal(_ code: Int32) -> StoreError {
    StoreError(
      .failed, code: "S121",
      "the anchors \(path) cannot be written: \(String(cString: strerror(code)))")
  }
}
