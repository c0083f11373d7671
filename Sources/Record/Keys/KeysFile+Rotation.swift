internal import Foundation
package import Orchestration

/// Another key-encryption key (KEK) for all slots (LOG §3, `keys rotate`).
///
/// The slots stand under the new key in a file of their own before an event says so; only then that
/// file takes the place of the old one. So a process killed anywhere leaves one of the two in force,
/// and the log says which.
extension KeysFile {
  /// Where the slots under a new key lie until an event has said so.
  package static func rotated(_ path: String) -> String { path + ".rotated" }

  /// Wraps every key that is left under another KEK, in the file beside; on disk when it returns.
  ///
  /// - Returns: How many keys were wrapped.
  /// - Complexity: Reads and writes the whole file.
  package func rewrap(under new: KeyEncryptionKey) throws(StoreError) -> Int64 {
    rest()
    let target = Self.rotated(path)
    let descriptor = Foundation.open(target, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Self.refusal(target, "cannot be made: \(Self.errnoText())")
    }
    defer { Foundation.close(descriptor) }
    var batch = [UInt8](repeating: 0, count: Self.headerBytes)
    var offset: Int64 = 0
    var kept: Int64 = 0
    let empty = [UInt8](repeating: 0, count: Self.slotBytes)
    let filled = try eachSlot { (number, slot) throws(StoreError) in
      if let key = try unwrapped(slot, of: number) {
        batch += try wrapped(key, under: new)
        kept += 1
      } else {
        batch += empty
      }
      if batch.count > 1 << 20 { try Self.flush(&batch, &offset, descriptor, target) }
    }
    try Self.flush(&batch, &offset, descriptor, target)
    // The header last: without it the file is none.
    batch = Self.header(logID: try logID(), kek: new, filled: filled)
    offset = 0
    try Self.sync(descriptor, target)
    try Self.flush(&batch, &offset, descriptor, target)
    try Self.sync(descriptor, target)
    return kept
  }

  /// Puts the file of `rewrap` in the place of the old one, whose bytes are overwritten.
  ///
  /// - Precondition: An event of the log says so, on disk.
  package static func adoptRotated(_ path: String) throws(StoreError) {
    try SecretFile.replace(path, by: rotated(path))
  }

  /// Takes away what a rotation left that no event speaks of.
  package static func dropRotated(_ path: String) { SecretFile.scrub(rotated(path)) }

  /// The name of the KEK under which a file is wrapped, 32 hexadecimal digits; nil for no keys file.
  package static func kekName(ofFile path: String) -> String? {
    guard let file = FileHandle(forReadingAtPath: path),
      let header = try? file.read(upToCount: headerBytes), header.count == headerBytes,
      header.starts(with: Array("PTRLKEY1".utf8))
    else { return nil }
    return Hexadecimal.text(header[20..<36])
  }

  private static func flush(
    _ batch: inout [UInt8], _ offset: inout Int64, _ descriptor: Int32, _ path: String
  ) throws(StoreError) {
    let written = pwrite(descriptor, batch, batch.count, off_t(offset))
    guard written == batch.count else {
      let isFull = written >= 0 || errno == ENOSPC || errno == EDQUOT
      throw StoreError(
        isFull ? .full : .failed, code: isFull ? "S111" : "S110",
        "\(path) cannot be written: \(isFull ? "the disk is full" : errnoText()); the keys are as "
          + "they were")
    }
    offset += Int64(batch.count)
    batch.removeAll(keepingCapacity: true)
  }

  private static func sync(_ descriptor: Int32, _ path: String) throws(StoreError) {
    guard fsync(descriptor) == 0 else {
      throw StoreError(
        .failed, code: "S110", "\(path) cannot be synced: \(errnoText()); the keys are as they were"
      )
    }
  }
}

/// What the keys file says when every slot is opened.
package struct KeysExamination: Equatable, Sendable {
  /// Slots, shredded ones counted.
  package var made: Int64
  package var present: Int64
  /// Ascending.
  package var shredded: [Int64]
  /// Slots that the operator's key does not open, ascending.
  package var unopened: [Int64]
  /// Bytes of the file that belong to no slot, or that it lacks of the last ones (negative).
  package var surplus: Int64

  package init(
    made: Int64 = 0, present: Int64 = 0, shredded: [Int64] = [], unopened: [Int64] = [],
    surplus: Int64 = 0
  ) {
    self.made = made
    self.present = present
    self.shredded = shredded
    self.unopened = unopened
    self.surplus = surplus
  }
}

extension KeysFile {
  /// Opens every slot.
  ///
  /// - Complexity: Reads the whole file; about a microsecond a slot.
  package func examination() throws(StoreError) -> KeysExamination {
    var found = KeysExamination()
    found.made = try eachSlot { (number, slot) throws(StoreError) in
      if slot.allSatisfy({ $0 == 0 }) {
        found.shredded.append(number)
      } else if (try? unwrapped(slot, of: number)) == nil {
        found.unopened.append(number)
      } else {
        found.present += 1
      }
    }
    var status = stat()
    if stat(path, &status) == 0 {
      let expected = Int64(Self.headerBytes) + found.made * Int64(Self.slotBytes)
      found.surplus = Int64(status.st_size) - expected
    }
    return found
  }
}
