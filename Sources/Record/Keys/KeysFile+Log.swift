internal import Foundation
package import Orchestration

extension KeysFile {
  /// The keys file of a log: one without rows gets it now, one with rows must have it.
  ///
  /// The name of a new file is on disk when it returns.
  package static func ofLog(
    path: String, logID: [UInt8], kek: KeyEncryptionKey, source: KeySource, hasRows: Bool
  ) throws(StoreError) -> KeysFile {
    if FileManager.default.fileExists(atPath: path) {
      return try open(path: path, logID: logID, kek: kek, source: source)
    }
    guard !hasRows else {
      throw StoreError(
        .keyMissing, code: "S115",
        "the keys file \(path) is missing, and the log has rows sealed under it; "
          + "put it back, or restore it from its own backup")
    }
    let file = try create(path: path, logID: logID, kek: kek, source: source)
    try Folder.sync(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    return file
  }
}

extension LogWriter {
  /// Keys that no event erased and that are not there; to be asked when the log was folded.
  package func keysMissing(of census: KeyCensus) -> [Int64] {
    let holes = census.shredded.filter { !keysGone.contains($0) }
    guard census.made <= lastKey else { return holes }
    return holes + (census.made...lastKey).filter { !keysGone.contains($0) }
  }

  /// Shreds what events say is shredded, after an older keys file was put back.
  ///
  /// - Complexity: Reads the keys file once.
  package func shredKeysGone(_ census: KeyCensus) throws(StoreError) {
    let present = keysGone.subtracting(census.shredded).filter { $0 < census.made }
    try keys.shred(present.sorted())
  }

  /// Shreds the keys of slots that were closed just before a crash.
  ///
  /// - Returns: The slot up to which entries may go.
  package mutating func shredClosedSlots() throws(StoreError) -> Int64? {
    for number in keysOfClosedSlots {
      if case .present = try keys.key(number) { try keys.shred(number) }
    }
    keysOfClosedSlots = []
    return slotClosed
  }
}

extension StoreError {
  /// Keys are gone and no event says why; `cases` are those that were opened with them.
  package static func keysMissing(_ keys: [Int64], ofCases cases: [Int64]) -> StoreError {
    let numbers = keys.count == 1 ? "key \(keys[0])" : "\(keys.count) keys"
    let named = cases.prefix(5).map { "c\($0)" }.joined(separator: ", ")
    let more = cases.count > 5 ? " and \(cases.count - 5) more" : ""
    let whose = cases.isEmpty ? "of no case" : "of \(named)\(more)"
    return StoreError(
      .keyMissing, code: "S114",
      "the keys file lacks \(numbers), \(whose), and no event says that it was erased; put the newest "
        + "keys file back, or see petrel restore")
  }
}
