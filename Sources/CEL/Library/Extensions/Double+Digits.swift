/// Decimal texts of doubles with a given number of digits, rounded from the exact value, half to
/// even; the standard library writes the shortest text only.
extension Double {
  /// The shortest decimal that reads back as the same double, never with an exponent.
  var plainText: String {
    guard isFinite else { return wordText }
    let (digits, exponent) = magnitude.shortestDigits
    let sign = sign == .minus ? "-" : ""
    if exponent <= 0 {
      return "\(sign)0.\(String(repeating: "0", count: -exponent))\(digits)"
    }
    if digits.utf8.count <= exponent {
      return sign + digits + String(repeating: "0", count: exponent - digits.utf8.count)
    }
    return "\(sign)\(digits.prefix(exponent)).\(digits.dropFirst(exponent))"
  }

  /// `-12.340000`: so many digits after the point.
  func fixedText(_ precision: Int) -> String {
    guard isFinite else { return wordText }
    var decimal = ExactDecimal(magnitude)
    decimal.round(fractionDigits: precision)
    let whole = decimal.whole.isEmpty ? "0" : decimal.whole.digitText
    let fraction = precision == 0 ? "" : "." + decimal.fraction(count: precision).digitText
    return (sign == .minus ? "-" : "") + whole + fraction
  }

  /// `-1.234000e+01`: one digit before the point, so many after it, at least two of the exponent.
  func scientificText(_ precision: Int) -> String {
    guard isFinite else { return wordText }
    var decimal = ExactDecimal(magnitude)
    var exponent = decimal.exponent
    decimal.round(fractionDigits: precision - exponent)
    // Rounding up may have carried into a new digit: 9.99 to 10.0.
    exponent = self == 0 ? 0 : decimal.exponent
    let digits = decimal.significantDigits(count: precision + 1)
    let fraction = precision == 0 ? "" : "." + digits.dropFirst().digitText
    let power = padded(Int64(exponent.magnitude), 2)
    return (sign == .minus ? "-" : "") + digits.prefix(1).digitText + fraction
      + "e\(exponent < 0 ? "-" : "+")" + power
  }

  private var wordText: String { isNaN ? "NaN" : self < 0 ? "-Infinity" : "Infinity" }
}

/// All the decimal digits of a double that is not negative; there are at most 309 before the point
/// and 1,074 after it.
private struct ExactDecimal {
  /// Without leading zeros; empty for 0.
  private(set) var whole: [UInt8]
  /// Without trailing zeros.
  private var fraction: [UInt8]

  init(_ value: Double) {
    whole = []
    fraction = []
    guard value > 0 else { return }
    let exponent = value.isNormal ? Int(value.exponent) : -1_022
    var significand = value.significandBitPattern
    if value.isNormal { significand |= 1 << 52 }
    // The value is significand * 2 ^ (exponent - 52).
    var number = DecimalLimbs(significand)
    let shift = exponent - 52
    if shift >= 0 {
      number.multiply(byPowerOf: 2, shift)
      whole = number.digits
    } else {
      // Dividing by 2 ^ n is multiplying by 5 ^ n and moving the point n places.
      number.multiply(byPowerOf: 5, -shift)
      let digits = number.digits
      let point = digits.count + shift
      if point > 0 {
        whole = Array(digits[..<point])
        fraction = Array(digits[point...])
      } else {
        fraction = Array(repeating: 0, count: -point) + digits
      }
      while fraction.last == 0 { fraction.removeLast() }
    }
  }

  /// Of the first digit that is not 0: 0 for units, 1 for tens, -1 for tenths; 0 for zero.
  var exponent: Int {
    if !whole.isEmpty { return whole.count - 1 }
    return fraction.firstIndex { $0 != 0 }.map { -1 - $0 } ?? 0
  }

  /// Leaves so many digits after the point; negative: so many zeros before it.
  mutating func round(fractionDigits: Int) {
    let kept = whole.count + fractionDigits
    let digits = whole + fraction
    guard kept < digits.count else { return }
    guard kept >= 0 else {
      whole = []
      fraction = []
      return
    }
    var result = Array(digits[..<kept])
    let rest = digits[kept...]
    let isHalf = rest.first == 5 && rest.dropFirst().allSatisfy { $0 == 0 }
    let isUp = isHalf ? (result.last ?? 0) % 2 == 1 : (rest.first ?? 0) >= 5
    var carried = false
    if isUp {
      var index = kept - 1
      while index >= 0, result[index] == 9 {
        result[index] = 0
        index -= 1
      }
      if index >= 0 {
        result[index] += 1
      } else {
        result.insert(1, at: 0)
        carried = true
      }
    }
    let count = whole.count + (carried ? 1 : 0)
    if result.count < count {
      result += Array(repeating: 0, count: count - result.count)
    }
    whole = Array(result[..<count])
    fraction = Array(result[count...])
    while whole.first == 0 { whole.removeFirst() }
  }

  /// So many digits after the point.
  func fraction(count: Int) -> [UInt8] {
    Array(fraction.prefix(count))
      + Array(repeating: 0, count: max(0, count - fraction.count))
  }

  /// So many digits from the first that is not 0.
  func significantDigits(count: Int) -> [UInt8] {
    let digits = Array((whole + fraction).drop { $0 == 0 }.prefix(count))
    return digits + Array(repeating: 0, count: count - digits.count)
  }
}

/// An integer in limbs of nine decimal digits, the lowest first.
private struct DecimalLimbs {
  private var limbs: [UInt64] = []
  private static let base: UInt64 = 1_000_000_000

  init(_ number: UInt64) {
    var rest = number
    while rest > 0 {
      limbs.append(rest % Self.base)
      rest /= Self.base
    }
  }

  /// Twelve powers at a time: 5 ^ 12 times a limb fits in 64 bits.
  mutating func multiply(byPowerOf factor: UInt64, _ count: Int) {
    var left = count
    while left > 0 {
      var product: UInt64 = 1
      for _ in 0..<min(left, 12) { product *= factor }
      multiply(by: product)
      left -= 12
    }
  }

  private mutating func multiply(by factor: UInt64) {
    var carry: UInt64 = 0
    for index in limbs.indices {
      let product = limbs[index] * factor + carry
      limbs[index] = product % Self.base
      carry = product / Self.base
    }
    if carry > 0 { limbs.append(carry) }
  }

  /// 0 to 9, the highest first, without leading zeros.
  var digits: [UInt8] {
    var digits: [UInt8] = []
    for limb in limbs {
      var rest = limb
      for _ in 0..<9 {
        digits.append(UInt8(rest % 10))
        rest /= 10
      }
    }
    while digits.last == 0 { digits.removeLast() }
    return digits.reversed()
  }
}

extension Sequence<UInt8> {
  /// Digits 0 to 9 as text.
  fileprivate var digitText: String { String(decoding: map { $0 + 0x30 }, as: UTF8.self) }
}
