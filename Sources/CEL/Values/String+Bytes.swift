extension String {
  /// Whether both have the same Unicode scalars; `==` would take canonical equivalents for equal.
  package func hasSameBytes(as other: String) -> Bool {
    let left = utf8
    let right = other.utf8
    guard left.count == right.count else { return false }
    let isSame = left.withContiguousStorageIfAvailable { left in
      right.withContiguousStorageIfAvailable { right in left.hasSameBytes(as: right) }
    }
    if let outer = isSame, let inner = outer { return inner }
    return left.elementsEqual(right)
  }

  /// Whether it holds U+0000.
  package var hasZero: Bool {
    utf8.withContiguousStorageIfAvailable { $0.hasZero } ?? utf8.contains(0)
  }

  /// Whether the scalars of `prefix` begin these.
  func startsInBytes(with prefix: String) -> Bool {
    guard utf8.count >= prefix.utf8.count else { return false }
    let isPrefix = utf8.withContiguousStorageIfAvailable { text in
      prefix.utf8.withContiguousStorageIfAvailable { prefix in
        UnsafeBufferPointer(rebasing: text[..<prefix.count]).hasSameBytes(as: prefix)
      }
    }
    if let outer = isPrefix, let inner = outer { return inner }
    return utf8.starts(with: prefix.utf8)
  }

  /// Order by Unicode scalars, which is the order of the UTF-8 bytes.
  package func comesBefore(_ other: String) -> Bool {
    utf8.lexicographicallyPrecedes(other.utf8)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Looks at eight bytes at a time.
  fileprivate var hasZero: Bool {
    let bytes = UnsafeRawBufferPointer(self)
    let ones: UInt64 = 0x0101_0101_0101_0101
    var offset = 0
    while offset + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      // A borrow reaches the highest bit of a byte that was zero; above it others may follow.
      if (word &- ones) & ~word & (ones << 7) != 0 { return true }
      offset += 8
    }
    while offset < bytes.count {
      if bytes[offset] == 0 { return true }
      offset += 1
    }
    return false
  }

  /// Whether the bytes of `part` come somewhere in these, tried from each place where the first of
  /// them stands.
  func contains(_ part: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = part.first else { return true }
    guard part.count <= count else { return false }
    for start in 0...count - part.count where self[start] == first {
      let candidate = UnsafeBufferPointer(rebasing: self[start..<start + part.count])
      if candidate.hasSameBytes(as: part) { return true }
    }
    return false
  }

  /// Compares eight bytes at a time; both buffers are equally long.
  func hasSameBytes(as other: UnsafeBufferPointer<UInt8>) -> Bool {
    let left = UnsafeRawBufferPointer(self)
    let right = UnsafeRawBufferPointer(other)
    var offset = 0
    while offset + 8 <= left.count {
      let word = left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      guard word == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else {
        return false
      }
      offset += 8
    }
    while offset < left.count {
      guard left[offset] == right[offset] else { return false }
      offset += 1
    }
    return true
  }
}

/// A string that is compared and hashed by its bytes, for sets and dictionary keys.
struct ByteString: Hashable, Sendable {
  let text: String

  static func == (left: ByteString, right: ByteString) -> Bool {
    left.text.hasSameBytes(as: right.text)
  }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
