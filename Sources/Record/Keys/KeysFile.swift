internal import Crypto
internal import Foundation
package import Orchestration
internal import Synchronization

/// The data keys of a log in a file of their own (LOG §3), wrapped under the operator's key.
///
/// Header of 64 bytes: `PTRLKEY1`, version u32, log id (8), id of the operator's key (16), number
/// of slots filled u64, zeros; then slots of 40 bytes, zero = shredded. Big-endian.
package final class KeysFile: CaseKeys {
  private static let magic = Array("PTRLKEY1".utf8)
  static let headerBytes = 64
  static let slotBytes = 40
  /// So many keys are made at once, on disk before the first of them is used.
  package static let filledAtOnce: Int64 = 4096
  /// So many are made where one is needed at once; the rest of them follows beside the caller.
  private static let filledInHaste: Int64 = 256
  /// Opened keys that are kept at hand.
  private static let cachedMax = 1 << 16

  fileprivate struct State {
    var filled: Int64
    /// The greatest number that was asked for.
    var asked: Int64 = -1
    var isFillingAhead = false
    var cache: [Int64: CaseKey] = [:]
  }

  package let path: String
  private let descriptor: Int32
  private let kek: KeyEncryptionKey
  private let source: KeySource
  private let state: Mutex<State>
  /// Held while keys are made.
  private let filling = Mutex(())
  private let queue = DispatchQueue(label: "petrel.keys")
  /// The owner alone keeps opened keys: it knows when one is shredded.
  private let isOwner: Bool

  /// Makes the file of a new log.
  package static func create(
    path: String, logID: [UInt8], kek: KeyEncryptionKey, source: KeySource = .random
  ) throws(StoreError) -> KeysFile {
    // Under another name until it is whole: a file that a killed process left half made would be
    // taken for a damaged one.
    let unfinished = path + ".new"
    let descriptor = Foundation.open(unfinished, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw refusal(path, "cannot be made: \(errnoText())") }
    let header = header(logID: logID, kek: kek, filled: 0)
    let file = KeysFile(path: path, descriptor: descriptor, kek: kek, source: source, isOwner: true)
    try file.write(header, at: 0)
    try file.sync()
    // Fails where there is a file of that name: link, not rename.
    let code = link(unfinished, path) == 0 ? 0 : errno
    unlink(unfinished)
    guard code == 0 else {
      throw refusal(path, "cannot be made: \(String(cString: strerror(code)))")
    }
    return file
  }

  /// The first 64 bytes of a file.
  static func header(logID: some Sequence<UInt8>, kek: KeyEncryptionKey, filled: Int64) -> [UInt8] {
    var header = magic
    withUnsafeBytes(of: UInt32(1).bigEndian) { header.append(contentsOf: $0) }
    header.append(contentsOf: logID.prefix(8))
    header.append(contentsOf: kek.id)
    withUnsafeBytes(of: filled.bigEndian) { header.append(contentsOf: $0) }
    header.append(contentsOf: repeatElement(0, count: headerBytes - header.count))
    return header
  }

  /// Opens the file of a log; `isReadOnly` beside its owner.
  package static func open(
    path: String, logID: [UInt8], kek: KeyEncryptionKey, isReadOnly: Bool = false,
    source: KeySource = .random
  ) throws(StoreError) -> KeysFile {
    let descriptor = Foundation.open(path, (isReadOnly ? O_RDONLY : O_RDWR) | O_CLOEXEC)
    guard descriptor >= 0 else { throw refusal(path, "cannot be read: \(errnoText())") }
    let file = KeysFile(
      path: path, descriptor: descriptor, kek: kek, source: source, isOwner: !isReadOnly)
    let header = try file.read(headerBytes, at: 0)
    guard header.count == headerBytes, header.starts(with: magic) else {
      throw refusal(path, "is no keys file of Petrel")
    }
    guard header[8..<12].elementsEqual([0, 0, 0, 1]) else {
      throw refusal(path, "is of a format that this version does not know")
    }
    guard header[12..<20].elementsEqual(logID.prefix(8)) else {
      throw refusal(path, "belongs to another log (\(Hexadecimal.text(header[12..<20])))")
    }
    guard header[20..<36].elementsEqual(kek.id) else {
      throw refusal(
        path, "is wrapped under another key-encryption key, \(Hexadecimal.text(header[20..<36]))")
    }
    let filled = header[36..<44].reduce(Int64(0)) { $0 << 8 | Int64($1) }
    file.state.withLock { $0.filled = filled }
    return file
  }

  private init(
    path: String, descriptor: Int32, kek: KeyEncryptionKey, source: KeySource, isOwner: Bool
  ) {
    self.path = path
    self.descriptor = descriptor
    self.kek = kek
    self.source = source
    self.isOwner = isOwner
    state = Mutex(State(filled: 0))
  }

  deinit { close(descriptor) }

  package func reserve(through number: Int64) throws(StoreError) {
    let (filled, beginsAhead) = state.withLock { state in
      state.asked = max(state.asked, number)
      let begins = state.lacks && !state.isFillingAhead
      if begins { state.isFillingAhead = true }
      return (state.filled, begins)
    }
    if filled <= number {
      try fill(through: number, atOnce: Self.filledInHaste)
      guard state.withLock({ $0.filled }) > number else { throw .missingKey(number) }
    }
    if beginsAhead { queue.async { [self] in fillAhead() } }
  }

  package func rest() { queue.sync {} }

  /// Makes keys before they are asked for, so that no commit waits for them.
  private func fillAhead() {
    // Whoever needs a key that could not be made is told so by `reserve`.
    while let through = state.withLock({ $0.lacks ? $0.filled : nil }) {
      do {
        try fill(through: through, atOnce: Self.filledAtOnce)
      } catch {
        break
      }
    }
    state.withLock { $0.isFillingAhead = false }
  }

  /// Slots first, then the count that makes them known, both synced.
  private func fill(through number: Int64, atOnce count: Int64) throws(StoreError) {
    try filling.withLock { _ throws(StoreError) in
      let first = state.withLock { $0.filled }
      // Up to a multiple of `count`, so that the file grows by whole blocks again.
      if first <= number { try fill(first..<(number / count + 1) * count) }
    }
  }

  private func fill(_ numbers: Range<Int64>) throws(StoreError) {
    let keys = source.keys(numbers)
    guard !keys.isEmpty else { throw .missingKey(numbers.lowerBound) }
    var slots: [UInt8] = []
    slots.reserveCapacity(keys.count * Self.slotBytes)
    for key in keys { slots.append(contentsOf: try wrapped(key)) }
    let made = zip(numbers, keys).map { ($0, CaseKey.present(DataKey($1))) }
    let end = numbers.lowerBound + Int64(keys.count)
    try write(slots, at: Self.offset(of: numbers.lowerBound))
    try sync()
    try write(withUnsafeBytes(of: end.bigEndian) { Array($0) }, at: 36)
    try sync()
    state.withLock { state in
      state.filled = end
      if state.cache.count >= Self.cachedMax { state.cache.removeAll() }
      for (number, key) in made { state.cache[number] = key }
    }
  }

  private func wrapped(_ bytes: [UInt8]) throws(StoreError) -> [UInt8] {
    try wrapped(bytes, under: kek)
  }

  func wrapped(_ bytes: [UInt8], under kek: KeyEncryptionKey) throws(StoreError) -> [UInt8] {
    do {
      return Array(try AES.KeyWrap.wrap(SymmetricKey(data: bytes), using: kek.key))
    } catch {
      throw Self.refusal(path, "cannot wrap a key")
    }
  }

  /// The key in a slot; nil where it was shredded.
  ///
  /// - Throws: `keyMissing` where the operator's key does not open it.
  func unwrapped(
    _ slot: some RandomAccessCollection<UInt8>, of number: Int64
  ) throws(StoreError) -> [UInt8]? {
    if slot.allSatisfy({ $0 == 0 }) { return nil }
    guard let key = try? AES.KeyWrap.unwrap(Array(slot), using: kek.key) else {
      throw Self.refusal(path, "has a slot \(number) that its key-encryption key does not open")
    }
    return key.withUnsafeBytes { Array($0) }
  }

  package func key(_ number: Int64) throws(StoreError) -> CaseKey {
    if let key = state.withLock({ $0.cache[number] }) { return key }
    let key = try readKey(number)
    guard isOwner else { return key }
    state.withLock { state in
      if state.cache.count >= Self.cachedMax { state.cache.removeAll() }
      state.cache[number] = key
    }
    return key
  }

  private func readKey(_ number: Int64) throws(StoreError) -> CaseKey {
    guard number >= 0, number < Int64.max / 64 else { throw .missingKey(number) }
    let slot = try read(Self.slotBytes, at: Self.offset(of: number))
    guard slot.count == Self.slotBytes else { throw .missingKey(number) }
    return try unwrapped(slot, of: number).map { .present(DataKey($0)) } ?? .shredded
  }

  package func shred(_ numbers: [Int64]) throws(StoreError) {
    guard !numbers.isEmpty else { return }
    let zeros = [UInt8](repeating: 0, count: Self.slotBytes)
    for number in numbers { try write(zeros, at: Self.offset(of: number)) }
    try sync()
    state.withLock { state in
      for number in numbers { state.cache[number] = .shredded }
    }
  }

  package func abandon(through number: Int64) throws(StoreError) {
    try filling.withLock { _ throws(StoreError) in
      let first = state.withLock { $0.filled }
      guard first <= number else { return }
      let end = number + 1
      try write(
        [UInt8](repeating: 0, count: Int(end - first) * Self.slotBytes), at: Self.offset(of: first))
      try sync()
      try write(withUnsafeBytes(of: end.bigEndian) { Array($0) }, at: 36)
      try sync()
      state.withLock { $0.filled = end }
    }
  }

  /// - Complexity: Reads the whole file.
  package func census() throws(StoreError) -> KeyCensus {
    var shredded: [Int64] = []
    let made = try eachSlot { number, slot in
      if slot.allSatisfy({ $0 == 0 }) { shredded.append(number) }
    }
    return KeyCensus(made: made, shredded: shredded)
  }

  /// All slots in order, the header's own count of them; one that the file lacks is empty.
  ///
  /// - Returns: How many there are.
  @discardableResult
  func eachSlot(
    _ body: (Int64, ArraySlice<UInt8>) throws(StoreError) -> Void
  ) throws(StoreError) -> Int64 {
    let filled = state.withLock { $0.filled }
    var number: Int64 = 0
    while number < filled {
      let count = min(filled - number, 1 << 15)
      let slots = try read(Int(count) * Self.slotBytes, at: Self.offset(of: number))
      for place in 0..<Int(count) {
        let start = place * Self.slotBytes
        // A file that ends too early has lost what stood there.
        let isThere = start + Self.slotBytes <= slots.count
        try body(number + Int64(place), isThere ? slots[start..<start + Self.slotBytes] : [])
      }
      number += count
    }
    return filled
  }

  /// What stands in the header, but for the key-encryption key.
  func logID() throws(StoreError) -> [UInt8] { Array(try read(Self.headerBytes, at: 0)[12..<20]) }

  private static func offset(of number: Int64) -> Int64 {
    Int64(headerBytes) + number * Int64(slotBytes)
  }

  private func read(_ count: Int, at offset: Int64) throws(StoreError) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    let found = pread(descriptor, &buffer, count, off_t(offset))
    guard found >= 0 else { throw Self.refusal(path, "cannot be read: \(Self.errnoText())") }
    return Array(buffer.prefix(found))
  }

  private func write(_ bytes: [UInt8], at offset: Int64) throws(StoreError) {
    let written = pwrite(descriptor, bytes, bytes.count, off_t(offset))
    guard written != bytes.count else { return }
    // Part of it is written where the disk is nearly full.
    let isFull = written >= 0 || errno == ENOSPC || errno == EDQUOT
    let why = isFull ? "the disk is full" : Self.errnoText()
    throw StoreError(
      isFull ? .full : .failed, code: isFull ? "S111" : "S110",
      "the keys file \(path) cannot be written: \(why); nothing was written to the log")
  }

  private func sync() throws(StoreError) {
    guard fsync(descriptor) == 0 else {
      throw StoreError(
        .unknown, code: "S118",
        "whether the last keys of \(path) are on disk is unknown: \(Self.errnoText())")
    }
  }

  static func refusal(_ path: String, _ what: String) -> StoreError {
    StoreError(.keyMissing, code: "S115", "the keys file \(path) \(what)")
  }

  static func errnoText() -> String { String(cString: strerror(errno)) }
}

extension KeysFile.State {
  /// Whether fewer keys are left than are made at once, by half.
  fileprivate var lacks: Bool { filled - asked < KeysFile.filledAtOnce / 2 }
}
