import Engine
import PetriNet

/// Names and identifiers as paths and bodies spell them: `c1071`, `f1092`, `t1130`, `i1200`,
/// tokens `1090.0`.
enum APIName {
  static func text(_ id: CaseID) -> String { "c\(id.seq.number)" }
  static func text(_ id: FiringID) -> String { "f\(id.seq.number)" }
  static func text(_ id: TaskID) -> String { "t\(id.seq.number)" }
  static func text(_ id: IncidentID) -> String { "i\(id.seq.number)" }
  static func text(_ id: TokenID) -> String { "\(id.seq.number).\(id.index)" }

  static func caseID(_ text: String) -> CaseID? { seq(text, "c").map { CaseID($0) } }
  static func firingID(_ text: String) -> FiringID? { seq(text, "f").map { FiringID($0) } }
  static func taskID(_ text: String) -> TaskID? { seq(text, "t").map { TaskID($0) } }
  static func incidentID(_ text: String) -> IncidentID? { seq(text, "i").map { IncidentID($0) } }

  static func tokenID(_ text: String) -> TokenID? {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 2, let seq = number(parts[0]), seq > 0,
      let index = number(parts[1]).flatMap({ Int32(exactly: $0) })
    else { return nil }
    return TokenID(Seq(seq), index)
  }

  private static func seq(_ text: String, _ letter: Unicode.Scalar) -> Seq? {
    guard text.utf8.first == UInt8(ascii: letter), let number = number(text.utf8.dropFirst()),
      number > 0
    else { return nil }
    return Seq(number)
  }

  /// Digits without a leading zero, so that an identifier has one spelling.
  static func number(_ digits: Substring.UTF8View) -> Int64? {
    guard let first = digits.first, digits.count <= 19,
      digits.allSatisfy({ (48...57).contains($0) }), first != 48 || digits.count == 1
    else { return nil }
    return Int64(Substring(digits))
  }

  /// A segment of a path as the name it spells: percent-decoded UTF-8, brought to NFC.
  ///
  /// The one place where names of paths become names; they are compared byte for byte behind it.
  static func decoded(_ segment: some StringProtocol) -> String? {
    guard let bytes = percentDecoded(segment.utf8), !bytes.contains(0),
      let text = String(validating: bytes, as: UTF8.self)
    else { return nil }
    return text.inFormC
  }

  /// A name as a segment of a path.
  static func encoded(_ name: String) -> String {
    var text = ""
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let hex = String(byte, radix: 16, uppercase: true)
        text += byte < 16 ? "%0\(hex)" : "%\(hex)"
      }
    }
    return text
  }

  /// The bytes behind percent signs; nil where one is not followed by two hexadecimal digits.
  static func percentDecoded(_ bytes: some Sequence<UInt8>) -> [UInt8]? {
    var output: [UInt8] = []
    var iterator = bytes.makeIterator()
    while let byte = iterator.next() {
      guard byte == UInt8(ascii: "%") else {
        output.append(byte)
        continue
      }
      guard let high = iterator.next().flatMap(hexDigit),
        let low = iterator.next().flatMap(hexDigit)
      else { return nil }
      output.append(high << 4 | low)
    }
    return output
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
