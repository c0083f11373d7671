internal import CPlatform
internal import Foundation

/// Room on the disk for the WAL, taken before it is needed.
///
/// A commit that makes the file longer waits for the file system's own journal as well, which takes
/// several times as long as syncing what it wrote. Bytes that are there are never touched, and what
/// SQLite has not written yet reads as zeros, which it takes for no frame. Where room cannot be
/// taken commits go on without it.
final class WALSpace {
  /// Taken at once: 4,000 frames, some 16 MB.
  ///
  /// The first block of the WAL's index has room for 4,062. A disk that is full lets the WAL end
  /// before another block is needed: a WAL that cannot grow is `SQLITE_FULL`, nothing is written and
  /// the service waits for room; an index that cannot grow leaves open what was written, and ends it.
  static let step: Int64 = 4_000 * (4096 + 24)
  /// So much is free at least, as long as the disk has it.
  private static let spare: Int64 = 4 << 20
  private static let header: Int64 = 32
  private static let frame: Int64 = 4096 + 24

  private let descriptor: Int32
  private var taken: Int64 = 0

  /// - Parameter database: whose WAL exists already.
  init(database: String) {
    descriptor = Foundation.open(database + "-wal", O_RDWR | O_CLOEXEC)
  }

  deinit { if descriptor >= 0 { Foundation.close(descriptor) } }

  /// The length of a WAL of so many pages.
  func bytes(of pages: Int32) -> Int64 { Self.header + Int64(pages) * Self.frame }

  /// To be called between two commits, with the number of pages that the WAL holds.
  func keepAhead(of pages: Int32) {
    let needed = bytes(of: pages) + Self.spare
    guard needed > taken, descriptor >= 0 else { return }
    let length = (needed + Self.step - 1) / Self.step * Self.step
    // A refusal is not asked for again before the WAL has grown by another step.
    _ = csystem_allocate(descriptor, length)
    taken = length
  }
}
