/// A text by lines, as editors count them: lines end at a newline, columns are Unicode scalars.
package struct SourceLines: Sendable {
  package let scalars: [Unicode.Scalar]
  /// Index of the first scalar of each line; never empty.
  package let starts: [Int]

  /// Bytes and UTF-16 units before every `stepLength`-th scalar.
  private let offsets: [(byte: Int, utf16: Int)]
  private static let stepLength = 256

  /// Bytes that are no UTF-8 become U+FFFD.
  package init(_ bytes: [UInt8]) {
    self.init(scalars: Array(String(decoding: bytes, as: UTF8.self).unicodeScalars))
  }

  init(scalars: [Unicode.Scalar]) {
    self.scalars = scalars
    var starts = [0]
    var offsets: [(byte: Int, utf16: Int)] = []
    var (byte, utf16) = (0, 0)
    for (index, scalar) in scalars.enumerated() {
      if scalar == "\n" { starts.append(index + 1) }
      if index % Self.stepLength == 0 { offsets.append((byte, utf16)) }
      byte += UTF8.width(scalar)
      utf16 += UTF16.width(scalar)
    }
    self.starts = starts
    self.offsets = offsets
  }

  /// Bytes and UTF-16 units before the scalar at `index`, from the beginning of the text.
  func offset(of index: Int) -> (byte: Int, utf16: Int) {
    guard !offsets.isEmpty else { return (0, 0) }
    let step = min(index / Self.stepLength, offsets.count - 1)
    return scalars[(step * Self.stepLength)..<index].reduce(into: offsets[step]) {
      $0.byte += UTF8.width($1)
      $0.utf16 += UTF16.width($1)
    }
  }

  package var count: Int { starts.count }

  /// The scalars of a line (from 1), without its end; empty beyond the last.
  package func line(_ number: Int) -> ArraySlice<Unicode.Scalar> {
    guard number >= 1, number <= starts.count else { return [] }
    let start = starts[number - 1]
    var end = number < starts.count ? starts[number] - 1 : scalars.count
    if end > start, scalars[end - 1] == "\r" { end -= 1 }
    return scalars[start..<end]
  }

  /// Line and column, both from 1, of the scalar at `index`.
  package func position(at index: Int) -> (line: Int, column: Int) {
    var low = 0
    var high = starts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= index { low = middle } else { high = middle - 1 }
    }
    return (low + 1, index - starts[low] + 1)
  }

  /// Index of the scalar at a line and column, within the text.
  package func index(line: Int, column: Int) -> Int {
    guard line >= 1 else { return 0 }
    guard line <= starts.count else { return scalars.count }
    return min(starts[line - 1] + max(column, 1) - 1, scalars.count)
  }
}

extension String {
  /// The text of these scalars.
  init(scalars: some Collection<Unicode.Scalar>) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(scalars.count)
    for scalar in scalars {
      if scalar.isASCII {
        bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    self.init(decoding: bytes, as: UTF8.self)
  }
}
