import NIOCore
import NIOPosix
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The file of effects: a JSON object a line, of several lines of one key the last counts.
///
/// Lines are written and synced in groups by one thread: whatever came in during a sync shares the
/// next one.
final class EffectsJournal: Sendable {
  struct Failure: Error, Equatable, CustomStringConvertible {
    var operation: String
    var code: Int32

    var description: String { "\(operation) of the effects file failed with errno \(code)" }
  }

  private struct Queue {
    var lines: [(text: String, written: EventLoopPromise<Void>)] = []
    var isWriting = false
    var isClosed = false
  }

  private let descriptor: CInt
  private let thread: NIOThreadPool
  private let queue = Mutex(Queue())

  /// Opens or makes the file. A last line without its newline was never acknowledged and is cut.
  ///
  /// - Returns: The journal, and the lines that the file held, in their order.
  static func open(_ path: String) throws(Failure) -> (EffectsJournal, [[UInt8]]) {
    let descriptor = Self.descriptor(of: path)
    guard descriptor >= 0 else { throw Failure(operation: "opening", code: errno) }
    let bytes = try read(descriptor)
    let whole = bytes.lastIndex(of: newline).map { $0 + 1 } ?? 0
    guard ftruncate(descriptor, off_t(whole)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw Failure(operation: "truncating", code: errno)
    }
    let lines = bytes[..<whole].split(separator: newline).map(Array.init)
    return (EffectsJournal(descriptor: descriptor), lines)
  }

  private init(descriptor: CInt) {
    self.descriptor = descriptor
    thread = NIOThreadPool(numberOfThreads: 1)
    thread.start()
  }

  /// Done once the effect, a JSON object, is on disk; fails if it could not be written.
  func append(line: String, on loop: any EventLoop) -> EventLoopFuture<Void> {
    let promise = loop.makePromise(of: Void.self)
    let (isOpen, begins) = queue.withLock { queue in
      guard !queue.isClosed else { return (false, false) }
      queue.lines.append((line + "\n", promise))
      defer { queue.isWriting = true }
      return (true, !queue.isWriting)
    }
    if begins {
      thread.submit { _ in self.writeAll() }
    }
    if !isOpen { promise.fail(Failure(operation: "writing", code: EBADF)) }
    return promise.futureResult
  }

  /// Returns once everything appended is written; the file is then closed.
  func close() async {
    let isFirst = queue.withLock { queue in
      defer { queue.isClosed = true }
      return !queue.isClosed
    }
    guard isFirst else { return }
    try? await thread.shutdownGracefully()
    _ = Self.close(descriptor)
  }

  private func writeAll() {
    while true {
      let lines = queue.withLock { queue in
        defer { queue.lines = [] }
        queue.isWriting = !queue.lines.isEmpty
        return queue.lines
      }
      guard !lines.isEmpty else { return }
      let result = Result { try write(lines.map(\.text).joined()) }
      for line in lines { line.written.completeWith(result) }
    }
  }

  private func write(_ text: String) throws {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Self.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Failure(operation: "writing", code: errno) }
      bytes = bytes.dropFirst(count)
    }
    guard fsync(descriptor) == 0 else { throw Failure(operation: "syncing", code: errno) }
  }

  private static let newline = UInt8(ascii: "\n")

  private static func read(_ descriptor: CInt) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { Self.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Failure(operation: "reading", code: errno) }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }
}

/// The system's calls under names that no method hides.
extension EffectsJournal {
  private static func descriptor(of path: String) -> CInt {
    #if canImport(Darwin)
      Darwin.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    #else
      Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    #endif
  }

  private static func read(_ descriptor: CInt, _ bytes: UnsafeMutableRawPointer?, _ count: Int)
    -> Int
  {
    #if canImport(Darwin)
      Darwin.read(descriptor, bytes, count)
    #else
      Glibc.read(descriptor, bytes, count)
    #endif
  }

  private static func write(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Darwin)
      Darwin.write(descriptor, bytes, count)
    #else
      Glibc.write(descriptor, bytes, count)
    #endif
  }

  private static func close(_ descriptor: CInt) -> CInt {
    #if canImport(Darwin)
      Darwin.close(descriptor)
    #else
      Glibc.close(descriptor)
    #endif
  }
}
