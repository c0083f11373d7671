internal import Foundation
package import Orchestration

/// What signs a log: its checkpoints so far, and where they are written down besides.
///
/// Owned by its store; the same wherever the rows are kept.
package struct Signing: Sendable {
  package var series: CheckpointSeries
  package let anchors: AnchorFile
  /// Takes the line of each checkpoint, for the service's own log.
  package let announce: (@Sendable (String) -> Void)?
  /// The log lacks rows that its anchors know, and does not say so yet: nothing is signed.
  package var isHeld = false
  /// On disk and not yet given out.
  package var signed: CheckpointSeries.Entry?
  /// Monotonic nanoseconds of the last group.
  package var appended: UInt64 = 0
  /// A quiet log is signed after so many nanoseconds.
  private let rest: UInt64

  package init(
    series: CheckpointSeries, anchors: AnchorFile, announce: (@Sendable (String) -> Void)?,
    rest: UInt64
  ) {
    self.series = series
    self.anchors = anchors
    self.announce = announce
    self.rest = rest
  }

  /// Gives out the checkpoint that was committed: to the anchors, and to the service's log.
  ///
  /// An anchor that cannot be written holds nothing up: the log's own line says so.
  package mutating func publish() {
    guard let entry = signed else { return }
    signed = nil
    announce?(entry.note.line)
    do throws(StoreError) {
      try anchors.append(entry.note)
    } catch {
      announce?("\(error.code) \(error.message)")
    }
  }

  /// A group was committed just now.
  package mutating func noteAppend() { appended = DispatchTime.now().uptimeNanoseconds }

  /// Whether nothing was appended for so long that what there is should be signed.
  package var hasRested: Bool { DispatchTime.now().uptimeNanoseconds - appended >= rest }

  /// Whether there is something to sign in a log that ends at row `last`, and all of it is known.
  package func canSignAlone(last: Int64) -> Bool {
    !isHeld && series.isBehind && series.tree.size == last
  }

  /// Takes note of a row that is in the log already.
  package mutating func addLeaf(of row: LogRow) {
    guard row.seq.number == series.tree.size + 1, let hash = Hash256(row.hash) else { return }
    series.add(hash)
  }

  /// The key that signs the log of `origin`: `given`, or what its file holds, which is made for a log
  /// that was never signed.
  ///
  /// - Parameter inForce: The verifier key that the log names; nil if it was never signed.
  /// - Throws: `keyMissing` for a key that is not the log's.
  package static func key(
    given: SigningSeed?, file path: String, inForce: String?, origin: String
  ) throws(StoreError) -> CheckpointKey {
    let seed: SigningSeed
    if let given { seed = given } else { seed = try Self.seed(path, inForce, origin) }
    let key = seed.key(of: origin)
    guard let inForce, !inForce.utf8.elementsEqual(key.verifier.utf8) else { return key }
    throw StoreError(
      .keyMissing, code: "S120",
      "the signing key is another than the log's (\(inForce)); put the log's own key back")
  }

  /// The key's file; the one beside it that a change of keys left, if the log names that.
  private static func seed(
    _ path: String, _ inForce: String?, _ origin: String
  ) throws(StoreError) -> SigningSeed {
    guard let inForce else { return try SigningSeed.file(path).0 }
    let next = path + ".new"
    if FileManager.default.fileExists(atPath: next) {
      let seed = try SigningSeed.file(next).0
      if seed.key(of: origin).verifier.utf8.elementsEqual(inForce.utf8) {
        rename(next, path)
        return seed
      }
    }
    guard FileManager.default.fileExists(atPath: path) else {
      throw StoreError(
        .keyMissing, code: "S120",
        "the signing key \(path) is missing, and the log is signed with it; put it back")
    }
    return try SigningSeed.file(path).0
  }
}

extension AnchorFile {
  /// What was anchored last must be in the log: else its end was cut or replaced.
  ///
  /// - Parameters:
  ///   - last: The last row of the log.
  ///   - root: What the log's checkpoint of so many rows holds.
  package func requireLast(
    of origin: String, inLogEndingAt last: Int64,
    root: (Int64) throws(StoreError) -> Hash256?
  ) throws(StoreError) {
    guard let anchor = try self.last(of: origin)?.checkpoint else { return }
    guard try root(anchor.size) == anchor.root, anchor.size <= last else {
      throw StoreError(
        .unreadable, code: "S119",
        "the last anchor in \(path), of \(anchor.size) rows, is not in this log, which "
          + "ends at row \(last): rows were lost or replaced. petrel restore names them and goes on"
      )
    }
  }
}
