/// Doubles as the log spells them: the shortest digits that read back, laid out as RFC 8785 does,
/// with `.0` behind what looks like an integer.
package enum DoubleText {
  package static func text(_ number: Double) -> String {
    var output: [UInt8] = []
    append(number, to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  /// NaN and the infinities, which tokens do not admit, get their reserved spellings.
  static func append(_ number: Double, to output: inout [UInt8]) {
    guard number.isFinite else {
      let word = number.isNaN ? "\"NaN\"" : number < 0 ? "\"-Infinity\"" : "\"Infinity\""
      output.append(contentsOf: word.utf8)
      return
    }
    if number.sign == .minus { output.append(UInt8(ascii: "-")) }
    guard number != 0 else {
      output.append(contentsOf: "0.0".utf8)
      return
    }
    let (digits, point) = shortest(number.magnitude)
    layOut(digits, point, to: &output)
  }

  /// Digits without leading or trailing zeros, and where the point stands behind the first digit's
  /// left edge: the number is 0.digits × 10^point.
  private static func shortest(_ number: Double) -> (digits: [UInt8], point: Int) {
    var digits: [UInt8] = []
    var exponent = 0
    var point: Int?
    var text = number.description.utf8[...]
    if let mark = text.firstIndex(of: UInt8(ascii: "e")) {
      exponent = Int(String(Substring(text[text.index(after: mark)...]))) ?? 0
      text = text[..<mark]
    }
    for byte in text {
      if byte == UInt8(ascii: ".") { point = digits.count } else { digits.append(byte) }
    }
    var place = (point ?? digits.count) + exponent
    let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
    digits.removeFirst(zeros)
    place -= zeros
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    return (digits, place)
  }

  /// ECMAScript's Number::toString, steps 5 to 12, and `.0`.
  private static func layOut(_ digits: [UInt8], _ point: Int, to output: inout [UInt8]) {
    let zero = UInt8(ascii: "0")
    let dot = UInt8(ascii: ".")
    if point >= digits.count && point <= 21 {
      output.append(contentsOf: digits)
      output.append(contentsOf: repeatElement(zero, count: point - digits.count))
      output.append(contentsOf: [dot, zero])
    } else if point > 0 && point <= 21 {
      output.append(contentsOf: digits[..<point])
      output.append(dot)
      output.append(contentsOf: digits[point...])
    } else if point > -6 && point <= 0 {
      output.append(contentsOf: [zero, dot])
      output.append(contentsOf: repeatElement(zero, count: -point))
      output.append(contentsOf: digits)
    } else {
      output.append(digits[0])
      if digits.count > 1 {
        output.append(dot)
        output.append(contentsOf: digits[1...])
      }
      output.append(UInt8(ascii: "e"))
      output.append(UInt8(ascii: point < 1 ? "-" : "+"))
      output.append(contentsOf: String((point - 1).magnitude).utf8)
    }
  }
}
