internal import Engine
internal import Foundation
internal import Record
internal import Synchronization

/// Encodes a cut of the state on a thread of its own, a few chunks ahead of the one that writes them.
final class SnapshotEncoder: Sendable {
  /// So many chunks wait at most.
  private static let ahead = 4

  enum Part: Sendable {
    case chunk(SnapshotChunk)
    /// There are no more; the hash of the state.
    case end(Hash256)
    /// A value cannot be stored: there is no snapshot.
    case failed
  }

  private let waiting = Mutex<[Part]>([])
  private let isCancelled = Atomic(false)
  private let room = DispatchSemaphore(value: 0)
  private let arrived = DispatchSemaphore(value: 0)

  init(_ cut: State, rowHash: Hash256) {
    for _ in 0..<Self.ahead { room.signal() }
    DispatchQueue.global(qos: .utility).async { [self] in encode(cut, rowHash) }
  }

  private func encode(_ cut: State, _ rowHash: Hash256) {
    var encoding = SnapshotEncoding(of: cut, rowHash: rowHash)
    while true {
      room.wait()
      if isCancelled.load(ordering: .relaxed) { return }
      let part: Part
      do throws(EncodingProblem) {
        part = try encoding.next().map(Part.chunk) ?? .end(encoding.stateHash)
      } catch {
        part = .failed
      }
      waiting.withLock { $0.append(part) }
      arrived.signal()
      guard case .chunk = part else { return }
    }
  }

  /// The next part, if it is there.
  func take() -> Part? {
    guard arrived.wait(timeout: .now()) == .success else { return nil }
    return taken
  }

  /// The next part, as soon as it is there.
  func wait() -> Part {
    arrived.wait()
    return taken
  }

  private var taken: Part {
    defer { room.signal() }
    return waiting.withLock { $0.isEmpty ? .failed : $0.removeFirst() }
  }

  /// Nothing more is wanted.
  func cancel() {
    isCancelled.store(true, ordering: .relaxed)
    room.signal()
  }
}
