/// Reads ASCII text from left to right; each step answers nil and moves nothing if it does not fit.
struct TextScanner {
  private let bytes: [UInt8]
  private(set) var offset = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { offset == bytes.count }
  var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  /// Whether the text goes on with these bytes; they are then behind.
  mutating func take(_ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard offset + length <= bytes.count else { return false }
    for index in 0..<length where bytes[offset + index] != text.utf8Start[index] { return false }
    offset += length
    return true
  }

  /// Exactly so many digits.
  mutating func digits(_ count: Int) -> Int64? {
    guard offset + count <= bytes.count else { return nil }
    var number: Int64 = 0
    for byte in bytes[offset..<offset + count] {
      guard let digit = Self.digit(byte) else { return nil }
      number = number * 10 + digit
    }
    offset += count
    return number
  }

  /// All the digits there are, at least one; nil if they exceed 64 bits.
  mutating func number() -> Int64? {
    var number: Int64 = 0
    let start = offset
    while let byte = peek, let digit = Self.digit(byte) {
      let (product, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(digit)
      guard !overflow, !carry else { return nil }
      number = sum
      offset += 1
    }
    return offset > start ? number : nil
  }

  /// Digits after a point as billionths; those beyond the ninth are dropped.
  mutating func billionths() -> Int64? {
    var value: Int64 = 0
    var count = 0
    while let byte = peek, let digit = Self.digit(byte) {
      if count < 9 { value = value * 10 + digit }
      count += 1
      offset += 1
    }
    guard count > 0 else { return nil }
    for _ in min(count, 9)..<9 { value *= 10 }
    return value
  }

  /// Bytes up to the first that does not fit, possibly none.
  mutating func bytes(while fits: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    let start = offset
    while let byte = peek, fits(byte) { offset += 1 }
    return bytes[start..<offset]
  }

  private static func digit(_ byte: UInt8) -> Int64? {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
      ? Int64(byte - UInt8(ascii: "0")) : nil
  }
}

/// The number in decimal, with zeros before it up to `width` digits.
func padded(_ number: Int64, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

/// `.5` as `.500`: no, three, six or nine digits, as protobuf's JSON writes them.
func fractionText(_ nanoseconds: Int32) -> String {
  let value = Int64(nanoseconds.magnitude)
  if value == 0 { return "" }
  if value % 1_000_000 == 0 { return "." + padded(value / 1_000_000, 3) }
  if value % 1_000 == 0 { return "." + padded(value / 1_000, 6) }
  return "." + padded(value, 9)
}
