/// The library `encoders` of CEL's extensions: base64 of RFC 4648 §4.
enum EncoderFunctions {
  static let declarations: [String: [FunctionDeclaration.Overload]] = [
    "base64.encode": [.init([.bytes], .string)],
    "base64.decode": [.init([.string], .bytes)],
  ]

  /// Nil if there is no such function.
  static func implementation(of name: String) -> StandardFunctions.Implementation? {
    switch name {
    case "base64.encode": encode
    case "base64.decode": decode
    default: nil
    }
  }

  private static let encode: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 1, case .bytes(let bytes) = arguments[0] else {
      throw site.noOverload(arguments)
    }
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      bits <<= UInt32(8 * (3 - group.count))
      for index in 0...group.count {
        text.append(alphabet[Int(bits >> UInt32(18 - 6 * index)) & 63])
      }
      text += Array(repeating: UInt8(ascii: "="), count: 3 - group.count)
    }
    return .string(String(decoding: text, as: UTF8.self))
  }

  /// The padding may be missing, but not be wrong.
  private static let decode: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 1, case .string(let text) = arguments[0] else {
      throw site.noOverload(arguments)
    }
    guard let bytes = bytes(of: Array(text.utf8)) else {
      throw site.error(.invalidArgument, "The text is no base64.")
    }
    return .bytes(bytes)
  }

  private static func bytes(of text: [UInt8]) -> [UInt8]? {
    var digits = text[...]
    while digits.last == UInt8(ascii: "=") { digits.removeLast() }
    let padding = text.count - digits.count
    guard digits.count % 4 != 1, padding == 0 || (padding <= 2 && text.count % 4 == 0) else {
      return nil
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 4 * 3 + 2)
    var bits: UInt32 = 0
    var count = 0
    for digit in digits {
      guard let value = value(of: digit) else { return nil }
      bits = bits << 6 | value
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
    return bytes
  }

  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static func value(of digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
