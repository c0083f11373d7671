@_spi(_Unicode) import Swift

/// Which scalars make a name: Unicode's XID properties and `_`.
enum Identifier {
  static func mayStart(with scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar == "_" || isLetter(scalar) }
    return scalar.properties.isXIDStart
  }

  static func mayContinue(with scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar == "_" || isLetter(scalar) || isDigit(scalar) }
    return scalar.properties.isXIDContinue
  }

  static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar >= "0" && scalar <= "9" }

  /// The form in which names are compared: NFC.
  static func normalized(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    let isASCII = scalars.allSatisfy(\.isASCII)
    return isASCII
      ? String(decoding: scalars.map { UInt8(truncatingIfNeeded: $0.value) }, as: UTF8.self)
      : String(String.UnicodeScalarView(scalars)).normalizedName
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    (scalar >= "a" && scalar <= "z") || (scalar >= "A" && scalar <= "Z")
  }
}

extension String {
  /// Unicode's normalization form C, in which all names are kept.
  package var normalizedName: String {
    var scalars = UnicodeScalarView()
    for scalar in _nfc { scalars.append(scalar) }
    return String(scalars)
  }
}
