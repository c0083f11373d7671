extension Double {
  /// A decimal number, with or without exponent, or `NaN`, `Inf`, `Infinity` in any case; nil also
  /// if it is too great.
  init?(celText text: String) {
    var scanner = TextScanner(text)
    let isNegative = scanner.take("-")
    if !isNegative { _ = scanner.take("+") }
    let rest = String(decoding: scanner.bytes(while: { _ in true }), as: UTF8.self)
    switch rest.lowercased() {
    case "nan": self = .nan
    case "inf", "infinity": self = isNegative ? -.infinity : .infinity
    default:
      guard let first = rest.utf8.first, first == UInt8(ascii: ".") || Self.isDigit(first),
        rest.utf8.allSatisfy(Self.isOfDecimal),
        let double = Double(first == UInt8(ascii: ".") ? "0" + rest : rest), double.isFinite
      else { return nil }
      self = isNegative ? -double : double
    }
  }

  /// The shortest decimal that reads back as the same double: `1`, `0.5`, `1e+21`, `1.5e-07`.
  var celText: String {
    if isNaN { return "NaN" }
    if isInfinite { return self < 0 ? "-Inf" : "+Inf" }
    let sign = sign == .minus ? "-" : ""
    let (digits, exponent) = magnitude.shortestDigits
    if exponent < -3 || exponent > 21 {
      let tail = digits.count > 1 ? "." + digits.dropFirst() : ""
      let power = exponent - 1
      return "\(sign)\(digits.prefix(1))\(tail)e\(power < 0 ? "-" : "+")"
        + padded(Int64(power.magnitude), 2)
    }
    if exponent <= 0 { return "\(sign)0.\(String(repeating: "0", count: -exponent))\(digits)" }
    if digits.count <= exponent {
      return sign + digits + String(repeating: "0", count: exponent - digits.count)
    }
    return "\(sign)\(digits.prefix(exponent)).\(digits.dropFirst(exponent))"
  }

  /// Significant digits d and an exponent e, so that the number is 0.d * 10^e; `0`, 1 for zero.
  var shortestDigits: (digits: String, exponent: Int) {
    let parts = description.split(separator: "e")
    let number = parts[0].split(separator: ".")
    let whole = number[0]
    let fraction = number.count > 1 && number[1] != "0" ? number[1] : ""
    var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + whole.utf8.count
    var digits = whole + fraction
    while digits.utf8.count > 1, digits.utf8.first == UInt8(ascii: "0") {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.utf8.count > 1, digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
    return (String(digits), digits == "0" ? 1 : exponent)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private static func isOfDecimal(_ byte: UInt8) -> Bool {
    isDigit(byte)
      || [
        UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"),
        UInt8(ascii: "-"),
      ].contains(byte)
  }
}
