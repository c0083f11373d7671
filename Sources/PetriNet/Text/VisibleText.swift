/// Text from outside made safe to show: a terminal is a screen that an attacker can write on.
package enum VisibleText {
  /// `text` with control, bidirectional, zero-width and other format characters as `\u{202e}`.
  package static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isHidden) else { return text }
    var output = ""
    for scalar in text.unicodeScalars {
      if isHidden(scalar) {
        output += escape(scalar)
      } else {
        output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  /// Whether a scalar is shown as an escape: Cc, Cf, Zl, Zp, variation selectors, surrogates of
  /// tags and whatever else takes no room.
  package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7F { return scalar.value < 0x20 }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse,
      .surrogate:
      return true
    default:
      return scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  /// `\u{202e}`.
  package static func escape(_ scalar: Unicode.Scalar) -> String {
    "\\u{" + String(scalar.value, radix: 16) + "}"
  }
}
