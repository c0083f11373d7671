internal import CEL
package import Engine
internal import Foundation
package import Orchestration

/// The lock beside a log's file: one process owns the log while it holds it.
///
/// The operating system gives it up when the process ends, however it ends.
package final class OwnerLock {
  /// Who holds it, as it wrote into the lock.
  package struct Holder: Equatable, Sendable {
    package var pid: Int32
    /// Where its service answers; empty while it has none.
    package var url: String
    package var started: Instant

    package init(pid: Int32, url: String = "", started: Instant) {
      self.pid = pid
      self.url = url
      self.started = started
    }
  }

  private let descriptor: Int32

  /// `petrel.lock` beside `petrel.db`.
  package static func path(ofDatabase path: String) -> String {
    (path.hasSuffix(".db") ? String(path.dropLast(3)) : path) + ".lock"
  }

  /// Takes the lock, or says who has it.
  package init(database: String, holder: Holder) throws(StoreError) {
    let path = Self.path(ofDatabase: database)
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw StoreError(
        .failed, code: "S110", "\(path) cannot be opened: \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let text = Self.content(of: descriptor)
      Foundation.close(descriptor)
      throw Self.held(database, Self.holder(in: text))
    }
    write(holder)
  }

  deinit { close(descriptor) }

  /// Gives the lock up.
  package func release() {
    _ = ftruncate(descriptor, 0)
    _ = flock(descriptor, LOCK_UN)
  }

  /// Writes who holds it, for those who come later.
  package func write(_ holder: Holder) { Self.write(holder, to: descriptor) }

  private static func write(_ holder: Holder, to descriptor: Int32) {
    let text = Array(
      "pid \(holder.pid)\nurl \(holder.url)\nstarted \(holder.started.microseconds)\n".utf8)
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
  }

  /// Who holds the log at `database` now; nil if nobody does.
  package static func holder(ofDatabase database: String) -> Holder? {
    let descriptor = open(path(ofDatabase: database), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
    return holder(in: content(of: descriptor))
  }

  /// Writes where the service of process `pid` answers into the lock that it holds; does nothing if
  /// another process holds it.
  package static func announce(url: String, database: String, pid: Int32) {
    let descriptor = open(path(ofDatabase: database), O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard var holder = holder(in: content(of: descriptor)), holder.pid == pid else { return }
    holder.url = url
    write(holder, to: descriptor)
  }

  private static func content(of descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 1024)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
  }

  private static func holder(in text: String) -> Holder? {
    var values: [Substring: Substring] = [:]
    for line in text.split(separator: "\n") {
      guard let space = line.firstIndex(of: " ") else { continue }
      values[line[..<space]] = line[line.index(after: space)...]
    }
    guard let pid = values["pid"].flatMap({ Int32($0) }),
      let started = values["started"].flatMap({ Int64($0) })
    else { return nil }
    return Holder(
      pid: pid, url: String(values["url"] ?? ""), started: Instant(microseconds: started))
  }

  private static func held(_ database: String, _ holder: Holder?) -> StoreError {
    guard let holder else {
      return StoreError(.held, code: "S101", "another process holds \(database)")
    }
    let since = Timestamp(
      seconds: holder.started.microseconds / 1_000_000, nanoseconds: 0)
    let place = holder.url.isEmpty ? "" : " and answers at \(holder.url)"
    return StoreError(
      .held, code: "S101", "pid \(holder.pid) holds \(database) since \(since)\(place)")
  }
}
