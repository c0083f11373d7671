/// A text by lines, as editors count them: lines end at a newline, columns are Unicode scalars.
package struct SourceLines: Sendable {
  package let scalars: [Unicode.Scalar]
  /// Index of the first scalar of each line; never empty.
  package let starts: [Int]

  /// Bytes that are no UTF-8 become U+FFFD.
  package init(_ bytes: [UInt8]) {
    self.init(scalars: Array(String(decoding: bytes, as: UTF8.self).unicodeScalars))
  }

  init(scalars: [Unicode.Scalar]) {
    self.scalars = scalars
    var starts = [0]
    for (index, scalar) in scalars.enumerated() where scalar == "\n" { starts.append(index + 1) }
    self.starts = starts
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
