package import CEL

/// Quantities with a unit as files write them.
package enum QuantityText {
  /// What CEL's duration holds at most.
  private static let secondsMax: Int64 = 315_576_000_000

  private static let units: [(name: String, microseconds: Int64)] = [
    ("ms", 1000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000),
    ("d", 86_400_000_000),
  ]

  private static let sizes: [(name: String, bytes: Int)] = [
    ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1),
  ]

  /// A D in microseconds (`500ms 5s 10m 8h 2d`); nil if it is none or does not fit CEL's duration.
  package static func microseconds(_ text: String) -> Int64? {
    guard let (count, unit) = split(text),
      let scale = units.first(where: { $0.name.utf8.elementsEqual(unit.utf8) })?.microseconds
    else { return nil }
    let product = count.multipliedReportingOverflow(by: scale)
    guard !product.overflow, product.partialValue <= secondsMax * 1_000_000 else {
      return nil
    }
    return product.partialValue
  }

  /// A D as a value of CEL.
  package static func timeSpan(_ text: String) -> TimeSpan? {
    microseconds(text).map {
      TimeSpan(seconds: $0 / 1_000_000, nanoseconds: Int32($0 % 1_000_000) * 1000)
    }
  }

  /// A SIZE in bytes (`64KiB`).
  package static func bytes(_ text: String) -> Int? {
    guard let (count, unit) = split(text),
      let scale = sizes.first(where: { $0.name.utf8.elementsEqual(unit.utf8) })?.bytes
    else { return nil }
    let product = Int(count).multipliedReportingOverflow(by: scale)
    return product.overflow ? nil : product.partialValue
  }

  /// `D..D`, both ends in microseconds.
  package static func microsecondsRange(_ text: String) -> (low: Int64, high: Int64)? {
    guard let (low, high) = ends(of: text), let first = microseconds(low),
      let last = microseconds(high), first <= last
    else { return nil }
    return (first, last)
  }

  /// The two texts around the one `..`, without spaces around them.
  package static func ends(of text: String) -> (low: String, high: String)? {
    let scalars = Array(text.unicodeScalars)
    guard scalars.count >= 4 else { return nil }
    for index in 1..<(scalars.count - 2)
    where scalars[index] == "." && scalars[index + 1] == "." {
      let low = scalars[..<index]
      let high = scalars[(index + 2)...]
      return (string(trimming: low), string(trimming: high))
    }
    return nil
  }

  private static func string(trimming scalars: ArraySlice<Unicode.Scalar>) -> String {
    var rest = scalars
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: rest)
    return String(view)
  }

  private static func split(_ text: String) -> (count: Int64, unit: String)? {
    let digits = text.utf8.prefix { (48...57).contains($0) }
    guard !digits.isEmpty, digits.count <= 18, let count = Int64(String(digits) ?? "") else {
      return nil
    }
    let unit = text.utf8.dropFirst(digits.count)
    return String(unit).map { (count, $0) }
  }
}
